import { Up, window, type Presence } from "#core/contract/socket/viewing"
import type { Page } from "./pages.ts"
import { parsed } from "./parsed.ts"
import { lookMs, shutOutCode, type Pass } from "./pass.ts"

type Deps<Topic extends string> = {
  /** What follows an entry, as far as one page goes. */
  pageAfter(topic: Topic, seq: number): Page<{ seq: number }> | undefined
  /** Whether nothing will follow any more. */
  isSettled(topic: Topic): boolean
  /** Which of those who were let in may still be here. */
  mayStay(passes: readonly Pass[]): Promise<boolean[]>
  /** Has `look` called after so many ms at the latest. */
  lookAfter(ms: number): void
}

/** Somebody who watches and wants to know who else does. */
export type Viewer = Presence["viewers"][number]

/** One stream; it is woken when there is news for it. */
type Watcher = { viewer: Viewer | undefined; wake: (() => void) | undefined }

/** What a socket needs to go on after the object was put to sleep. */
type Attachment<Topic extends string = string> = {
  topic: Topic
  sent: number
  acked: number
  bytes: number
  fullSince: number
  viewer?: Viewer | undefined
  pass?: Pass | undefined
  /** The viewers it was last told. */
  told?: string
}

const heartbeatMs = 15_000
/** Of more viewers than this, the first ones are named. */
const mostNamed = 50
const encoder = new TextEncoder()

/** Who watches, as the Worker says it in the address of its request; undefined for those who do not want to know of others. */
export function viewerOf(query: URLSearchParams): Viewer | undefined {
  const id = query.get("viewer_id")
  return id === null ? undefined : { id, name: query.get("viewer_name") ?? "" }
}

/**
 * Those who watch logs that grow, each by its topic. Everybody reads from the log at their own pace, so nothing is queued for a
 * slow reader: a stream is filled when it is pulled, a socket as far as its window allows.
 */
export class Viewers<Topic extends string> {
  private readonly ctx: DurableObjectState
  private readonly deps: Deps<Topic>
  private readonly streams = new Map<Topic, Set<Watcher>>()
  private isLooking = false

  constructor(ctx: DurableObjectState, deps: Deps<Topic>) {
    this.ctx = ctx
    this.deps = deps
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"))
    // A crash may have lost the appointment.
    if (ctx.getWebSockets().length > 0) this.lookSoon()
  }

  private lookSoon(): void {
    if (this.isLooking) return
    this.isLooking = true
    this.deps.lookAfter(lookMs)
  }

  /** Shuts out whoever may not stay, also those who say nothing. Goes on for as long as somebody is here. */
  async look(): Promise<void> {
    this.isLooking = false
    const held = new Map<string, { pass: Pass; sockets: WebSocket[] }>()
    for (const socket of this.ctx.getWebSockets()) {
      const { pass } = socket.deserializeAttachment() as Attachment
      if (!pass || socket.readyState !== WebSocket.OPEN) continue
      const known = held.get(JSON.stringify(pass))
      if (known) known.sockets.push(socket)
      else held.set(JSON.stringify(pass), { pass, sockets: [socket] })
    }
    if (held.size === 0) return
    this.lookSoon()
    const all = [...held.values()]
    try {
      const stays = await this.deps.mayStay(all.map(({ pass }) => pass))
      for (const [i, { sockets }] of all.entries())
        if (stays[i] !== true) for (const socket of sockets) this.shutOut(socket)
    } catch (error) {
      console.warn("viewers: nobody could be looked up, it is tried again", { error: String(error) })
    }
  }

  private shutOut(socket: WebSocket): void {
    try {
      socket.close(shutOutCode, "You may not see this any more.")
    } catch {
      // It is closed already.
    }
    this.gone(socket)
  }

  /** Whether anybody watches it now. */
  isWatched(topic: Topic): boolean {
    return this.streams.has(topic) || this.ctx.getWebSockets(topic).length > 0
  }

  /** Says that a log has grown. */
  tell(topic: Topic): void {
    for (const watcher of this.streams.get(topic) ?? []) watcher.wake?.()
    for (const socket of this.ctx.getWebSockets(topic)) {
      try {
        this.fill(socket)
      } catch (error) {
        // What is watched goes on whatever becomes of those who watch it.
        console.warn("execution: a viewer was lost", { topic, error: String(error) })
      }
    }
  }

  /**
   * Server-sent events after `seq`: one per entry with its seq as `id`; ends after the last. A viewer is also
   * told who else watches, by events named `presence`, which have no id.
   */
  stream(topic: Topic, seq: number, viewer?: Viewer): ReadableStream<Uint8Array> {
    let cursor = seq
    let told = ""
    let isOver = false
    const watcher: Watcher = { viewer, wake: undefined }
    const leave = () => {
      if (!isOver) this.left(topic, watcher)
      isOver = true
    }
    this.came(topic, watcher)
    return new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(encoder.encode("retry: 1000\n\n")),
      pull: async (controller) => {
        for (;;) {
          // Asked before the read: an end that comes in between is then seen by the next one.
          const wasSettled = this.deps.isSettled(topic)
          const page = this.deps.pageAfter(topic, cursor)
          if (page) {
            cursor = page.last
            await page.durable
            if (!isOver) controller.enqueue(page.stream)
            return
          }
          if (wasSettled) {
            leave()
            return controller.close()
          }
          const present = viewer === undefined ? "" : this.present(topic)
          if (present !== told) {
            told = present
            return controller.enqueue(encoder.encode(`event: presence\ndata: ${present}\n\n`))
          }
          const hasNews = await news(watcher)
          if (isOver) return
          if (!hasNews) return controller.enqueue(encoder.encode(": still here\n\n"))
        }
      },
      cancel: leave,
    })
  }

  private came(topic: Topic, watcher: Watcher): void {
    const watchers = this.streams.get(topic)
    if (watchers) watchers.add(watcher)
    else this.streams.set(topic, new Set([watcher]))
    if (watcher.viewer !== undefined) this.tellPresence(topic)
  }

  private left(topic: Topic, watcher: Watcher): void {
    const watchers = this.streams.get(topic)
    watchers?.delete(watcher)
    if (watchers?.size === 0) this.streams.delete(topic)
    if (watcher.viewer !== undefined) this.tellPresence(topic)
  }

  /** Who watches, as JSON: a person with several windows once. */
  private present(topic: Topic): string {
    const viewers = new Map<string, Viewer>()
    const add = (viewer: Viewer | undefined) =>
      viewer && viewers.size < mostNamed && viewers.set(viewer.id, viewer)
    for (const watcher of this.streams.get(topic) ?? []) add(watcher.viewer)
    for (const socket of this.ctx.getWebSockets(topic))
      if (socket.readyState === WebSocket.OPEN)
        add((socket.deserializeAttachment() as Attachment<Topic>).viewer)
    return JSON.stringify({ viewers: [...viewers.values()] } satisfies Presence)
  }

  /** Somebody has come or gone. */
  private tellPresence(topic: Topic): void {
    for (const watcher of this.streams.get(topic) ?? []) if (watcher.viewer) watcher.wake?.()
    const sockets = this.ctx.getWebSockets(topic)
    if (sockets.length === 0) return
    const present = this.present(topic)
    for (const socket of sockets) this.sayPresence(socket, present)
  }

  /** One that takes nothing in is told later. */
  private sayPresence(socket: WebSocket, present: string): void {
    if (socket.readyState !== WebSocket.OPEN) return
    const seen = socket.deserializeAttachment() as Attachment<Topic>
    if (seen.viewer === undefined || isFull(seen) || seen.told === present) return
    socket.send(JSON.stringify({ type: "presence", ...(JSON.parse(present) as Presence) }))
    socket.serializeAttachment({ ...seen, told: present } satisfies Attachment)
  }

  /** A socket has closed. */
  gone(socket: WebSocket): void {
    const { topic, viewer } = socket.deserializeAttachment() as Attachment<Topic>
    if (viewer !== undefined) this.tellPresence(topic)
  }

  /** Takes a WebSocket viewer in; it is sent what comes after `seq`. */
  accept(topic: Topic, seq: number, viewer?: Viewer, pass?: Pass): Response {
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server, [topic])
    server.serializeAttachment({
      topic,
      sent: seq,
      acked: seq,
      bytes: 0,
      fullSince: 0,
      ...(viewer === undefined ? {} : { viewer }),
      ...(pass === undefined ? {} : { pass }),
    } satisfies Attachment)
    if (pass !== undefined) this.lookSoon()
    this.fill(server)
    if (viewer !== undefined) this.tellPresence(topic)
    return new Response(null, { status: 101, webSocket: client })
  }

  /** What a viewer says: an acknowledgement, or nonsense that ends the talk. */
  heard(socket: WebSocket, message: string | ArrayBuffer): void {
    const up = Up.safeParse(parsed(message))
    if (!up.success) return socket.close(1007, "expected {type: ack, seq}")
    const seen = socket.deserializeAttachment() as Attachment<Topic>
    const acked = Math.min(Math.max(seen.acked, up.data.seq), seen.sent)
    socket.serializeAttachment({
      ...seen,
      acked,
      bytes: acked === seen.sent ? 0 : seen.bytes,
      fullSince: 0,
    } satisfies Attachment)
    this.fill(socket)
    if (seen.viewer !== undefined) this.sayPresence(socket, this.present(seen.topic))
  }

  /** Sends as much as the window allows; a window that stays full ends the talk, and the viewer resumes by seq. */
  private fill(socket: WebSocket): void {
    // The runtime still lists sockets that are being closed; nothing can be said to them.
    if (socket.readyState !== WebSocket.OPEN) return
    const seen = socket.deserializeAttachment() as Attachment<Topic>
    if (isFull(seen)) return this.stall(socket, seen)
    const wasSettled = this.deps.isSettled(seen.topic)
    const page = this.deps.pageAfter(seen.topic, seen.sent)
    if (!page) {
      if (!wasSettled) return
      socket.send(JSON.stringify({ type: "end", last_seq: seen.sent }))
      return socket.close(1000, "ended")
    }
    const room = window.events - (seen.sent - seen.acked)
    const events = page.events.slice(0, room)
    const frame = page.events.length <= room ? page.frame : JSON.stringify({ type: "events", events })
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

const isFull = ({ sent, acked, bytes }: Attachment): boolean =>
  sent - acked >= window.events || bytes >= window.bytes

/** True when there is something to look at, false when nothing has happened for a heartbeat. */
const news = (watcher: Watcher): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => {
      watcher.wake = undefined
      resolve(false)
    }, heartbeatMs)
    watcher.wake = () => {
      watcher.wake = undefined
      clearTimeout(timer)
      resolve(true)
    }
  })
