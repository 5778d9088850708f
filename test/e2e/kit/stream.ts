import { createParser } from "./sse.ts"
import { ExecutionEvent } from "#core/execution/event"
import type { Client } from "./client.ts"

type Event = ExecutionEvent

/** The path of an execution's stream, under the API. */
export const streamPath = (execution: string): string => `/executions/${execution}/stream`

export interface Watching {
  headers?: Record<string, string>
  /** Asked after each event; true ends the watching, as a viewer who closes the page. */
  until?: (event: Event, seen: Event[]) => boolean
}

/** Reads server-sent events to their end, or until it has seen enough; the `id:` of each must be its event's number. */
export async function readEvents(response: Response, until?: Watching["until"]): Promise<Event[]> {
  if (response.status !== 200 || !response.body) {
    throw new Error(`The stream answered ${response.status}: ${await response.text()}`)
  }
  const seen: Event[] = []
  const next = createParser()
  const decoder = new TextDecoder()
  const reader = response.body.getReader()
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    for (const { id, data } of next(decoder.decode(read.value, { stream: true }))) {
      const event = ExecutionEvent.parse(JSON.parse(data))
      if (id !== String(event.seq)) throw new Error(`Event ${event.seq} came under id ${id}`)
      seen.push(event)
      if (until?.(event, seen)) return seen
    }
  }
  return seen
}

/** Watches an execution by server-sent events. */
export async function watch(
  client: Client,
  execution: string,
  { headers = {}, until }: Watching = {},
): Promise<Event[]> {
  const leave = new AbortController()
  const response = await client.open("GET", streamPath(execution), { headers }, leave.signal)
  try {
    return await readEvents(response, until)
  } finally {
    leave.abort()
  }
}

/** What a model has said so far at one node, as a page shows it: the text of its newest attempt. */
export function textOf(events: readonly Event[], node: string): string {
  let text = ""
  for (const event of events) {
    if (event.type === "model.started" && event.node_id === node) text = ""
    if (event.type === "model.delta" && event.node_id === node) text += event.data.text
  }
  return text
}
