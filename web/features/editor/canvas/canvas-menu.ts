import type { ReactFlowInstance } from "@xyflow/react"
import {
  ClipboardPaste,
  Copy,
  CopyPlus,
  Maximize,
  Pencil,
  SquareDashedMousePointer,
  Trash2,
} from "lucide-react"
import type { createStore } from "#web/state/jotai.ts"
import type { CanvasEdge, CanvasNode } from "#web/flow/canvas-elements.ts"
import { fitting, glide } from "#web/flow/zoom-controls.tsx"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { selectionAtom } from "../atoms.ts"
import type { Commands } from "../commands.ts"
import type { Point } from "#web/flow/geometry.ts"
import { focusPanel } from "../panel/focus-panel.ts"

type MenuSetting = {
  commands: Commands
  flow: ReactFlowInstance<CanvasNode, CanvasEdge>
  store: ReturnType<typeof createStore>
  mayEdit: boolean
  /** Where the menu was opened, on the canvas. */
  at: Point
  onNode: boolean
}

/** What the other mouse button offers on a node, on several, and beside them. */
export function canvasMenu({ commands, flow, store, mayEdit, at, onNode }: MenuSetting): MenuEntry[] {
  const count = store.get(selectionAtom).nodes.size
  const copy = () => {
    const text = commands.copied()
    if (text !== null) void navigator.clipboard.writeText(text)
  }
  const paste = async () => {
    commands.paste(await navigator.clipboard.readText(), at)
  }
  const view: MenuEntry[] = [
    { label: "Select all", icon: SquareDashedMousePointer, keys: "mod+a", onSelect: commands.selectAll },
    {
      label: "Fit the flow",
      icon: Maximize,
      keys: "shift+1",
      onSelect: () => void flow.fitView({ ...fitting, ...glide() }),
    },
  ]
  const pasting: MenuEntry = {
    label: "Paste here",
    icon: ClipboardPaste,
    keys: "mod+v",
    onSelect: () => void paste(),
  }
  if (!onNode) return mayEdit ? [pasting, "divider", ...view] : view
  const copying: MenuEntry = { label: "Copy", icon: Copy, keys: "mod+c", onSelect: copy }
  if (!mayEdit) return [copying]
  return [
    ...(count === 1
      ? [{ label: "Edit", icon: Pencil, keys: "enter", onSelect: focusPanel } satisfies MenuEntry]
      : []),
    copying,
    { label: "Duplicate", icon: CopyPlus, keys: "mod+d", onSelect: () => commands.duplicate() },
    "divider",
    {
      label: count > 1 ? `Delete ${count} nodes` : "Delete",
      icon: Trash2,
      keys: "backspace",
      danger: true,
      onSelect: () => commands.removeSelected(),
    },
  ]
}
