import type { createStore } from "#web/state/jotai.ts"
import { addedAtom } from "../atoms.ts"

const mostFrames = 30

const elementOf = (id: string): HTMLElement | null =>
  document.querySelector(`.react-flow__node[data-id="${CSS.escape(id)}"]`)

/** Puts the keyboard on a node, and the node into sight. What is out of sight is not drawn, so it may take some frames. */
export function goToNode(store: ReturnType<typeof createStore>, id: string): void {
  store.set(addedAtom, { id })
  const look = (left: number) => {
    const element = elementOf(id)
    if (element) element.focus({ preventScroll: true })
    else if (left > 0) requestAnimationFrame(() => look(left - 1))
  }
  look(mostFrames)
}
