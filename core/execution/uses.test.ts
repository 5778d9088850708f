import { expect, it } from "vitest"
import type { ExecutionId } from "#core/ids"
import type { ExecutionEvent, NewEvent } from "./event.ts"
import { newLedger, usesAfter } from "./uses.ts"

const id = "exec_0001JD0000000000000000000000" as ExecutionId

const queued: NewEvent = {
  type: "execution.queued",
  data: {
    flow_id: "flow_1",
    flow_name: "Triage",
    flow_version: 1,
    definition: "d",
    engine_version: 5,
    actor: "user_1",
    inputs: {},
    timeout_ms: 1000,
  },
}
const begin = (node_id: string, scope = "", ...credentials: string[]): NewEvent => ({
  type: "node.started",
  node_id,
  ...(scope ? { scope } : {}),
  attempt: 1,
  data: credentials.length > 0 ? { credentials } : {},
})
const end = (node_id: string, scope = ""): NewEvent => ({
  type: "node.succeeded",
  node_id,
  ...(scope ? { scope } : {}),
  attempt: 1,
  data: { output: null, handles: ["out"] },
})
const retrying = (node_id: string): NewEvent => ({
  type: "node.retrying",
  node_id,
  attempt: 1,
  data: { error: { code: "http.status_503", message: "busy" }, due: "2026-11-22T12:00:01.000Z" },
})
const cancelled: NewEvent = { type: "execution.cancelled", data: {} }

const journal = (...events: NewEvent[]): ExecutionEvent[] =>
  events.map((event, i) => ({
    seq: i + 1,
    at: new Date(1_800_000_000_000 + i).toISOString(),
    ...event,
  }))

const short = (events: ExecutionEvent[]) =>
  usesAfter(newLedger(id), events).map((use) => [
    use.credential_id,
    use.node_id,
    use.within,
    use.count,
    use.seq,
  ])

it("tells one use for each credential and step when the step has ended, however many attempts it took", () => {
  const events = journal(
    queued,
    begin("ask", "", "c1", "c2"),
    retrying("ask"),
    begin("ask", "", "c1"),
    end("ask"),
  )
  expect(short(events.slice(0, 4))).toEqual([])
  expect(short(events)).toEqual([
    ["c1", "ask", undefined, 2, 5],
    ["c2", "ask", undefined, 1, 5],
  ])
  expect(usesAfter(newLedger(id), events)[0]).toMatchObject({
    execution_id: id,
    flow_id: "flow_1",
    actor: "user_1",
    at: events[4]!.at,
  })
})

it("tells of ten thousand items once, when the map has ended and not before", () => {
  const items = Array.from({ length: 10_000 }, (_, i) => [
    begin("call", `each[${i}]`, "c1"),
    end("call", `each[${i}]`),
  ]).flat()
  const events = journal(queued, begin("each"), ...items, end("each"))
  expect(short(events.slice(0, -1))).toEqual([])
  expect(short(events)).toEqual([["c1", "each", "each/call", 10_000, 20_003]])
})

it("tells of what had not ended when the execution does, and of nothing where no credential is", () => {
  expect(short(journal(queued, begin("ask", "", "c1"), cancelled))).toEqual([["c1", "ask", undefined, 1, 3]])
  expect(short(journal(queued, begin("ask"), end("ask"), cancelled))).toEqual([])
})

it("tells the same wherever the events are cut", () => {
  const events = journal(
    queued,
    begin("a", "", "c1"),
    end("a"),
    begin("each"),
    begin("b", "each[0]", "c1"),
    end("b", "each[0]"),
    end("each"),
    begin("c", "", "c2"),
    cancelled,
  )
  const whole = usesAfter(newLedger(id), events)
  expect(whole).toHaveLength(3)
  for (let cut = 0; cut <= events.length; cut++) {
    const ledger = newLedger(id)
    expect([...usesAfter(ledger, events.slice(0, cut)), ...usesAfter(ledger, events.slice(cut))]).toEqual(
      whole,
    )
  }
})
