import type { createStore } from "#web/state/jotai.ts"
import { focusSoon } from "#web/ui/focus-soon.ts"
import { sideAtom } from "../atoms.ts"

/** Opens the builder in words, with the keyboard in its field. */
export function openBuilder(store: ReturnType<typeof createStore>): void {
  store.set(sideAtom, "builder")
  focusSoon(() => {
    const field = document.querySelector<HTMLElement>("[data-builder]")
    field?.focus()
    return field !== null
  })
}
