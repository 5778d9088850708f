import { Up, window } from "#core/contract/socket/execution"
import type { ExecutionEvent } from "#core/execution/event"
import type { ExecutionId } from "#core/ids"
import type { JournalRow } from "./store.ts"

type Deps = {
  rowsAfter(id: ExecutionId, seq: number, bytes: number): JournalRow[]
  isSettled(id: ExecutionId): boolean
  /** Resolves when everything that was written is durable. */
  synced(): Promise<void>
}

/** What a socket needs to go on after the object was put to sleep. */
type Attachment = { execution: ExecutionId; sent: number; acked: number; bytes: number; fullSince: number }

const chunkBytes = 65_536
const heartbeatMs = 15_000
const encoder = new TextEncoder()

const eventsAfter = (rows: JournalRow[], seq: number): ExecutionEvent[] =>
  rows.flatMap((row) => JSON.parse(row.events) as ExecutionEvent[]).filter((event) => event.seq > seq)

/**
 * Those who watch executions. Everybody reads from the journal at their own pace, so nothing is queued for a slow reader: a
 * stream is filled when it is pulled, a socket as far as its window allows.
 */
export class Viewers {
  private readonly ctx: DurableObjectState
  private readonly deps: Deps
  private readonly sleepers = new Map<ExecutionId, Set<() => void>>()
  private readonly streams = new Map<ExecutionId, number>()

  constructor(ctx: DurableObjectState, deps: Deps) {
    this.ctx = ctx
    this.deps = deps
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"))
  }

  /** Whether anybody watches an execution now. */
  isWatched(id: ExecutionId): boolean {
    return this.streams.has(id) || this.ctx.getWebSockets(id).length > 0
  }

  /** Says that an execution's journal has grown. */
  tell(id: ExecutionId): void {
    const sleepers = this.sleepers.get(id)
    if (sleepers) {
      this.sleepers.delete(id)
      for (const wake of sleepers) wake()
    }
    for (const socket of this.ctx.getWebSockets(id)) {
      try {
        this.fill(socket)
      } catch (error) {
        // An execution goes on whatever becomes of those who watch it.
        console.warn("execution: a viewer was lost", { execution: id, error: String(error) })
      }
    }
  }

  /** Server-sent events after `seq`: one per journal entry with its seq as `id`; ends after the execution's last. */
  stream(id: ExecutionId, seq: number): ReadableStream<Uint8Array> {
    let cursor = seq
    let isOver = false
    this.streams.set(id, (this.streams.get(id) ?? 0) + 1)
    const leave = () => {
      if (!isOver) this.left(id)
      isOver = true
    }
    return new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(encoder.encode("retry: 1000\n\n")),
      pull: async (controller) => {
        for (;;) {
          // Asked before the read: an end that comes in between is then seen by the next one.
          const wasSettled = this.deps.isSettled(id)
          const events = eventsAfter(this.deps.rowsAfter(id, cursor, chunkBytes), cursor)
          if (events.length > 0) {
            cursor = events.at(-1)!.seq
            // The output gate holds answers and sockets, not the later chunks of a body.
            await this.deps.synced()
            if (isOver) return
            controller.enqueue(
              encoder.encode(
                events.map((event) => `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`).join(""),
              ),
            )
            return
          }
          if (wasSettled) {
            leave()
            return controller.close()
          }
          const hasNews = await this.news(id)
          if (isOver) return
          if (!hasNews) return controller.enqueue(encoder.encode(": still here\n\n"))
        }
      },
      cancel: leave,
    })
  }

  private left(id: ExecutionId): void {
    const rest = (this.streams.get(id) ?? 1) - 1
    if (rest > 0) this.streams.set(id, rest)
    else this.streams.delete(id)
  }

  /** True when the journal has grown, false when nothing has happened for a heartbeat. */
  private news(id: ExecutionId): Promise<boolean> {
    return new Promise((resolve) => {
      const sleepers = this.sleepers.get(id) ?? new Set()
      this.sleepers.set(id, sleepers)
      const timer = setTimeout(() => {
        sleepers.delete(wake)
        resolve(false)
      }, heartbeatMs)
      const wake = () => {
        clearTimeout(timer)
        resolve(true)
      }
      sleepers.add(wake)
    })
  }

  /** Takes a WebSocket viewer in; it is sent what comes after `seq`. */
  accept(id: ExecutionId, seq: number): Response {
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server, [id])
    server.serializeAttachment({
      execution: id,
      sent: seq,
      acked: seq,
      bytes: 0,
      fullSince: 0,
    } satisfies Attachment)
    this.fill(server)
    return new Response(null, { status: 101, webSocket: client })
  }

  /** What a viewer says: an acknowledgement, or nonsense that ends the talk. */
  heard(socket: WebSocket, message: string | ArrayBuffer): void {
    const up = Up.safeParse(parsed(message))
    if (!up.success) return socket.close(1007, "expected {type: ack, seq}")
    const seen = socket.deserializeAttachment() as Attachment
    const acked = Math.min(Math.max(seen.acked, up.data.seq), seen.sent)
    socket.serializeAttachment({
      ...seen,
      acked,
      bytes: acked === seen.sent ? 0 : seen.bytes,
      fullSince: 0,
    } satisfies Attachment)
    this.fill(socket)
  }

  /** Sends as much as the window allows; a window that stays full ends the talk, and the viewer resumes by seq. */
  private fill(socket: WebSocket): void {
    // The runtime still lists sockets that are being closed; nothing can be said to them.
    if (socket.readyState !== WebSocket.OPEN) return
    const seen = socket.deserializeAttachment() as Attachment
    if (seen.sent - seen.acked >= window.events || seen.bytes >= window.bytes) return this.stall(socket, seen)
    const wasSettled = this.deps.isSettled(seen.execution)
    const events = eventsAfter(this.deps.rowsAfter(seen.execution, seen.sent, chunkBytes), seen.sent).slice(
      0,
      window.events - (seen.sent - seen.acked),
    )
    if (events.length === 0) {
      if (!wasSettled) return
      socket.send(JSON.stringify({ type: "end", last_seq: seen.sent }))
      return socket.close(1000, "ended")
    }
    const frame = JSON.stringify({ type: "events", events })
    socket.send(frame)
    socket.serializeAttachment({
      ...seen,
      sent: events.at(-1)!.seq,
      bytes: seen.bytes + frame.length,
    } satisfies Attachment)
    this.fill(socket)
  }

  private stall(socket: WebSocket, seen: Attachment): void {
    const now = Date.now()
    if (seen.fullSince === 0) socket.serializeAttachment({ ...seen, fullSince: now } satisfies Attachment)
    else if (now - seen.fullSince > window.graceMs) socket.close(1013, "acknowledge events or resume later")
  }
}

function parsed(message: string | ArrayBuffer): unknown {
  if (typeof message !== "string" || message.length > 1_000) return undefined
  try {
    return JSON.parse(message)
  } catch {
    return undefined
  }
}
