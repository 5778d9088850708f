import type { ChatSession } from "#core/contract/chat"
import { cn } from "#web/ui/cn.ts"
import { partnerKind, partnerLook } from "../start/partner-look.ts"

const says = {
  crew: "Its members work on what you write; each thought, delegation and tool call is shown as it happens.",
  agent: "Each thought and tool call is shown as it happens.",
  flow: "What you write is its input; its output is the answer.",
}

/** A chat in which nothing was said yet. */
export function Beginning({ session }: { session: ChatSession }) {
  const kind = partnerKind(session)
  const { icon: Icon, word, tile } = partnerLook[kind]
  return (
    <div className="flex min-h-0 flex-1 flex-col items-center justify-center overflow-y-auto px-6 py-8 text-center">
      <span className={cn("mb-3 flex size-10 items-center justify-center rounded-lg", tile)}>
        <Icon aria-hidden className="size-5" />
      </span>
      <h2 className="max-w-full text-lg font-semibold break-words">{session.partner}</h2>
      <p className="mt-1 max-w-md text-muted text-pretty">
        {word}. {says[kind]}
      </p>
    </div>
  )
}
