import { isFrame } from "#web/flow/geometry.ts"
import { foldedAtom, nothing, selectionAtom } from "../atoms.ts"
import type { Desk } from "./desk.ts"

/** Folding frames to look past them. It is no change of the flow: it is not undone, and others do not see it. */
export function foldingCommands({ store, draft, selection }: Desk) {
  const set = (ids: readonly string[], isFolded: boolean) => {
    const folded = new Set(store.get(foldedAtom))
    for (const id of ids) {
      if (isFolded) folded.add(id)
      else folded.delete(id)
    }
    store.set(foldedAtom, folded)
  }
  return {
    fold(id: string, isFolded: boolean): void {
      set([id], isFolded)
      // Nobody acts on what they do not see.
      if (isFolded && !selection().nodes.has(id)) store.set(selectionAtom, nothing)
    },
    /** Folds the selected frames, or opens them when all are folded; null when no frame is selected. */
    foldSelected(): "folded" | "opened" | null {
      const chosen = draft()
        .nodes.filter((node) => selection().nodes.has(node.id) && isFrame(node))
        .map(({ id }) => id)
      if (chosen.length === 0) return null
      const isOpening = chosen.every((id) => store.get(foldedAtom).has(id))
      set(chosen, !isOpening)
      return isOpening ? "opened" : "folded"
    },
    /** Folds all groups, or opens everything when something is folded. */
    foldAll(): void {
      const groups = draft().nodes.filter((node) => node.type === "group")
      if (store.get(foldedAtom).size > 0) store.set(foldedAtom, new Set())
      else
        set(
          groups.map(({ id }) => id),
          true,
        )
    },
  }
}
