import { ChevronsDownUp, ChevronsUpDown } from "lucide-react"
import { useEditor } from "../editor-context.ts"

/** Folds a frame to a step, and opens it again. Not a stop of its own for Tab: F does the same for the selected frame. */
export function FoldButton({ id, isFolded }: { id: string; isFolded: boolean }) {
  const { commands } = useEditor()
  const Icon = isFolded ? ChevronsUpDown : ChevronsDownUp
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={isFolded ? "Open the frame" : "Fold the frame"}
      aria-expanded={!isFolded}
      className="nodrag nopan relative grid size-6 shrink-0 place-items-center rounded-sm text-muted after:absolute after:-inset-1 hover:bg-hover hover:text-ink pointer-coarse:after:-inset-2.5"
      onClick={(event) => {
        event.stopPropagation()
        commands.fold(id, !isFolded)
      }}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      <Icon aria-hidden className="size-3.5" />
    </button>
  )
}
