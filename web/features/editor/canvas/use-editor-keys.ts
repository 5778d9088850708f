import { useReactFlow } from "@xyflow/react"
import { useEffect } from "react"
import { useStore } from "#web/state/jotai.ts"
import { isOverlayOpen, isTyping } from "#web/ui/keyboard.ts"
import { selectionAtom, sideAtom } from "../atoms.ts"
import { openedThreadAtom } from "../comments/atoms.ts"
import { useEditor } from "../editor-context.ts"
import { comboOf } from "../keys/combo.ts"
import { goToNode } from "./go-to-node.ts"
import { press } from "../keys/shortcuts.ts"

/** Whether a key is meant for a control that has it for itself: a button takes Enter, a tab the arrows. */
const isOnControl = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest("button, a, [role=tab], [role=menuitem], [role=option], [role=slider]") !== null

const nodeUnder = (target: EventTarget | null): string | null =>
  target instanceof Element ? (target.closest(".react-flow__node")?.getAttribute("data-id") ?? null) : null

const isInPanel = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("[data-panel]") !== null

/** Whether a field has Escape for itself: an editor of code, an open list. A tooltip that goes with it has not. */
const isTakenThere = ({ target, defaultPrevented }: KeyboardEvent): boolean =>
  defaultPrevented &&
  target instanceof Element &&
  target.closest(".cm-editor, [aria-expanded=true], [aria-activedescendant]") !== null

/** From the panel back to the node, or the pin, that it is about. */
function leavePanel(store: ReturnType<typeof useStore>): void {
  const thread = store.get(openedThreadAtom)
  store.set(sideAtom, "panel")
  const pin = thread && document.querySelector<HTMLElement>(`[data-pin="${CSS.escape(thread.id)}"]`)
  if (pin) return pin.focus()
  const [selected] = store.get(selectionAtom).nodes
  if (selected === undefined) document.querySelector<HTMLElement>(".react-flow__node")?.focus()
  else goToNode(store, selected)
}

/** `g` and a letter lead to other pages: that letter is not ours. */
const leadsWithinMs = 1_200

/** The keyboard of the editor. Fields keep their own keys, except for saving. */
export function useEditorKeys(): void {
  const editor = useEditor()
  const store = useStore()
  const flow = useReactFlow()
  useEffect(() => {
    let ledAt = -Infinity
    const onKey = (event: KeyboardEvent) => {
      const combo = comboOf(event)
      if (combo === "mod+s") {
        event.preventDefault()
        void editor.live.flush()
        return
      }
      if (isOverlayOpen()) return
      if (combo === "esc" && isInPanel(event.target) && !isTakenThere(event)) {
        event.preventDefault()
        leavePanel(store)
        return
      }
      if (isTyping(event.target) && combo !== "mod+f") return
      const isLed = event.timeStamp - ledAt < leadsWithinMs
      ledAt = combo === "g" ? event.timeStamp : -Infinity
      if (isLed && combo.length === 1) return
      const { target } = event
      const keyboard = { editor, store, flow, focused: nodeUnder(target), isOnControl: isOnControl(target) }
      if (press(keyboard, combo)) event.preventDefault()
    }

    document.addEventListener("keydown", onKey)
    return () => document.removeEventListener("keydown", onKey)
  }, [editor, store, flow])
}
