import type { FlowDraft } from "#core/contract/flows"
import type { createStore } from "#web/state/jotai.ts"
import { draftAtom, historyAtom, selectionAtom } from "../atoms.ts"
import { change } from "../model/history.ts"

export type Store = ReturnType<typeof createStore>
export type Desk = ReturnType<typeof deskOf>

/** What all commands work on: the draft, the selection, and the one way to change the draft. */
export function deskOf(store: Store) {
  return {
    store,
    draft: () => store.get(draftAtom),
    selection: () => store.get(selectionAtom),
    select: (nodes: Iterable<string>, edges: Iterable<string> = []): void => {
      store.set(selectionAtom, { nodes: new Set(nodes), edges: new Set(edges) })
    },
    /** A new draft is one step; those that follow soon with the same tag join it. */
    apply: (next: FlowDraft, tag?: string): void => {
      const about = { at: performance.now(), ...(tag === undefined ? {} : { tag }) }
      store.set(historyAtom, change(store.get(historyAtom), next, about))
    },
  }
}
