import { selectionAtom } from "../atoms.ts"
import { say } from "../canvas/joining.ts"
import type { Alignment, Axis } from "../model/align.ts"
import type { Shortcut } from "./shortcut.ts"

const align = (key: string, to: Alignment, does: string): Shortcut => ({
  keys: [key],
  does,
  edits: true,
  run({ editor, store }) {
    if (store.get(selectionAtom).nodes.size < 2) return false
    if (editor.commands.align(to)) say(store, "Aligned")
    return true
  },
})

const spread = (key: string, axis: Axis, does: string): Shortcut => ({
  keys: [key],
  does,
  edits: true,
  run({ editor, store }) {
    if (store.get(selectionAtom).nodes.size < 3) return false
    if (editor.commands.distribute(axis)) say(store, "Spread evenly")
    return true
  },
})

export const orderKeys: readonly Shortcut[] = [
  {
    keys: ["l"],
    does: "Lay out what is selected, or the whole flow",
    edits: true,
    run: ({ editor, store }) => {
      say(store, editor.commands.arrange() ? "Laid out" : "All is in order already")
      return true
    },
  },
  align("alt+a", "left", "Align left"),
  align("alt+h", "center", "Align centres"),
  align("alt+d", "right", "Align right"),
  align("alt+w", "top", "Align top"),
  align("alt+v", "middle", "Align middles"),
  align("alt+s", "bottom", "Align bottom"),
  spread("shift+alt+h", "x", "Spread evenly across"),
  spread("shift+alt+v", "y", "Spread evenly down"),
]
