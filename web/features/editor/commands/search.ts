import { pinsAtom } from "../atoms.ts"
import type { Replaced } from "../model/search.ts"
import type { Desk } from "./desk.ts"

export const searchCommands = ({ store, draft, selection, select, apply }: Desk) => ({
  /** Words were replaced, as one step; what is pinned and selected follows the nodes that got another name. False when nothing changed. */
  takeReplaced({ draft: next, renamed }: Replaced): boolean {
    if (next === draft()) return false
    const chosen = [...selection().nodes].map((id) => renamed.get(id) ?? id)
    apply(next)
    if (renamed.size === 0) return true
    const pins = Object.entries(store.get(pinsAtom)).map(([id, pin]) => [renamed.get(id) ?? id, pin])
    store.set(pinsAtom, Object.fromEntries(pins))
    select(chosen)
    return true
  },
})
