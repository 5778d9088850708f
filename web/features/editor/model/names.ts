const reserved = new Set(["__proto__", "constructor", "prototype"])

/** What tells this window's names from others' while it cannot hear of them; undefined while it can. */
let apart: string | undefined

/** What is added offline may meet the same name when it comes back: there the nodes of a window are called after it. */
export function nameApart(mark: string | undefined): void {
  apart = mark
}

/** A free name for a node. */
export const nodeName = (wanted: string, taken: ReadonlySet<string>): string =>
  freeName(apart === undefined ? wanted : `${wanted.replace(/_\d+$/, "").slice(0, 48)}_${apart}`, taken)

/** `draft`, or `draft_2`, `draft_3`… when it is taken. A number at the end of the name counts on. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted) && !reserved.has(wanted)) return wanted
  const stem = wanted.replace(/_\d+$/, "").slice(0, 58)
  for (let n = 2; ; n++) {
    const name = `${stem}_${n}`
    if (!taken.has(name)) return name
  }
}
