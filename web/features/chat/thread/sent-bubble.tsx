import { LoaderCircle } from "lucide-react"

/** A message of one's own that the server has not taken yet. */
export const SentBubble = ({ content }: { content: string }) => (
  <div className="flex flex-col items-end gap-1">
    <p className="max-w-[85%] min-w-0 rounded-lg bg-active px-3 py-2 text-md break-words whitespace-pre-wrap opacity-70">
      {content}
    </p>
    <span role="status" className="flex items-center gap-1.5 text-sm text-muted">
      <LoaderCircle aria-hidden className="size-3.5 animate-spin" />
      Sending
    </span>
  </div>
)
