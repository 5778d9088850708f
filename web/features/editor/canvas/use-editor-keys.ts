import { useReactFlow } from "@xyflow/react"
import { useEffect } from "react"
import { useStore } from "#web/state/jotai.ts"
import { fitting, glide } from "#web/flow/zoom-controls.tsx"
import { isOverlayOpen, isTyping } from "#web/ui/keyboard.ts"
import { toast } from "#web/ui/toast.tsx"
import { nodesAtom, selectionAtom, shortcutsAtom, writingNoteAtom } from "../atoms.ts"
import { useEditor, type Editor } from "../editor-context.ts"
import { gridStep } from "../model/placement.ts"
import { sayNoGroup } from "./canvas-menu.ts"
import { focusPanel } from "../panel/focus-panel.ts"

const arrows: Record<string, { x: number; y: number }> = {
  ArrowLeft: { x: -gridStep, y: 0 },
  ArrowRight: { x: gridStep, y: 0 },
  ArrowUp: { x: 0, y: -gridStep },
  ArrowDown: { x: 0, y: gridStep },
}

const withMod: Record<string, (editor: Editor, shift: boolean) => void> = {
  z: ({ commands }, shift) => (shift ? commands.redo() : commands.undo()),
  y: ({ commands }) => commands.redo(),
  d: ({ commands }) => commands.duplicate(),
  g: ({ commands }, shift) => {
    if (shift) commands.unwrapSelected()
    else if (!commands.groupSelected()) toast.failed("", sayNoGroup)
  },
}

/** Whether a key is meant for a control that has it for itself: a button takes Enter, a tab the arrows. */
const isOnControl = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest("button, a, [role=tab], [role=menuitem], [role=option], [role=slider]") !== null

const nodeUnder = (target: EventTarget | null): string | null =>
  target instanceof Element ? (target.closest(".react-flow__node")?.getAttribute("data-id") ?? null) : null

/** The keyboard of the editor. Fields keep their own keys, except for saving. */
export function useEditorKeys(): void {
  const editor = useEditor()
  const store = useStore()
  const flow = useReactFlow()
  useEffect(() => {
    const { commands, mayEdit, autosave } = editor

    const isNote = (ids: string[]): boolean =>
      ids.length === 1 && store.get(nodesAtom).some((node) => node.id === ids[0] && node.type === "note")
    const writeIn = (id: string) => store.set(writingNoteAtom, id)
    const onModKey = (event: KeyboardEvent): boolean => {
      const key = event.key.toLowerCase()
      if (key === "a") commands.selectAll()
      else if (mayEdit && withMod[key]) withMod[key](editor, event.shiftKey)
      else return false
      return true
    }
    const onPlainKey = (event: KeyboardEvent): boolean => {
      const { nodes, edges } = store.get(selectionAtom)
      const step = arrows[event.key]
      const focused = nodeUnder(event.target)
      if (step && mayEdit && nodes.size > 0 && !isOnControl(event.target)) {
        const far = event.shiftKey ? 5 : 1
        commands.nudge({ x: step.x * far, y: step.y * far })
      } else if ((event.key === "Enter" || event.key === " ") && focused !== null) {
        commands.select(event.shiftKey ? [...nodes, focused] : [focused])
        if (event.key === "Enter") focusPanel()
      } else if (event.key === "Enter" && nodes.size === 1 && !isOnControl(event.target)) focusPanel()
      else if (event.key === "Escape") commands.clearSelection()
      else if (event.key === "F2" && mayEdit && isNote([...nodes])) writeIn([...nodes][0]!)
      else if (event.key === "?") store.set(shortcutsAtom, true)
      else if (
        (event.key === "Delete" || event.key === "Backspace") &&
        mayEdit &&
        nodes.size + edges.size > 0
      )
        commands.removeSelected()
      else if (event.key === "!" || (event.shiftKey && event.code === "Digit1"))
        void flow.fitView({ ...fitting, ...glide() })
      else if (event.key === "+" || event.key === "=") void flow.zoomIn(glide())
      else if (event.key === "-") void flow.zoomOut(glide())
      else return false
      return true
    }
    const onKey = (event: KeyboardEvent) => {
      const mod = event.metaKey || event.ctrlKey
      if (mod && event.key.toLowerCase() === "s") {
        event.preventDefault()
        void autosave.flush()
        return
      }
      if (isTyping(event.target) || isOverlayOpen() || event.altKey) return
      if (mod ? onModKey(event) : onPlainKey(event)) event.preventDefault()
    }

    document.addEventListener("keydown", onKey)
    return () => document.removeEventListener("keydown", onKey)
  }, [editor, store, flow])
}
