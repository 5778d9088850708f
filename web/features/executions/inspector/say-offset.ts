/** "+1.234 s" since the execution began: what one compares inside of it. */
export function sayOffset(at: string, began: string | undefined): string {
  if (began === undefined) return ""
  const ms = Math.max(0, Date.parse(at) - Date.parse(began))
  return `+${(ms / 1000).toFixed(3)} s`
}
