import { createParser } from "./sse.ts"
import { Down, type Down as Message } from "#core/contract/socket/execution"
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

/** A viewer on a WebSocket, as a browser is one: it says where its page comes from. */
export class Socket {
  readonly #socket: WebSocket
  readonly messages: Message[] = []
  readonly closed: Promise<{ code: number; reason: string }>
  #wake: () => void = () => {}

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener("message", ({ data }) => {
      this.messages.push(Down.parse(JSON.parse(String(data))))
      this.#wake()
    })
    this.closed = new Promise((resolve) => {
      socket.addEventListener("close", ({ code, reason }) => {
        resolve({ code, reason })
        this.#wake()
      })
    })
  }

  /** Opens a socket; rejects when the server does not switch protocols. */
  static async open(url: string, headers: Record<string, string>): Promise<Socket> {
    // Node's WebSocket takes headers, which the DOM's types do not know of.
    const socket: WebSocket = Reflect.construct(WebSocket, [url, { headers }])
    const viewer = new Socket(socket)
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener("open", () => resolve(), { once: true })
      socket.addEventListener("error", () => reject(new Error(`${url} does not open`)), { once: true })
    })
    return viewer
  }

  get events(): Event[] {
    return this.messages.flatMap((message) => (message.type === "events" ? message.events : []))
  }

  send(message: unknown): void {
    this.#socket.send(typeof message === "string" ? message : JSON.stringify(message))
  }

  /** Says that everything so far is taken in. */
  ack(): void {
    this.send({ type: "ack", seq: this.events.at(-1)?.seq ?? 0 })
  }

  /** Waits until something holds of what was received. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      await promise
    }
  }

  close(): void {
    this.#socket.close()
  }
}
