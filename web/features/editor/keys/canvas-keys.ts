import { fitting, glide } from "#web/flow/zoom-controls.tsx"
import { draftAtom, foldingAtom, selectionAtom } from "../atoms.ts"
import { goToNode } from "../canvas/go-to-node.ts"
import { endJoining } from "../canvas/joining.ts"
import { openFind } from "../search/open-find.ts"
import { neighbour, type Direction } from "../model/walk.ts"
import type { Keyboard, Shortcut } from "./shortcut.ts"

/** From the node that has the focus, else from the selected one, to the next; it is selected then. */
function walk({ editor, store, focused }: Keyboard, combo: string): boolean {
  const [selected] = store.get(selectionAtom).nodes
  const towards = combo.split("+").at(-1) as Direction
  const to = neighbour(store.get(draftAtom), focused ?? selected ?? null, towards, store.get(foldingAtom))
  if (to === null) return true
  editor.commands.select([to])
  goToNode(store, to)
  return true
}

const done = (act: () => unknown): true => {
  act()
  return true
}

export const canvasKeys: readonly Shortcut[] = [
  {
    keys: ["+", "-"],
    also: ["="],
    does: "Zoom in, zoom out",
    run: ({ flow }, combo) => done(() => (combo === "-" ? flow.zoomOut(glide()) : flow.zoomIn(glide()))),
  },
  {
    keys: ["shift+1"],
    also: ["!"],
    does: "Fit the flow",
    run: ({ flow }) => done(() => flow.fitView({ ...fitting, ...glide() })),
  },
  {
    keys: ["shift+2"],
    also: ["@"],
    does: "Fit what is selected",
    run({ flow, store }) {
      const nodes = [...store.get(selectionAtom).nodes].map((id) => ({ id }))
      return nodes.length > 0 && done(() => flow.fitView({ nodes, ...fitting, ...glide() }))
    },
  },
  {
    keys: ["alt+left", "alt+right"],
    does: "Walk along the edges",
    run: walk,
  },
  { keys: ["alt+up", "alt+down"], does: "Walk to the node above, below", run: walk },
  {
    keys: ["mod+a"],
    does: "Select all",
    run: ({ editor }) => done(() => editor.commands.selectAll()),
  },
  { keys: ["shift"], does: "Held while dragging: select with a frame" },
  { keys: ["alt"], does: "Held while moving by hand: past the snap lines" },
  {
    keys: ["esc"],
    does: "End connecting; select nothing",
    run: ({ editor, store }) => endJoining(store) || done(() => editor.commands.clearSelection()),
  },
  {
    keys: ["mod+f"],
    does: "Find and replace in the flow",
    run: ({ store }) => done(() => openFind(store)),
  },
]
