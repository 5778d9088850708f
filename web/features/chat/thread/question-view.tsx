import { AtSign, Pencil, Workflow } from "lucide-react"
import { useState } from "react"
import { useQuery } from "@tanstack/react-query"
import type { ChatMessage } from "#core/contract/chat"
import { flowChoicesQuery } from "#web/api/choices.ts"
import { useCan } from "#web/api/me.ts"
import { CopyButton } from "#web/ui/copy-button.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { membersQuery } from "../queries.ts"
import { useLive, useThisChat } from "../use-chat.ts"
import { BranchSwitch } from "./branch-switch.tsx"
import { EditMessage } from "./edit-message.tsx"

type QuestionProps = { message: ChatMessage; beside: readonly string[] }

/** What a person wrote, as they wrote it. */
export function QuestionView({ message, beside }: QuestionProps) {
  const mayWrite = useCan("chat.write")
  const [isEdited, setEdited] = useState(false)
  if (isEdited) return <EditMessage message={message} onDone={() => setEdited(false)} />
  return (
    <article aria-label="Message" className="group/message flex flex-col items-end gap-0.5">
      <Addressed message={message} />
      <p className="max-w-[85%] min-w-0 rounded-lg bg-active px-3 py-2 text-md break-words whitespace-pre-wrap">
        {message.content}
      </p>
      <footer className="flex min-h-6 items-center gap-0.5 text-sm text-muted">
        <span className="flex items-center gap-0.5 opacity-0 group-focus-within/message:opacity-100 group-hover/message:opacity-100 pointer-coarse:opacity-100">
          <RelativeTime at={message.created_at} className="px-1" />
          <CopyButton text={message.content} label="Copy message" />
          {mayWrite && (
            <IconButton label="Edit" size="sm" onClick={() => setEdited(true)}>
              <Pencil />
            </IconButton>
          )}
        </span>
        <BranchSwitch id={message.id} beside={beside} />
      </footer>
    </article>
  )
}

/** To whom alone, and with which flow. */
function Addressed({ message: { to_agent_id: to, attached_flow_id: flow } }: { message: ChatMessage }) {
  const crew = useLive(useThisChat(), ({ session }) => session?.crew_id ?? null)
  const members = useQuery({ ...membersQuery(crew), enabled: to !== null && crew !== null }).data
  const flows = useQuery({ ...flowChoicesQuery, enabled: flow !== null }).data?.flows
  if (to === null && flow === null) return null
  return (
    <p className="flex max-w-full min-w-0 flex-wrap justify-end gap-x-3 text-sm text-muted">
      {to !== null && (
        <span className="inline-flex min-w-0 items-center gap-1">
          <AtSign aria-hidden className="size-3.5" />
          <span className="truncate">To {members?.find(({ id }) => id === to)?.name ?? "one agent"}</span>
        </span>
      )}
      {flow !== null && (
        <span className="inline-flex min-w-0 items-center gap-1">
          <Workflow aria-hidden className="size-3.5" />
          <span className="truncate">With {flows?.find(({ id }) => id === flow)?.name ?? "a flow"}</span>
        </span>
      )}
    </p>
  )
}
