import { Redo2, Undo2 } from "lucide-react"
import { useAtomValue } from "#web/state/jotai.ts"
import { IconButton } from "#web/ui/icon-button.tsx"
import { canRedoAtom, canUndoAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"

export function HistoryButtons() {
  const { commands } = useEditor()
  return (
    <div
      role="group"
      aria-label="History"
      className="nopan flex items-center rounded-md bg-raised p-0.5 shadow-float"
    >
      <IconButton
        label="Undo"
        keys="mod+z"
        size="sm"
        disabled={!useAtomValue(canUndoAtom)}
        onClick={commands.undo}
      >
        <Undo2 />
      </IconButton>
      <IconButton
        label="Redo"
        keys="shift+mod+z"
        size="sm"
        disabled={!useAtomValue(canRedoAtom)}
        onClick={commands.redo}
      >
        <Redo2 />
      </IconButton>
    </div>
  )
}
