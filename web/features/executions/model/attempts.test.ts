import { expect, it } from "vitest"
import type { ExecutionEvent } from "#core/execution/event"
import { attemptsOf, eventsOf } from "./attempts.ts"

const begun = Date.parse("2026-11-21T09:00:00.000Z")
const time = (ms: number) => new Date(begun + ms).toISOString()
const error = { code: "http.status", message: "503" }
const done = { output: "x", handles: ["out"] }
const send = { node_id: "send", scope: "each[0]" }
const request = { method: "POST", url: "https://x.example", idempotency_key: "k" }

const events: ExecutionEvent[] = [
  { seq: 1, at: time(0), type: "execution.started", data: {} },
  { seq: 2, at: time(1), type: "node.succeeded", node_id: "input", attempt: 1, data: done },
  { seq: 3, at: time(2), type: "node.started", ...send, attempt: 1, data: {} },
  { seq: 4, at: time(3), type: "http.started", ...send, attempt: 1, data: request },
  { seq: 5, at: time(90), type: "http.finished", ...send, attempt: 1, data: { status: 503, latency_ms: 87 } },
  { seq: 6, at: time(100), type: "node.retrying", ...send, attempt: 1, data: { error, due: time(300) } },
  { seq: 7, at: time(101), type: "node.started", node_id: "send", scope: "each[1]", attempt: 1, data: {} },
  { seq: 8, at: time(300), type: "node.started", ...send, attempt: 2, data: {} },
  { seq: 9, at: time(301), type: "http.started", ...send, attempt: 2, data: request },
  { seq: 10, at: time(400), type: "http.failed", ...send, attempt: 2, data: { error, latency_ms: 99 } },
  { seq: 11, at: time(401), type: "node.failed", ...send, attempt: 2, data: { error, handles: [] } },
]

it("tells each try at a step: when, what was sent, why it failed, when the next one was due", () => {
  const attempts = attemptsOf(eventsOf(events, "each[0]/send"))
  expect(attempts).toMatchObject([
    { number: 1, began: time(2), ended: time(100), outcome: "retrying", error, next: time(300) },
    { number: 2, began: time(300), ended: time(401), outcome: "failed", error, next: undefined },
  ])
  expect(attempts.map(({ exchanges }) => exchanges)).toMatchObject([
    [{ method: "POST", status: 503, latency_ms: 87, error: undefined }],
    [{ method: "POST", status: undefined, latency_ms: 99, error }],
  ])
})

it("keeps to one step of one iteration", () => {
  expect(attemptsOf(eventsOf(events, "each[1]/send"))).toMatchObject([{ number: 1, outcome: "running" }])
  expect(attemptsOf(eventsOf(events, "send"))).toEqual([])
})
