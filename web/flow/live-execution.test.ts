import { afterEach, expect, it, vi } from "vitest"
import type { ExecutionEvent } from "#core/execution/event"
import { replay } from "#core/execution/reduce"
import { LiveExecution, type JournalSource } from "./live-execution.ts"

const at = "2026-11-21T09:00:00.000Z"

const events: ExecutionEvent[] = [
  {
    seq: 1,
    at,
    type: "execution.queued",
    data: {
      flow_id: "flow",
      flow_name: "Flow",
      flow_version: null,
      definition: "d",
      engine_version: 1,
      actor: "user",
      inputs: {},
      timeout_ms: 1_000,
    },
  },
  { seq: 2, at, type: "execution.started", data: {} },
  { seq: 3, at, type: "node.started", node_id: "draft", attempt: 1, data: {} },
  { seq: 4, at, type: "model.delta", node_id: "draft", attempt: 1, data: { text: "Hel" } },
  { seq: 5, at, type: "model.delta", node_id: "draft", attempt: 1, data: { text: "lo" } },
  {
    seq: 6,
    at,
    type: "node.succeeded",
    node_id: "draft",
    attempt: 1,
    data: { output: "Hello", handles: ["out"] },
  },
  { seq: 7, at, type: "execution.succeeded", data: { outputs: "Hello" } },
]

class Gone extends Error {}

/** A connection on which nothing comes. */
async function* silence(): AsyncGenerator<ExecutionEvent> {
  yield await new Promise<never>(() => undefined)
}

/** A server whose journal is written up to `written`, and whose streams do as they are told, one connection after another. */
function server(written: number, streams: ((after: number) => AsyncGenerator<ExecutionEvent>)[]) {
  const asked: string[] = []
  const state = { written }
  const source: JournalSource = {
    async page(after) {
      asked.push(`page ${after}`)
      const rest = events.filter((event) => event.seq > after && event.seq <= state.written)
      return { events: rest.slice(0, 2), has_more: rest.length > 2 }
    },
    async *stream(after) {
      asked.push(`stream ${after}`)
      yield* (streams.shift() ?? silence)(after)
    },
    isFinal: (error) => error instanceof Gone,
  }
  return { source, asked, state }
}

const waits = {
  soon: (tell: () => void) => queueMicrotask(tell),
  pause: () => new Promise<void>((resolve) => setTimeout(resolve, 1)),
}

const opened: LiveExecution[] = []
function open(source: JournalSource): LiveExecution {
  const live = new LiveExecution("exec", source, waits)
  opened.push(live)
  live.open()
  return live
}
afterEach(() => opened.splice(0).forEach((live) => live.close()))

const from = (after: number, until: number) =>
  events.filter((event) => event.seq > after && event.seq <= until)

it("reads a settled execution page by page, and opens no stream", async () => {
  const { source, asked } = server(7, [])
  const live = open(source)
  await vi.waitFor(() => expect(live.link).toBe("ended"), { timeout: 10_000 })
  expect(asked).toEqual(["page 0", "page 2", "page 4", "page 6"])
  expect(live.state).toEqual(replay(events))
})

it("follows one that goes on, and folds to the same state as its journal", async () => {
  const { source } = server(3, [
    async function* (after) {
      yield* from(after, 7)
    },
  ])
  const live = open(source)
  await vi.waitFor(() => expect(live.link).toBe("ended"), { timeout: 10_000 })
  expect(live.state).toEqual(replay(events))
  expect(live.events.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5, 6, 7])
})

it("goes on after the last event it saw when the line breaks, and loses and doubles nothing", async () => {
  const { source, asked, state } = server(3, [
    async function* (after) {
      yield* from(after, 4)
      throw new TypeError("network")
    },
    async function* (after) {
      // A stream that repeats what was seen.
      yield* from(after - 2, 5)
    },
    async function* (after) {
      yield* from(after, 7)
    },
  ])
  state.written = 4
  const live = open(source)
  await vi.waitFor(() => expect(live.link).toBe("ended"), { timeout: 10_000 })
  expect(live.events.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(live.node("draft")?.output).toBe("Hello")
  expect(asked.filter((one) => one.startsWith("stream"))).toEqual(["stream 4", "stream 4", "stream 5"])
})

it("shows the text so far, and the same to the letter when it is opened again", async () => {
  const hold = async function* (after: number) {
    yield* from(after, 5)
    await new Promise(() => undefined)
  }
  const { source } = server(3, [hold, hold])
  const first = open(source)
  await vi.waitFor(() => expect(first.node("draft")?.text).toBe("Hello"), { timeout: 10_000 })
  first.close()
  const second = open(source)
  await vi.waitFor(() => expect(second.state).toEqual(first.state), { timeout: 10_000 })
  expect(second.link).toBe("live")
})

it("says that it reconnects while it does", async () => {
  let calls = 0
  const { source } = server(3, [])
  const live = new LiveExecution(
    "exec",
    {
      ...source,
      page: async (after, signal) =>
        calls++ < 2 ? Promise.reject(new TypeError("network")) : source.page(after, signal),
    },
    waits,
  )
  opened.push(live)
  const links: string[] = []
  live.subscribe(() => links.push(live.link))
  live.open()
  await vi.waitFor(() => expect(links).toContain("live"), { timeout: 10_000 })
  expect(links[0]).toBe("reconnecting")
})

it("stops at a word that is the last one", async () => {
  const page = vi.fn(() => Promise.reject(new Gone()))
  const live = open({ ...server(0, []).source, page })
  await vi.waitFor(() => expect(live.link).toBe("failed"), { timeout: 10_000 })
  expect(live.error).toBeInstanceOf(Gone)
  expect(page).toHaveBeenCalledTimes(1)
})

it("keeps the state of a node the same object until that node changes", async () => {
  const { source } = server(3, [
    async function* (after) {
      yield* from(after, 4)
      await new Promise(() => undefined)
    },
  ])
  const live = open(source)
  await vi.waitFor(() => expect(live.node("draft")?.text).toBe("Hel"), { timeout: 10_000 })
  const seen = live.node("draft")
  await Promise.resolve()
  expect(live.node("draft")).toBe(seen)
})

it("can be opened anew after it failed", async () => {
  const { source } = server(7, [])
  let fails = true
  const live = open({
    ...source,
    page: (after, signal) => (fails ? Promise.reject(new Gone()) : source.page(after, signal)),
  })
  await vi.waitFor(() => expect(live.link).toBe("failed"), { timeout: 10_000 })
  fails = false
  live.open()
  await vi.waitFor(() => expect(live.link).toBe("ended"), { timeout: 10_000 })
  expect(live.state).toEqual(replay(events))
})
