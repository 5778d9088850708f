import type { createStore } from "#web/state/jotai.ts"
import { focusSoon } from "#web/ui/focus-soon.ts"
import { sideAtom } from "../atoms.ts"

/** Opens the search in the flow, with the keyboard in its field. */
export function openFind(store: ReturnType<typeof createStore>): void {
  store.set(sideAtom, "find")
  focusSoon(() => {
    const field = document.querySelector<HTMLInputElement>("[data-find]")
    field?.select()
    return field !== null
  })
}
