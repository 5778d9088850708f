import { canRedoAtom, canUndoAtom, shortcutsAtom } from "../atoms.ts"
import { openBuilder } from "../builder/open-builder.ts"
import { say } from "../canvas/joining.ts"
import type { Shortcut } from "./shortcut.ts"

export const writingKeys: readonly Shortcut[] = [
  { keys: ["{{"], does: "Begin an expression, and see what it may use" },
  { keys: ["ctrl+space"], does: "See that again" },
]

export const flowKeys: readonly Shortcut[] = [
  {
    keys: ["mod+z"],
    does: "Undo",
    edits: true,
    run: ({ editor, store }) => {
      say(store, store.get(canUndoAtom) ? "Undone" : "There is nothing to undo")
      editor.commands.undo()
      return true
    },
  },
  {
    keys: ["shift+mod+z"],
    also: ["mod+y"],
    does: "Redo",
    edits: true,
    run: ({ editor, store }) => {
      say(store, store.get(canRedoAtom) ? "Redone" : "There is nothing to redo")
      editor.commands.redo()
      return true
    },
  },
  {
    keys: ["b"],
    does: "Build in words",
    edits: true,
    run: ({ store }) => {
      openBuilder(store)
      return true
    },
  },
  { keys: ["mod+s"], does: "Save now" },
  { keys: ["mod+k"], does: "Search and jump anywhere" },
  {
    keys: ["?"],
    does: "Show all keys",
    run: ({ store }) => {
      store.set(shortcutsAtom, true)
      return true
    },
  },
]
