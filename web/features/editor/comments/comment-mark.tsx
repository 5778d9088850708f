import { MessageSquare } from "lucide-react"
import { useAtomValue, useSetAtom } from "#web/state/jotai.ts"
import { sideAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { openThreadsOfAtom } from "./atoms.ts"

/** On a node that people talk about: how many threads are open, and the way to them. Renders by itself, so that the node does not. */
export function CommentMark({ id }: { id: string }) {
  const count = useAtomValue(openThreadsOfAtom(id))
  const setSide = useSetAtom(sideAtom)
  const { commands } = useEditor()
  if (count === 0) return null
  return (
    <button
      type="button"
      aria-label={count === 1 ? "1 open comment" : `${count} open comments`}
      onClick={(event) => {
        event.stopPropagation()
        commands.select([id])
        setSide("comments")
      }}
      className="nodrag nopan focus-ring tabular absolute -top-2.5 -right-2.5 z-10 flex h-5 min-w-5 items-center justify-center gap-0.5 rounded-full rounded-bl-none border border-line-strong bg-raised px-1 text-xs font-medium text-ink shadow-near hover:bg-hover pointer-coarse:h-7 pointer-coarse:min-w-7"
    >
      <MessageSquare aria-hidden className="size-3 text-accent-ink" />
      {count > 1 && count}
    </button>
  )
}
