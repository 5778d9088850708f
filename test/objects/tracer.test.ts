import { expect, it } from "vitest"
import type { ExecutionEvent, NewEvent } from "#core/execution/event"
import type { CredentialUse } from "#core/execution/uses"
import type { ExecutionId } from "#core/ids"
import type { Span } from "#core/trace/span"
import type { JournalRow } from "#durable/execution/store"
import { Tracer } from "#durable/execution/tracer"

const id = "exec_0001JD0000000000000000000000" as ExecutionId

/** A lane's journal with a tracer beside it, and what the tenant's database has got. */
class Lane {
  rows: JournalRow[] = []
  seq = 0
  traced = 0
  reads = 0
  readonly arrived: Span[] = []
  readonly used: CredentialUse[] = []
  tracer = this.fresh()

  private fresh(): Tracer {
    return new Tracer({
      rowsAfter: (_, seq) => {
        this.reads++
        return this.rows.filter((row) => row.last_seq > seq).slice(0, 20)
      },
      describe: () => () => undefined,
    })
  }

  write(...events: NewEvent[]): void {
    const whole = events.map((event, i): ExecutionEvent => ({
      seq: this.seq + i + 1,
      at: new Date(1_800_000_000_000 + this.seq + i).toISOString(),
      ...event,
    }))
    this.rows.push({
      first_seq: this.seq + 1,
      last_seq: this.seq + events.length,
      events: JSON.stringify(whole),
    })
    this.seq += events.length
  }

  /** What an outbox does: it notes how far it came, unless the delivery broke. */
  deliver(arrives = true): Span[] {
    const { spans, uses, seq } = this.tracer.toldAfter(id, this.traced)
    if (arrives) {
      this.traced = seq
      this.arrived.push(...spans)
      this.used.push(...uses)
    }
    return spans
  }

  crash(): void {
    this.tracer = this.fresh()
  }
}

const queued: NewEvent = {
  type: "execution.queued",
  data: {
    flow_id: "flow_1",
    flow_name: "Triage",
    flow_version: 1,
    definition: "d",
    engine_version: 2,
    actor: "user_1",
    inputs: {},
    timeout_ms: 1000,
  },
}
const begin = (node_id: string): NewEvent => ({ type: "node.started", node_id, attempt: 1, data: {} })
const succeed = (node_id: string): NewEvent => ({
  type: "node.succeeded",
  node_id,
  attempt: 1,
  data: { output: null, handles: ["out"] },
})
const over: NewEvent = { type: "execution.succeeded", data: { outputs: null } }

const nodesOf = (spans: Iterable<Span>) => [...spans].map((span) => span.node_id ?? span.kind)

it("tells each span as soon as it has ended, once", () => {
  const lane = new Lane()
  lane.write(queued, begin("a"), succeed("a"), begin("b"))
  expect(nodesOf(lane.deliver())).toEqual(["a"])
  expect(nodesOf(lane.deliver())).toEqual([])
  lane.write(succeed("b"), over)
  expect(nodesOf(lane.deliver())).toEqual(["b", "execution"])
  expect(nodesOf(lane.deliver())).toEqual([])
})

it("tells the same again after a delivery that failed, with what came meanwhile", () => {
  const lane = new Lane()
  lane.write(queued, begin("a"), succeed("a"))
  const first = lane.deliver(false)
  lane.write(begin("b"), succeed("b"))
  expect(lane.deliver()).toEqual([...first, expect.objectContaining({ node_id: "b" })])
})

it("makes the same spans from the journal after a crash, whether a delivery had arrived or not", () => {
  const calm = new Lane()
  calm.write(queued, begin("a"), succeed("a"), begin("b"), succeed("b"), over)
  calm.deliver()
  for (const arrives of [true, false]) {
    const lane = new Lane()
    lane.write(queued, begin("a"), succeed("a"), begin("b"))
    lane.deliver(arrives)
    lane.crash()
    lane.write(succeed("b"), over)
    lane.deliver()
    expect(lane.arrived).toEqual(calm.arrived)
  }
})

it("tells the use of a credential once, whatever arrives and whatever crashes in the middle of its step", () => {
  const using: NewEvent = { type: "node.started", node_id: "a", attempt: 1, data: { credentials: ["c1"] } }
  for (const arrives of [true, false]) {
    const lane = new Lane()
    lane.write(queued, using)
    lane.deliver(arrives)
    lane.crash()
    lane.write(using, succeed("a"))
    lane.deliver(false)
    lane.crash()
    lane.write(begin("b"))
    lane.deliver()
    lane.crash()
    lane.write(succeed("b"), over)
    lane.deliver()
    expect(
      lane.used.map(({ credential_id, node_id, count, seq }) => [credential_id, node_id, count, seq]),
    ).toEqual([["c1", "a", 2, 4]])
  }
})

it("begins in the middle of a row where one was delivered in part", () => {
  const lane = new Lane()
  lane.write(queued, begin("a"), succeed("a"), begin("b"), succeed("b"))
  lane.traced = 3
  expect(nodesOf(lane.deliver())).toEqual(["b"])
})

it("tells many in portions that together are all", () => {
  const lane = new Lane()
  lane.write(queued)
  for (let i = 0; i < 5_000; i++) lane.write(begin(`n${i}`), succeed(`n${i}`))
  lane.write(over)
  const portions: number[] = []
  for (let portion = lane.deliver(); portion.length > 0; portion = lane.deliver())
    portions.push(portion.length)
  expect(Math.max(...portions)).toBeLessThan(2_100)
  expect(new Set(lane.arrived.map((span) => span.id)).size).toBe(5_001)
  expect(lane.arrived.at(-1)!.kind).toBe("execution")
})

it("reads only what is new while it remembers what was open", () => {
  const lane = new Lane()
  for (let i = 0; i < 400; i++) lane.write(...(i === 0 ? [queued] : []), begin(`n${i}`), succeed(`n${i}`))
  lane.deliver()
  lane.reads = 0
  lane.write(begin("last"), succeed("last"))
  expect(nodesOf(lane.deliver())).toEqual(["last"])
  expect(lane.reads).toBe(2)
})
