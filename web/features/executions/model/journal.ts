import type { ExecutionEvent } from "#core/execution/event"
import { isJsonObject, type Json } from "#core/json"

/** A line of the journal as it is listed: one entry, or a run of pieces of the same text. */
export type JournalLine = {
  seq: number
  at: string
  type: string
  node_id: string | undefined
  scope: string | undefined
  /** How many entries it stands for. */
  count: number
  data: Json
  /** A few words of what the data says. */
  say: string
}

const isDelta = (
  event: ExecutionEvent,
): event is Extract<ExecutionEvent, { type: "node.delta" | "model.delta" }> =>
  event.type === "node.delta" || event.type === "model.delta"

const nodeOf = (event: ExecutionEvent): string | undefined => ("node_id" in event ? event.node_id : undefined)
const scopeOf = (event: ExecutionEvent): string | undefined => ("scope" in event ? event.scope : undefined)

/** The journal in lines. Streamed text comes in many small pieces; a run of them is one line unless every entry is wanted. */
export function journalLines(
  events: readonly ExecutionEvent[],
  of: { node: string | null; every: boolean },
): JournalLine[] {
  const lines: JournalLine[] = []
  for (const event of events) {
    if (of.node !== null && nodeOf(event) !== of.node) continue
    const last = lines.at(-1)
    const joins =
      !of.every &&
      isDelta(event) &&
      last?.type === event.type &&
      last.node_id === event.node_id &&
      last.scope === event.scope
    if (joins && isJsonObject(last.data) && typeof last.data["text"] === "string") {
      const text = last.data["text"] + event.data.text
      lines[lines.length - 1] = { ...last, count: last.count + 1, data: { text }, say: sayText(text) }
    } else lines.push(lineOf(event))
  }
  return lines
}

function lineOf(event: ExecutionEvent): JournalLine {
  return {
    seq: event.seq,
    at: event.at,
    type: event.type,
    node_id: nodeOf(event),
    scope: scopeOf(event),
    count: 1,
    data: event.data as Json,
    say: sayOf(event),
  }
}

const sayText = (text: string): string => `${text.length.toLocaleString("en")} characters`

function sayOf(event: ExecutionEvent): string {
  switch (event.type) {
    case "node.delta":
    case "model.delta":
      return sayText(event.data.text)
    case "node.log":
      return event.data.message
    case "node.failed":
    case "node.retrying":
    case "model.failed":
    case "execution.failed":
    case "execution.timed_out":
      return event.data.error.message
    case "node.succeeded":
      return event.data.handles.filter((handle) => handle !== "out").join(", ")
    case "model.started":
      return event.data.model
    case "model.finished":
      return `${(event.data.usage.input_tokens + event.data.usage.output_tokens).toLocaleString("en")} tokens, ${event.data.finish_reason}`
    default:
      return ""
  }
}
