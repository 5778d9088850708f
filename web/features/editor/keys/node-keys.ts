import { toast } from "#web/ui/toast.tsx"
import { nestingOf } from "#web/flow/nesting.ts"
import { handlesOf, placedHandles, sizeOf } from "#web/flow/geometry.ts"
import { draftAtom, insertingAtom, joiningAtom, nodesAtom, selectionAtom, writingNoteAtom } from "../atoms.ts"
import { sayNoGroup } from "../canvas/canvas-menu.ts"
import { goToNode } from "../canvas/go-to-node.ts"
import { aimOn, aimTowards, beginJoining, chooseWay, join, nameOf, say } from "../canvas/joining.ts"
import { commentOnSelected } from "../comments/commenting.ts"
import { gap, gridStep } from "../model/placement.ts"
import { neighbour, type Direction } from "../model/walk.ts"
import { nothingFolded } from "#web/flow/folding.ts"
import { openPanel } from "../panel/focus-panel.ts"
import type { Keyboard, Shortcut } from "./shortcut.ts"

const ways: Record<Direction, { x: number; y: number }> = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
}
const arrows = ["left", "right", "up", "down"] as const
const withEach = (mod: string): string[] => arrows.map((arrow) => `${mod}+${arrow}`)

const chosenOf = ({ store }: Keyboard): string[] => [...store.get(selectionAtom).nodes]
const onlyOf = (keyboard: Keyboard): string | undefined => {
  const chosen = chosenOf(keyboard)
  return chosen.length === 1 ? chosen[0] : undefined
}

function nudge(keyboard: Keyboard, combo: string, step: number): boolean {
  const { editor, store, isOnControl } = keyboard
  const towards = combo.split("+").at(-1) as Direction
  if (aimTowards(store, towards)) return true
  const [first] = chosenOf(keyboard)
  if (first === undefined || isOnControl || !editor.mayEdit) return false
  const { x, y } = ways[towards]
  editor.commands.nudge({ x: x * step, y: y * step })
  const { position } = nestingOf(store.get(nodesAtom)).node(first) ?? {}
  if (position) say(store, `${Math.round(position.x)}, ${Math.round(position.y)}`)
  return true
}

function open(keyboard: Keyboard, combo: string): boolean {
  const { editor, store, focused, isOnControl } = keyboard
  const joining = store.get(joiningAtom)
  if (joining && !isOnControl) {
    if (joining.at !== null) join(store, editor.commands, joining.at)
    return true
  }
  if (focused !== null && !isOnControl) {
    editor.commands.select(combo.startsWith("shift") ? [...chosenOf(keyboard), focused] : [focused])
    if (combo.endsWith("enter")) openPanel(store)
    return true
  }
  if (combo !== "enter" || onlyOf(keyboard) === undefined || isOnControl) return false
  openPanel(store)
  return true
}

/** What is next to what goes takes the keyboard. */
function remove(keyboard: Keyboard): boolean {
  const { editor, store, focused } = keyboard
  const { nodes, edges } = store.get(selectionAtom)
  if (nodes.size + edges.size === 0) return false
  const draft = store.get(draftAtom)
  const gone = nestingOf(draft.nodes).withInsides(nodes)
  const from = focused ?? [...nodes][0]
  const beside = ["left", "up", "right", "down"] as const
  const next =
    from === undefined
      ? undefined
      : beside
          .map((to) => neighbour(draft, from, to, nothingFolded))
          .find((id) => id !== null && !gone.has(id))
  say(
    store,
    nodes.size > 0
      ? `Deleted ${nodes.size === 1 ? nameOf(store, [...nodes][0]!) : `${nodes.size} nodes`}`
      : "Deleted the edge",
  )
  editor.commands.removeSelected()
  if (focused !== null && gone.has(focused) && next != null) goToNode(store, next)
  return true
}

/** The list of kinds, at the end of a node's first way out. */
function addAfter(keyboard: Keyboard): boolean {
  const { store } = keyboard
  const id = onlyOf(keyboard)
  const nesting = nestingOf(store.get(nodesAtom))
  const node = id === undefined ? undefined : nesting.node(id)
  const element = document.querySelector(`.react-flow__node[data-id="${CSS.escape(id ?? "")}"]`)
  const handle = node && handlesOf(node)[0]
  if (!node || !handle || !element) return false
  const box = element.getBoundingClientRect()
  const place = nesting.place(node.id)
  const y = place.y + (placedHandles(node)[0]?.y ?? 0)
  store.set(insertingAtom, {
    screen: { x: box.right + 8, y: box.top },
    at: { x: place.x + sizeOf(node).width + gap.x, y },
    from: { source: node.id, source_handle: handle.id },
  })
  return true
}

function fold({ editor, store }: Keyboard): boolean {
  const what = editor.commands.foldSelected()
  if (what === null) return false
  say(store, what === "folded" ? "Folded" : "Opened")
  return true
}

export const nodeKeys: readonly Shortcut[] = [
  { keys: ["/"], does: "Search nodes to add" },
  { keys: ["a"], does: "Add a node after the selected one", edits: true, run: addAfter },
  {
    keys: ["c"],
    does: "Connect the selected node: Tab chooses, Enter connects",
    edits: true,
    run: (keyboard) => {
      const id = onlyOf(keyboard)
      return id !== undefined && beginJoining(keyboard.store, id)
    },
  },
  {
    keys: ["tab", "shift+tab"],
    does: "While connecting: the next node, the one before",
    run: ({ store }, combo) => aimOn(store, combo === "tab" ? 1 : -1),
  },
  {
    keys: ["1", "2"],
    also: ["3", "4", "5", "6", "7", "8", "9"],
    does: "While connecting: by which way out",
    run: ({ store }, combo) => chooseWay(store, Number(combo) - 1),
  },
  {
    keys: ["enter"],
    also: ["space", "shift+enter", "shift+space"],
    does: "Open the selected node",
    run: open,
  },
  {
    keys: ["f2"],
    does: "Write in the selected note",
    edits: true,
    run(keyboard) {
      const id = onlyOf(keyboard)
      const isNote = keyboard.store.get(nodesAtom).some((node) => node.id === id && node.type === "note")
      if (id === undefined || !isNote) return false
      keyboard.store.set(writingNoteAtom, id)
      return true
    },
  },
  {
    keys: ["m"],
    does: "Comment on the selected node, or on this place",
    edits: true,
    run: ({ store, flow }) => commentOnSelected(store, flow),
  },
  { keys: [...arrows], does: "Move by a step", run: (all, combo) => nudge(all, combo, gridStep) },
  {
    keys: withEach("shift").slice(0, 2),
    also: withEach("shift").slice(2),
    does: "Move by five steps",
    run: (all, combo) => nudge(all, combo, 5 * gridStep),
  },
  {
    keys: withEach("mod").slice(0, 2),
    also: withEach("mod").slice(2),
    does: "Move by a pixel, off the grid",
    edits: true,
    run: (all, combo) => nudge(all, combo, 1),
  },
  { keys: ["backspace"], also: ["delete"], does: "Delete", edits: true, run: remove },
  {
    keys: ["mod+d"],
    does: "Duplicate",
    edits: true,
    run: (keyboard) => {
      if (chosenOf(keyboard).length === 0) return true
      keyboard.editor.commands.duplicate()
      const chosen = chosenOf(keyboard)
      say(keyboard.store, chosen.length === 1 ? "Duplicated" : `Duplicated ${chosen.length} nodes`)
      if (keyboard.focused !== null && chosen[0] !== undefined) goToNode(keyboard.store, chosen[0])
      return true
    },
  },
  { keys: ["mod+c", "mod+x", "mod+v"], does: "Copy, cut, paste; between flows too" },
  {
    keys: ["mod+g"],
    does: "Group",
    edits: true,
    run: ({ editor, store }) => {
      if (!editor.commands.groupSelected()) toast.failed("", sayNoGroup)
      else say(store, "Grouped")
      return true
    },
  },
  {
    keys: ["shift+mod+g"],
    does: "Take a frame away",
    edits: true,
    run: ({ editor }) => {
      editor.commands.unwrapSelected()
      return true
    },
  },
  { keys: ["f"], does: "Fold or open the selected frame", run: fold },
  {
    keys: ["shift+f"],
    does: "Fold or open all groups",
    run: ({ editor, store }) => {
      const nodes = store.get(nodesAtom)
      const groups = nodes.filter(({ type }) => type === "group")
      if (groups.length === 0) return false
      editor.commands.foldAll()
      return true
    },
  },
]
