import { setTimeout as sleep } from "node:timers/promises"
import { createParser } from "../../e2e/kit/sse.ts"
import type { Client, Entry } from "./client.ts"

export type Wire = "sse" | "websocket"

/** An event as somebody was told it. */
export interface Told extends Entry {
  /** When it came, by `performance.now()` and by the clock. */
  came: number
  cameAt: number
  bytes: string
}

const terminal = /^execution\.(succeeded|failed|cancelled|timed_out)$/
const again = 20

/** Somebody who watches an execution to its end, whatever breaks in between, and remembers all that was told, to the byte. */
export class Viewer {
  readonly execution: string
  readonly wire: Wire
  readonly told: Told[] = []
  /** When each connection stood, by `performance.now()`. */
  readonly opened: number[] = []
  /** What it was told that does not follow from what it was told before. */
  readonly odd: string[] = []
  readonly #client: Client
  #leave = new AbortController()
  #isAway = false
  #listeners = new Set<(event: Told) => void>()
  readonly ended: Promise<void>

  constructor(client: Client, execution: string, wire: Wire) {
    this.#client = client
    this.execution = execution
    this.wire = wire
    this.ended = this.#watch()
  }

  get last(): Told | undefined {
    return this.told.at(-1)
  }

  get isOver(): boolean {
    return this.last !== undefined && terminal.test(this.last.type)
  }

  /** Told of each event as it comes; returns how to stop. */
  on(listener: (event: Told) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Resolves with the first event, told or to come, that is what is looked for. */
  async until(wanted: (event: Told) => boolean): Promise<Told> {
    const known = this.told.find(wanted)
    if (known) return known
    return new Promise((resolve) => {
      const stop = this.on((event) => {
        if (!wanted(event)) return
        stop()
        resolve(event)
      })
    })
  }

  /** Looks away: connections are closed until `back`. */
  away(): void {
    this.#isAway = true
    this.#leave.abort()
  }

  back(): void {
    this.#isAway = false
  }

  async #watch(): Promise<void> {
    while (!this.isOver) {
      if (!this.#isAway) {
        this.#leave = new AbortController()
        await (this.wire === "sse" ? this.#events() : this.#socket()).catch(() => {})
      }
      if (!this.isOver) await sleep(again)
    }
  }

  get #url(): string {
    return `${this.#client.address}/api/v1/executions/${this.execution}/stream`
  }

  async #events(): Promise<void> {
    const headers = { ...this.#client.headers, "last-event-id": String(this.last?.seq ?? 0) }
    const response = await fetch(this.#url, { headers, signal: this.#leave.signal })
    if (!response.ok || !response.body) {
      await response.body?.cancel()
      return
    }
    this.opened.push(performance.now())
    const parse = createParser()
    const decoder = new TextDecoder()
    for await (const chunk of response.body)
      for (const { data } of parse(decoder.decode(chunk, { stream: true }))) this.#hear(data)
  }

  async #socket(): Promise<void> {
    const url = `${this.#url.replace(/^http/, "ws")}?after=${this.last?.seq ?? 0}`
    // Node's takes headers where the browser's takes protocols.
    const headers = { ...this.#client.headers, origin: this.#client.address }
    const socket = new WebSocket(url, { headers } as unknown as string[])
    const leave = (): void => socket.close()
    this.#leave.signal.addEventListener("abort", leave)
    await new Promise<void>((resolve) => {
      socket.addEventListener("open", () => this.opened.push(performance.now()))
      socket.addEventListener("close", () => resolve())
      socket.addEventListener("error", () => resolve())
      socket.addEventListener("message", ({ data }) => {
        const message = JSON.parse(String(data)) as { type: string; events?: Entry[] }
        // Its keys keep their order, so these are the bytes that were sent.
        for (const event of message.events ?? []) this.#hear(JSON.stringify(event))
        if (message.events) socket.send(JSON.stringify({ type: "ack", seq: this.last?.seq ?? 0 }))
      })
    })
    this.#leave.signal.removeEventListener("abort", leave)
    socket.close()
  }

  #hear(bytes: string): void {
    const event: Told = {
      ...(JSON.parse(bytes) as Entry),
      came: performance.now(),
      cameAt: Date.now(),
      bytes,
    }
    const expected = (this.last?.seq ?? 0) + 1
    if (event.seq !== expected)
      this.odd.push(`${this.wire}: event ${event.seq} came where ${expected} was due`)
    this.told.push(event)
    for (const listener of this.#listeners) listener(event)
  }
}
