/** "512 B", "3.4 KiB", "1 MiB". */
export function sayBytes(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`
  const [size, unit] = bytes < 1_048_576 ? [bytes / 1_024, "KiB"] : [bytes / 1_048_576, "MiB"]
  return `${Number(size.toFixed(1))} ${unit}`
}
