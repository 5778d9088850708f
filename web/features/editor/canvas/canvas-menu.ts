import type { ReactFlowInstance } from "@xyflow/react"
import {
  ChevronsDownUp,
  ClipboardPaste,
  Copy,
  CopyPlus,
  Group,
  LayoutDashboard,
  Maximize,
  MessageSquarePlus,
  Pencil,
  Search,
  Spline,
  SquareDashedMousePointer,
  Trash2,
  Ungroup,
} from "lucide-react"
import type { createStore } from "#web/state/jotai.ts"
import type { CanvasEdge, CanvasNode } from "#web/flow/canvas-elements.ts"
import { fitting, glide } from "#web/flow/zoom-controls.tsx"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { toast } from "#web/ui/toast.tsx"
import { nodesAtom, selectionAtom } from "../atoms.ts"
import type { Commands } from "../commands.ts"
import { commentAt, commentOnSelected } from "../comments/commenting.ts"
import { handlesOf, isFrame, type Point } from "#web/flow/geometry.ts"
import { openFind } from "../search/open-find.ts"
import { beginJoining } from "./joining.ts"
import { openPanel } from "../panel/focus-panel.ts"

type MenuSetting = {
  commands: Commands
  flow: ReactFlowInstance<CanvasNode, CanvasEdge>
  store: ReturnType<typeof createStore>
  mayEdit: boolean
  /** Where the menu was opened, on the canvas. */
  at: Point
  onNode: boolean
  /** What can be executed at the one selected node. */
  running: MenuEntry[]
  tellCut: (cut: number) => void
}

/** What the other mouse button offers on a node, on several, and beside them. */
export function canvasMenu(setting: MenuSetting): MenuEntry[] {
  const { commands, flow, store, mayEdit, at, onNode, running } = setting
  const count = store.get(selectionAtom).nodes.size
  const copy = () => {
    const text = commands.copied()
    if (text !== null) void navigator.clipboard.writeText(text)
  }
  const paste = async () => {
    commands.paste(await navigator.clipboard.readText(), at)
  }
  const hasOrder = count !== 1
  const view: MenuEntry[] = [
    { label: "Select all", icon: SquareDashedMousePointer, keys: "mod+a", onSelect: commands.selectAll },
    {
      label: "Fit the flow",
      icon: Maximize,
      keys: "shift+1",
      onSelect: () => void flow.fitView({ ...fitting, ...glide() }),
    },
    {
      label: "Find and replace",
      icon: Search,
      keys: "mod+f",
      onSelect: () => openFind(store),
    },
  ]
  const laying: MenuEntry = {
    label: count > 1 ? "Lay out these" : "Lay out",
    icon: LayoutDashboard,
    keys: "l",
    onSelect: () => commands.arrange(),
  }
  const pasting: MenuEntry = {
    label: "Paste here",
    icon: ClipboardPaste,
    keys: "mod+v",
    onSelect: () => void paste(),
  }
  const commenting: MenuEntry = {
    label: "Comment here",
    icon: MessageSquarePlus,
    onSelect: () => commentAt(store, flow, at),
  }
  if (!onNode) return mayEdit ? [pasting, commenting, laying, "divider", ...view] : view
  const copying: MenuEntry = { label: "Copy", icon: Copy, keys: "mod+c", onSelect: copy }
  if (!mayEdit) return [copying]
  return [
    ...(count === 1
      ? [{ label: "Edit", icon: Pencil, keys: "enter", onSelect: () => openPanel(store) } satisfies MenuEntry]
      : []),
    ...(count === 1 && running.length > 0 ? [...running, "divider" as const] : []),
    ...connecting(setting),
    copying,
    { label: "Duplicate", icon: CopyPlus, keys: "mod+d", onSelect: () => commands.duplicate() },
    ...framing(setting),
    ...(hasOrder ? [laying] : []),
    ...(count === 1
      ? [
          {
            label: "Comment",
            icon: MessageSquarePlus,
            keys: "m",
            onSelect: () => void commentOnSelected(store, flow),
          } satisfies MenuEntry,
        ]
      : []),
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

/** Drawing an edge by choosing where it leads: for a finger, and for whom dragging is hard. */
function connecting({ store }: MenuSetting): MenuEntry[] {
  const [id, ...others] = store.get(selectionAtom).nodes
  const node = store.get(nodesAtom).find((one) => one.id === id)
  if (!node || others.length > 0 || handlesOf(node).length === 0) return []
  return [
    { label: "Connect to…", icon: Spline, keys: "c", onSelect: () => void beginJoining(store, node.id) },
  ]
}

/** Drawing a group around nodes, and taking a frame away from around them. */
function framing({ commands, store, tellCut }: MenuSetting): MenuEntry[] {
  const { nodes } = store.get(selectionAtom)
  const hasFrame = store.get(nodesAtom).some((node) => nodes.has(node.id) && isFrame(node))
  return [
    {
      label: "Group",
      icon: Group,
      keys: "mod+g",
      onSelect: () => {
        if (!commands.groupSelected()) toast.failed("", sayNoGroup)
      },
    },
    ...(hasFrame
      ? [
          {
            label: "Fold or open",
            icon: ChevronsDownUp,
            keys: "f",
            onSelect: () => void commands.foldSelected(),
          },
          {
            label: "Take the frame away",
            icon: Ungroup,
            keys: "shift+mod+g",
            onSelect: () => tellCut(commands.unwrapSelected()),
          },
        ]
      : []),
  ]
}

/** Why a selection cannot be grouped. */
export const sayNoGroup = "Nodes in different frames cannot be grouped. Select nodes of one."
