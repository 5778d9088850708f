import { freeName } from "./names.ts"

/** Fields of kinds whose entries are routes out of the node. */
export type RouteList = "branches" | "classes" | "buttons"

/** "Ask again…" becomes `ask_again`; null when nothing of the label can stand in a name. */
export function idFromLabel(label: string, taken: ReadonlySet<string>): string | null {
  const stem = label
    .normalize("NFKD")
    .replaceAll(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "")
    .slice(0, 40)
  const name = /^\d/.test(stem) ? `_${stem}` : stem
  return name === "" ? null : freeName(name, taken)
}
