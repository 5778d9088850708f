import type { EventType, ExecutionEvent, Usage } from "#core/execution/event"
import { isJsonObject, type Json } from "#core/json"

/** A part of the execution whose entries are listed: one step, or what is under a scope. */
export type Part = {
  /** The step's key where it is one. */
  step: string | null
  has: (nodeId: string, scope: string | undefined) => boolean
}

/** A line of the journal as it is listed: one entry, or a run of pieces of the same text. */
export type JournalLine = {
  seq: number
  at: string
  type: EventType
  node_id: string | undefined
  scope: string | undefined
  /** How many entries it stands for. */
  count: number
  data: Json
  /** A few words of what the data says. */
  say: string
}

export type JournalFilter = {
  /** Null lists the execution's own entries too. */
  part: Part | null
  /** Every piece of streamed text by itself. */
  every: boolean
  /** The first words of the types that are listed, such as `model`; none lists all. */
  families: ReadonlySet<string>
}

/** What the first word of an event's type is called. */
export const families: readonly { value: string; label: string }[] = [
  { value: "execution", label: "Execution" },
  { value: "node", label: "Steps" },
  { value: "scope", label: "Iterations" },
  { value: "model", label: "Models" },
  { value: "http", label: "HTTP" },
  { value: "approval", label: "Approvals" },
  { value: "callback", label: "Callbacks" },
  { value: "timer", label: "Timers" },
]

/** The lines of a journal up to an entry of it. */
export type Journal = { filter: JournalFilter; taken: number; lines: readonly JournalLine[] }

export const emptyJournal = (filter: JournalFilter): Journal => ({ filter, taken: 0, lines: [] })

/** Takes further entries in; the same journal when none of them is listed. */
export function extendJournal(journal: Journal, events: readonly ExecutionEvent[]): Journal {
  if (journal.taken === events.length) return journal
  const lines = [...journal.lines]
  for (const event of events.slice(journal.taken)) {
    if (!isListed(event, journal.filter)) continue
    const joined = journal.filter.every ? null : joinedWith(lines.at(-1), event)
    if (joined) lines[lines.length - 1] = joined
    else lines.push(lineOf(event))
  }
  return { filter: journal.filter, taken: events.length, lines }
}

const nodeOf = (event: ExecutionEvent): string | undefined => ("node_id" in event ? event.node_id : undefined)
const scopeOf = (event: ExecutionEvent): string | undefined => ("scope" in event ? event.scope : undefined)

function isListed(event: ExecutionEvent, { part, families: wanted }: JournalFilter): boolean {
  if (wanted.size > 0 && !wanted.has(event.type.slice(0, event.type.indexOf(".")))) return false
  if (part === null) return true
  const id = nodeOf(event)
  return id !== undefined && part.has(id, scopeOf(event))
}

/** Streamed text comes in many small pieces; a run of them is one line. */
function joinedWith(last: JournalLine | undefined, event: ExecutionEvent): JournalLine | null {
  if (event.type !== "node.delta" && event.type !== "model.delta") return null
  if (last?.type !== event.type || last.node_id !== event.node_id || last.scope !== event.scope) return null
  const before = isJsonObject(last.data) ? last.data["text"] : undefined
  if (typeof before !== "string") return null
  const text = before + event.data.text
  return { ...last, count: last.count + 1, data: { text }, say: sayText(text) }
}

const lineOf = (event: ExecutionEvent): JournalLine => ({
  seq: event.seq,
  at: event.at,
  type: event.type,
  node_id: nodeOf(event),
  scope: scopeOf(event),
  count: 1,
  data: event.data as Json,
  say: sayOf(event),
})

const sayText = (text: string): string => `${text.length.toLocaleString("en")} characters`

const sayTokens = ({ input_tokens, output_tokens }: Usage): string =>
  `${(input_tokens + output_tokens).toLocaleString("en")} tokens`

function sayOf(event: ExecutionEvent): string {
  switch (event.type) {
    case "node.delta":
    case "model.delta":
      return sayText(event.data.text)
    case "node.log":
      return event.data.message
    case "node.failed":
    case "node.retrying":
    case "node.interrupted":
    case "http.failed":
    case "execution.failed":
    case "execution.timed_out":
    case "execution.needs_attention":
      return event.data.error.message
    case "node.succeeded":
      return event.data.reused ? "taken over" : event.data.handles.filter((one) => one !== "out").join(", ")
    case "node.waiting":
      return `for ${waits[event.data.for]}`
    case "scope.opened":
      return event.data.path
    case "scope.closed":
      return event.data.error ? `${event.data.path}: ${event.data.error.message}` : event.data.path
    case "model.started":
      return event.data.model
    case "model.finished":
      return `${sayTokens(event.data.usage)}, ${event.data.finish_reason}`
    case "model.failed": {
      const { error, usage } = event.data
      return usage ? `${error.message} It took ${sayTokens(usage)}.` : error.message
    }
    case "http.started":
      return `${event.data.method} ${event.data.url}`
    case "http.finished":
      return String(event.data.status)
    case "approval.requested":
      return event.data.title
    case "approval.answered":
      return event.data.button
    case "timer.set":
    case "timer.fired":
      return event.data.name
    default:
      return ""
  }
}

const waits = { time: "a time", callback: "a call", approval: "a person" }
