import { expect, it } from "vitest"
import type { ExecutionEvent } from "#core/execution/event"
import { emptyTimeline, extendTimeline, placeOf, ticksFor } from "./timeline.ts"

const begun = Date.parse("2026-11-21T09:00:00.000Z")
const time = (ms: number) => new Date(begun + ms).toISOString()
const error = { code: "model.overloaded", message: "Busy" }

const events: ExecutionEvent[] = [
  { seq: 1, at: time(0), type: "execution.started", data: {} },
  {
    seq: 2,
    at: time(1),
    type: "node.succeeded",
    node_id: "input",
    attempt: 1,
    data: { output: {}, handles: ["out"] },
  },
  { seq: 3, at: time(2), type: "node.started", node_id: "draft", attempt: 1, data: {} },
  {
    seq: 4,
    at: time(100),
    type: "node.retrying",
    node_id: "draft",
    attempt: 1,
    data: { error, due: time(300) },
  },
  { seq: 5, at: time(300), type: "node.started", node_id: "draft", attempt: 2, data: {} },
  {
    seq: 6,
    at: time(800),
    type: "model.finished",
    node_id: "draft",
    attempt: 2,
    data: {
      model: "m",
      finish_reason: "stop",
      usage: { input_tokens: 1, output_tokens: 1 },
      cost_micros: 1,
      latency_ms: 480,
      first_token_ms: 80,
    },
  },
  {
    seq: 7,
    at: time(801),
    type: "node.succeeded",
    node_id: "draft",
    attempt: 2,
    data: { output: "x", handles: ["out"] },
  },
  { seq: 8, at: time(802), type: "node.skipped", node_id: "other", data: {} },
  { seq: 9, at: time(803), type: "node.started", node_id: "last", scope: "each[0]", attempt: 1, data: {} },
  { seq: 10, at: time(900), type: "execution.cancelled", data: {} },
]

it("makes a row for each step in the order in which they were reached, with each attempt", () => {
  const { rows, began, ended } = extendTimeline(emptyTimeline(), events)
  expect([began, ended]).toEqual([begun, begun + 900])
  expect(rows.map((row) => [row.key, row.depth])).toEqual([
    ["input", 0],
    ["draft", 0],
    ["other", 0],
    ["each[0]/last", 1],
  ])
  expect(rows[1]!.attempts).toMatchObject([
    { number: 1, began: begun + 2, ended: begun + 100, status: "retrying" },
    { number: 2, began: begun + 300, ended: begun + 801, status: "succeeded", firstToken: begun + 400 },
  ])
})

it("counts what was under way at the end as cancelled", () => {
  const last = extendTimeline(emptyTimeline(), events).rows.at(-1)!
  expect(last.attempts).toMatchObject([{ status: "cancelled", ended: begun + 900 }])
})

it("comes to the same event by event as all at once, and keeps the rows that did not change", () => {
  let timeline = emptyTimeline()
  for (let i = 1; i <= events.length; i++) {
    const next = extendTimeline(timeline, events.slice(0, i))
    if (i === 8) expect(next.rows[1]).toBe(timeline.rows[1])
    timeline = next
  }
  expect(timeline).toEqual(extendTimeline(emptyTimeline(), events))
  expect(extendTimeline(timeline, events)).toBe(timeline)
})

it("places a bar on the axis, and a step without a duration as a mark", () => {
  const { rows } = extendTimeline(emptyTimeline(), events)
  expect(placeOf(rows[1]!.attempts[1]!, begun, begun + 1_000)).toEqual({
    left: 30,
    width: expect.closeTo(50.1),
    firstToken: expect.closeTo(10),
  })
  expect(placeOf(rows[0]!.attempts[0]!, begun, begun + 1_000)).toMatchObject({
    left: expect.closeTo(0.1),
    width: 0,
  })
  expect(placeOf(rows[2]!.attempts[0]!, begun, begun + 1_000)).toBeNull()
})

it("puts round ticks on the axis, six at most", () => {
  for (const span of [1, 7, 90, 1_000, 2_345, 61_000, 3_600_000]) {
    const ticks = ticksFor(span)
    expect(ticks.length).toBeLessThanOrEqual(6)
    for (const tick of ticks) expect(tick).toBeLessThan(span)
  }
  expect(ticksFor(1_000)).toEqual([200, 400, 600, 800])
  expect(ticksFor(1_000, 2)).toEqual([500])
})
