const reserved = new Set(["__proto__", "constructor", "prototype"])

/** `draft`, or `draft_2`, `draft_3`… when it is taken. A number at the end of the name counts on. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted) && !reserved.has(wanted)) return wanted
  const stem = wanted.replace(/_\d+$/, "").slice(0, 58)
  for (let n = 2; ; n++) {
    const name = `${stem}_${n}`
    if (!taken.has(name)) return name
  }
}
