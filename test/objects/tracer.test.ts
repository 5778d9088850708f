import { expect, it } from "vitest"
import type { ExecutionEvent, NewEvent } from "#core/execution/event"
import type { ExecutionId } from "#core/ids"
import type { Span } from "#core/trace/span"
import { Tracer } from "#durable/execution/tracer"

const id = "exec_0001JD0000000000000000000000" as ExecutionId

/** A lane's journal with a tracer beside it, and what the tenant's database has got. */
class Lane {
  journal: ExecutionEvent[] = []
  traced = 0
  active = true
  readonly arrived = new Map<string, Span>()
  tracer = this.fresh()

  private fresh(): Tracer {
    return new Tracer({
      events: () => this.journal,
      describe: () => () => undefined,
      traced: () => this.traced,
      isActive: () => this.active,
    })
  }

  write(...events: NewEvent[]): void {
    const from = this.journal.length
    const whole = events.map((event, i): ExecutionEvent => ({
      seq: from + i + 1,
      at: new Date(1_800_000_000_000 + from + i).toISOString(),
      ...event,
    }))
    this.journal.push(...whole)
    this.tracer.take(id, whole)
  }

  /** An outbox that notes what has arrived, unless it breaks on the way. */
  deliver(reaches: "all" | "database" | "nothing" = "all"): Span[] {
    const spans = this.tracer.ended(id)
    if (reaches === "nothing") return spans
    for (const span of spans) if (!this.arrived.has(span.id)) this.arrived.set(span.id, span)
    if (reaches === "database") return spans
    this.traced = this.journal.length
    this.tracer.delivered(id)
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

it("delivers each span as soon as it has ended, once", () => {
  const lane = new Lane()
  lane.write(queued, begin("a"), succeed("a"), begin("b"))
  expect(nodesOf(lane.deliver())).toEqual(["a"])
  lane.write(succeed("b"), over)
  expect(nodesOf(lane.deliver())).toEqual(["b", "execution"])
  lane.active = false
  expect(nodesOf(lane.deliver())).toEqual([])
})

it("delivers the same again after a delivery that failed, with what came meanwhile", () => {
  const lane = new Lane()
  lane.write(queued, begin("a"), succeed("a"))
  const first = lane.deliver("nothing")
  lane.write(begin("b"), succeed("b"))
  expect(lane.deliver()).toEqual([...first, expect.objectContaining({ node_id: "b" })])
})

it("loses nothing that came while a delivery was on its way", () => {
  const lane = new Lane()
  lane.write(queued, begin("a"), succeed("a"), begin("b"))
  const sent = lane.tracer.ended(id)
  lane.write(succeed("b"))
  lane.tracer.delivered(id)
  expect(nodesOf(sent)).toEqual(["a"])
  expect(nodesOf(lane.tracer.ended(id))).toEqual(["b"])
})

it("makes the same spans from the journal after a crash, wherever the delivery broke off", () => {
  for (const reached of ["nothing", "database", "all"] as const) {
    const lane = new Lane()
    lane.write(queued, begin("a"), succeed("a"), begin("b"))
    lane.deliver(reached)
    lane.crash()
    lane.write(succeed("b"), over)
    lane.deliver()
    const calm = new Lane()
    calm.write(queued, begin("a"), succeed("a"), begin("b"), succeed("b"), over)
    calm.deliver()
    expect([...lane.arrived.values()]).toEqual([...calm.arrived.values()])
  }
})

it("takes up an execution that has rested, without sending what has arrived", () => {
  const lane = new Lane()
  lane.write(queued, begin("a"), succeed("a"), begin("b"))
  lane.active = false
  lane.deliver()
  lane.active = true
  lane.write(succeed("b"))
  expect(nodesOf(lane.deliver())).toEqual(["b"])
})

it("gives up what memory cannot hold, and takes it from the journal", () => {
  const lane = new Lane()
  lane.write(queued)
  for (let i = 0; i < 21_000; i++) lane.write(begin(`n${i}`), succeed(`n${i}`))
  const spans = lane.deliver()
  expect(spans).toHaveLength(21_000)
  expect(spans[0]!.node_id).toBe("n0")
})
