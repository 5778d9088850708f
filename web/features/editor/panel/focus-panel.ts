import type { createStore } from "#web/state/jotai.ts"
import { focusSoon } from "#web/ui/focus-soon.ts"
import { editingAtom, sideAtom } from "../atoms.ts"

/** Puts the keyboard into the panel's first field, once the panel shows what was chosen. */
export function focusPanel(): void {
  focusSoon(() => {
    const panel = document.querySelector("[data-panel]")
    const fields = ":is(input, textarea, select, button[role=switch]):not(:disabled)"
    panel?.querySelector<HTMLElement>(fields)?.focus()
    return panel !== null
  })
}

/** Brings the panel of what is selected, where it waits to be asked for, and puts the keyboard into it. */
export function openPanel(store: ReturnType<typeof createStore>): void {
  store.set(sideAtom, "panel")
  store.set(editingAtom, true)
  focusPanel()
}
