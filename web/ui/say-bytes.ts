/** "512 B", "3.4 KiB", "1 MiB". */
export function sayBytes(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`
  const [size, unit] = bytes < 1_048_576 ? [bytes / 1_024, "KiB"] : [bytes / 1_048_576, "MiB"]
  return `${Number(size.toFixed(1))} ${unit}`
}

const sizes = [
  ["byte", 1],
  ["kilobyte", 1e3],
  ["megabyte", 1e6],
  ["gigabyte", 1e9],
  ["terabyte", 1e12],
] as const

/** "512 byte", "3.4 kB", "10 GB": what is stored and limited, in the units in which limits are set. */
export function saySize(bytes: number): string {
  const [unit, size] = sizes.findLast(([, one]) => bytes >= one) ?? sizes[0]
  return new Intl.NumberFormat("en", { style: "unit", unit, maximumFractionDigits: 1 }).format(bytes / size)
}
