import { describe, expect, it } from "vitest"
import type { FlowEdge, FlowGraph, FlowNode } from "#core/flow/graph"
import { planOf } from "#core/flow/plan"
import type { Json, JsonObject } from "#core/json"
import type { ExecutionEvent, NewEvent } from "./event.ts"
import { next, nextDue } from "./next.ts"
import { fold, reduce, replay } from "./reduce.ts"
import { afterFault } from "./retry.ts"
import { initialState, type ExecutionState } from "./state.ts"
import { incomingOf, outputsOf } from "./values.ts"

const node = (id: string, type: string, data: JsonObject = {}): FlowNode => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data,
})
const edge = (source: string, target: string, handle?: string): FlowEdge => ({
  id: `${source}-${handle ?? "out"}-${target}`,
  source,
  target,
  ...(handle ? { source_handle: handle } : {}),
})
const graph = (nodes: FlowNode[], edges: FlowEdge[]): FlowGraph => ({ nodes, edges, settings: {} })
const t0 = Date.parse("2026-11-21T09:00:00.000Z")

/** A journal that grows by hand, so that a test can say in which order steps end. */
function journal(of: FlowGraph, inputs: JsonObject = {}) {
  const plan = planOf(of)
  const state = initialState()
  const events: ExecutionEvent[] = []
  const add = (event: NewEvent) => {
    const whole = {
      seq: events.length + 1,
      at: new Date(t0 + events.length).toISOString(),
      ...event,
    }
    events.push(whole)
    fold(state, whole)
  }
  add({
    type: "execution.queued",
    data: {
      flow_id: "f",
      flow_name: "F",
      flow_version: 1,
      definition: "d",
      engine_version: 1,
      actor: "a",
      inputs,
      timeout_ms: 1000,
    },
  })
  add({ type: "execution.started", data: {} })
  const begin = (id: string, attempt = 1) => add({ type: "node.started", node_id: id, attempt, data: {} })
  return {
    plan,
    state,
    events,
    add,
    begin,
    end(id: string, output: Json = id, handles = ["out"]) {
      begin(id)
      add({ type: "node.succeeded", node_id: id, attempt: 1, data: { output, handles } })
    },
    skip: (id: string) => add({ type: "node.skipped", node_id: id, data: {} }),
    asks: (now = t0) =>
      next(state, plan, now).map((one) => ("node" in one ? `${one.do} ${one.node.id}` : one.do)),
  }
}

const diamond = graph(
  [
    node("in", "input"),
    node("a", "transform", { value: "1" }),
    node("b", "transform", { value: "2" }),
    node("m", "merge"),
    node("out", "output"),
  ],
  [edge("in", "a"), edge("in", "b"), edge("a", "m"), edge("b", "m"), edge("m", "out")],
)

describe("the plan of an execution", () => {
  it("[EX1] begins at the input, then everything that has what it waits for, at once", () => {
    const j = journal(diamond)
    expect(j.asks()).toEqual(["begin in"])
    j.begin("in")
    expect(j.asks()).toEqual([])
    j.end("in")
    expect(j.asks()).toEqual(["begin a", "begin b"])
  })

  it("[EX2] a join waits for every route that is not skipped", () => {
    const j = journal(diamond)
    j.end("in")
    j.end("a")
    expect(j.asks()).toEqual(["begin b"])
    j.end("b")
    expect(j.asks()).toEqual(["begin m"])
  })

  it("[EX3] routes that were not chosen are skipped through to the join, which goes on with the others", () => {
    const routed = graph(
      [
        node("in", "input"),
        node("c", "condition"),
        node("yes", "transform"),
        node("no", "transform"),
        node("far", "transform"),
        node("m", "merge"),
        node("out", "output"),
      ],
      [
        edge("in", "c"),
        edge("c", "yes", "hit"),
        edge("c", "no", "else"),
        edge("no", "far"),
        edge("yes", "m"),
        edge("far", "m"),
        edge("m", "out"),
      ],
    )
    const j = journal(routed)
    j.end("in")
    j.end("c", "x", ["hit"])
    expect(j.asks().toSorted()).toEqual(["begin yes", "skip no"])
    j.skip("no")
    expect(j.asks()).toContain("skip far")
    j.skip("far")
    j.end("yes", "Y")
    expect(j.asks()).toEqual(["begin m"])
    expect(incomingOf(j.state, j.plan, j.plan.root.nodes.get("m")!)).toEqual({ yes: "Y" })
  })

  it("[EX4] a merge of any takes the route that ended first, whatever the order of the edges", () => {
    const any = {
      ...diamond,
      nodes: diamond.nodes.map((one) => (one.id === "m" ? node("m", "merge", { mode: "any" }) : one)),
    }
    const j = journal(any)
    j.end("in")
    j.begin("a")
    j.end("b", "B")
    expect(j.asks()).toEqual(["begin m"])
    j.add({ type: "node.succeeded", node_id: "a", attempt: 1, data: { output: "A", handles: ["out"] } })
    expect(incomingOf(j.state, j.plan, j.plan.root.nodes.get("m")!)).toBe("B")
  })

  it("[EX5] ends when every node is settled, with one output's value or several by name", () => {
    const j = journal(diamond, { text: "t" })
    for (const id of ["in", "a", "b", "m"]) j.end(id)
    j.end("out", { answer: 42 }, [])
    expect(next(j.state, j.plan, t0)).toEqual([{ do: "succeed", outputs: { answer: 42 } }])
    const two = journal(
      graph(
        [node("in", "input"), node("x", "output"), node("y", "output")],
        [edge("in", "x"), edge("in", "y")],
      ),
    )
    two.end("in")
    two.end("x", 1, [])
    two.end("y", 2, [])
    expect(outputsOf(two.state, two.plan.root, "")).toEqual({ x: 1, y: 2 })
  })

  it("[EX6] a step that fails without a route fails the execution, and nothing else is begun", () => {
    const j = journal(diamond)
    j.end("in")
    j.begin("a")
    j.add({
      type: "node.failed",
      node_id: "a",
      attempt: 1,
      data: { error: { code: "x.y", message: "No." }, handles: [] },
    })
    expect(next(j.state, j.plan, t0)).toEqual([
      { do: "fail", error: { code: "x.y", message: "No.", node_id: "a" } },
    ])
  })

  it("[EX7] a cancelled execution begins no further step", () => {
    const j = journal(diamond)
    j.end("in")
    j.add({ type: "execution.cancelling", data: { actor: "a" } })
    expect(j.asks()).toEqual([])
  })

  it("[EX8] a retry waits for its time, then begins the next attempt", () => {
    const j = journal(diamond)
    j.end("in")
    j.end("b")
    j.begin("a")
    const due = new Date(t0 + 5_000).toISOString()
    j.add({
      type: "node.retrying",
      node_id: "a",
      attempt: 1,
      data: { error: { code: "x.y", message: "Later." }, due },
    })
    expect(j.asks(t0 + 4_999)).toEqual([])
    expect(nextDue(j.state)).toBe(t0 + 5_000)
    expect(next(j.state, j.plan, t0 + 5_000)).toMatchObject([{ do: "begin", node: { id: "a" }, attempt: 2 }])
  })

  it("[EX9] a node that no route reaches is no part of the execution", () => {
    const j = journal(
      graph([node("in", "input"), node("out", "output"), node("alone", "transform")], [edge("in", "out")]),
    )
    j.end("in")
    j.end("out", 1, [])
    expect(next(j.state, j.plan, t0)).toEqual([{ do: "succeed", outputs: 1 }])
  })
})

describe("the fold of a journal", () => {
  const j = journal(diamond, { text: "t" })
  j.end("in")
  j.begin("a")
  j.add({ type: "model.delta", node_id: "a", attempt: 1, data: { text: "Hel" } })
  j.add({ type: "model.delta", node_id: "a", attempt: 1, data: { text: "lo" } })
  j.add({ type: "node.log", node_id: "a", data: { level: "info", message: "hm" } })
  j.add({
    type: "model.finished",
    node_id: "a",
    attempt: 1,
    data: {
      model: "m",
      finish_reason: "stop",
      usage: { input_tokens: 3, output_tokens: 2 },
      cost_micros: 7,
      latency_ms: 12,
    },
  })
  j.add({ type: "node.succeeded", node_id: "a", attempt: 1, data: { output: "Hello", handles: ["out"] } })

  it("[EX10] is the same step by step, in place, and from the whole", () => {
    const stepped = j.events.reduce<ExecutionState>((state, event) => reduce(state, event), initialState())
    expect(stepped).toEqual(replay(j.events))
    expect(stepped).toEqual(j.state)
    expect(stepped.nodes["a"]).toMatchObject({
      text: "Hello",
      output: "Hello",
      cost_micros: 7,
      status: "succeeded",
    })
    expect(stepped).toMatchObject({ input_tokens: 3, output_tokens: 2, cost_micros: 7 })
  })

  it("[EX11] leaves the state it was given alone", () => {
    const before = replay(j.events.slice(0, 4))
    const copy = structuredClone(before)
    reduce(before, j.events.at(4)!)
    expect(before).toEqual(copy)
  })

  it("[EX12] takes an event that a resumed stream repeats once", () => {
    const twice = [...j.events, ...j.events.slice(-3)]
    expect(replay(twice)).toEqual(j.state)
  })

  it("[EX13] knows a late answer by its attempt", () => {
    const late = journal(diamond)
    late.end("in")
    late.begin("a")
    late.add({
      type: "node.retrying",
      node_id: "a",
      attempt: 1,
      data: { error: { code: "x.y", message: "?" }, due: new Date(t0).toISOString() },
    })
    late.begin("a", 2)
    late.add({ type: "node.succeeded", node_id: "a", attempt: 1, data: { output: "late", handles: ["out"] } })
    expect(late.state.nodes["a"]).toMatchObject({ status: "running", attempt: 2, output: undefined })
  })

  it("[EX14] counts what was under way at the end as cancelled", () => {
    const ended = journal(diamond)
    ended.end("in")
    ended.begin("a")
    ended.add({ type: "execution.failed", data: { error: { code: "x.y", message: "No." } } })
    expect(ended.state.nodes["a"]?.status).toBe("cancelled")
  })
})

describe("what follows from a failed attempt", () => {
  const fault = { code: "model.rate_limited", message: "Busy.", retry: true }
  const step = (data: JsonObject) => node("a", "llm", { prompt: "p", ...data })

  it("[EX15] is the failure, unless the node says otherwise", () => {
    expect(afterFault(step({}), "", 1, fault, t0, 0)).toMatchObject({
      type: "node.failed",
      data: { handles: [] },
    })
    expect(afterFault(step({ on_error: "route" }), "", 1, fault, t0, 0)).toMatchObject({
      type: "node.failed",
      data: { handles: ["error"] },
    })
    expect(afterFault(step({ on_error: "continue", error_value: 0 }), "", 1, fault, t0, 0)).toMatchObject({
      data: { handles: ["out"], output: 0 },
    })
  })

  it("[EX16] waits longer each time, within the jitter, and never less than the vendor asks", () => {
    const patient = step({ retry: { max_attempts: 3, backoff_ms: 1000, factor: 2 } })
    const due = (attempt: number, jitter: number, more = {}) => {
      const event = afterFault(patient, "", attempt, { ...fault, ...more }, t0, jitter)
      return event.type === "node.retrying" ? Date.parse(event.data.due) - t0 : undefined
    }
    expect([due(1, 0), due(1, 0.999), due(2, 0)]).toEqual([500, 999, 1000])
    expect(due(1, 0, { retry_after_ms: 9000 })).toBe(9000)
    expect(due(3, 0)).toBeUndefined()
  })

  it("[EX17] retries only errors that may pass, or those that are named", () => {
    const retry = { max_attempts: 3, backoff_ms: 0, factor: 1 }
    const hopeless = { code: "model.unauthorized", message: "No.", retry: false }
    expect(afterFault(step({ retry }), "", 1, hopeless, t0, 0).type).toBe("node.failed")
    expect(afterFault(step({ retry: { ...retry, on: ["model"] } }), "", 1, hopeless, t0, 0).type).toBe(
      "node.retrying",
    )
    expect(afterFault(step({ retry: { ...retry, on: ["expression"] } }), "", 1, fault, t0, 0).type).toBe(
      "node.failed",
    )
  })

  it("[EX18] a condition that carries on takes its else, since it has no plain way out", () => {
    const choice = node("c", "condition", { branches: [], on_error: "continue", error_value: 1 })
    expect(afterFault(choice, "", 1, fault, t0, 0)).toMatchObject({ data: { handles: ["else"], output: 1 } })
  })

  it("[EX19] an attempt that the server's stopping cut off is none of the node's own, nor makes it wait longer", () => {
    const j = journal(diamond)
    j.end("in")
    j.begin("a")
    const cut = { code: "step.interrupted", message: "The server stopped." }
    j.add({
      type: "node.retrying",
      node_id: "a",
      attempt: 1,
      data: { error: cut, due: new Date(t0).toISOString() },
    })
    j.begin("a", 2)
    const interruptions = j.state.nodes["a"]?.interruptions
    const patient = step({ retry: { max_attempts: 2, backoff_ms: 1000, factor: 4 } })
    expect(afterFault(patient, "", 2, fault, t0, 0, interruptions)).toMatchObject({
      type: "node.retrying",
      data: { due: new Date(t0 + 500).toISOString() },
    })
    expect(afterFault(patient, "", 3, fault, t0, 0, interruptions).type).toBe("node.failed")
  })
})
