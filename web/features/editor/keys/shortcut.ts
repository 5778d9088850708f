import type { ReactFlowInstance } from "@xyflow/react"
import type { createStore } from "#web/state/jotai.ts"
import type { Editor } from "../editor-context.ts"

/** What a shortcut works with. */
export type Keyboard = {
  editor: Editor
  store: ReturnType<typeof createStore>
  flow: Pick<ReactFlowInstance, "fitView" | "zoomIn" | "zoomOut" | "zoomTo" | "getViewport" | "setViewport">
  /** The node that has the focus, where one has. */
  focused: string | null
  /** Whether a control has the focus, which takes some keys for itself: a button Enter, a tab the arrows. */
  isOnControl: boolean
}

/** Keys that do something in the editor: one row of the sheet. */
export type Shortcut = {
  /** Each as `comboOf` writes it. */
  keys: readonly string[]
  does: string
  /** Whether it changes the flow. */
  edits?: boolean
  /** False when there was nothing to do: the key then keeps its own meaning. Absent where another part of the page has it. */
  run?: (keyboard: Keyboard, combo: string) => boolean
  /** Keys that do the same and need no words. */
  also?: readonly string[]
}
