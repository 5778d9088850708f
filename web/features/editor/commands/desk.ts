import type { FlowDraft } from "#core/contract/flows"
import type { createStore } from "#web/state/jotai.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { draftAtom, editingAtom, foldedAtom, selectionAtom } from "../atoms.ts"
import type { LiveDraft } from "../live/live-draft.ts"

export type Store = ReturnType<typeof createStore>
export type Desk = ReturnType<typeof deskOf>

/** What all commands work on: the draft, the selection, and the one way to change the draft. */
export function deskOf(store: Store, live: LiveDraft) {
  return {
    store,
    draft: () => live.now(),
    selection: () => store.get(selectionAtom),
    select: (nodes: Iterable<string>, edges: Iterable<string> = []): void => {
      const chosen = new Set(nodes)
      unfoldAround(store, chosen)
      store.set(editingAtom, false)
      store.set(selectionAtom, { nodes: chosen, edges: new Set(edges) })
    },
    /** A new draft is one step; those that follow soon with the same tag join it. */
    apply: (next: FlowDraft, tag?: string): void => live.change(next, tag),
    live,
  }
}

/** Opens the folded frames around the one node that is gone to: it is to be seen. */
function unfoldAround(store: Store, chosen: ReadonlySet<string>): void {
  const folded = store.get(foldedAtom)
  const [only] = chosen
  if (folded.size === 0 || chosen.size !== 1) return
  const around = nestingOf(store.get(draftAtom).nodes).around(only!)
  if (!around.some(({ id }) => folded.has(id))) return
  store.set(foldedAtom, new Set([...folded].filter((id) => !around.some((frame) => frame.id === id))))
}
