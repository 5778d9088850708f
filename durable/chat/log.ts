import type { ChatEvent, ChatMessage, ChatSession } from "#core/contract/chat"
import type { VisitorEvent } from "#core/contract/widget"
import type { ChatStore, LogRow } from "./store.ts"

/** Who watches: the tenant's own people, or a visitor of another site. */
export type Audience = "all" | "visitor"

/** The log as an audience sees it. Rows that hold nothing for it are passed over. */
export function logAfter(
  store: ChatStore,
  audience: Audience,
  seq: number,
  most: number,
): { events: string }[] {
  for (let after = seq; ;) {
    const rows = store.rowsAfter(after, most)
    if (audience === "all" || rows.length === 0) return rows.map((row) => ({ events: textOf(row) }))
    const seen = rows.flatMap(eventsOf).flatMap(visible)
    if (seen.length > 0) return [{ events: JSON.stringify(seen) }]
    after = rows.at(-1)!.last
  }
}

const eventsOf = (row: LogRow): ChatEvent[] => JSON.parse(textOf(row)) as ChatEvent[]

function textOf({ seq, about, events, body }: LogRow): string {
  if (events !== null) return events
  const type = about === "session" ? "session" : "message"
  return `[{"seq":${seq},"type":"${type}","${type}":${body}}]`
}

/** What a visitor sees of an event. */
function visible(event: ChatEvent): VisitorEvent[] {
  switch (event.type) {
    case "message":
      return [{ seq: event.seq, type: "message", message: visibleMessage(event.message) }]
    case "delta":
    case "reset":
      return [event]
    case "step":
    case "session":
      return []
    default:
      return event satisfies never
  }
}

export const visibleMessage = ({
  id,
  parent_id,
  role,
  content,
  status,
  created_at,
  finished_at,
}: ChatMessage) => ({ id, parent_id, role, content, status, created_at, finished_at })

/** What the chat is doing, by its first answer that is not given yet. */
export const statusOf = (first: ChatMessage | undefined): ChatSession["status"] =>
  first === undefined ? "idle" : first.status === "waiting" ? "waiting" : "busy"
