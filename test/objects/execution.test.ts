import {
  abortAllDurableObjects,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test"
import { beforeEach, describe, expect, it } from "vitest"
import { replay } from "#core/execution/reduce"
import type { FlowGraph } from "#core/flow/graph"
import {
  asking,
  edge,
  EXECUTION,
  freshStub,
  gated,
  journal,
  laneOf,
  node,
  pure,
  request,
  start,
  until,
} from "./kit.ts"
import { answerOf, world } from "./worker.ts"

beforeEach(() => {
  world.calls.length = 0
  world.failures = 0
  world.skew = 0
})

describe("an execution of pure steps", () => {
  it("[OB1] answers with its outputs, and its journal counts without a gap", async () => {
    const stub = freshStub()
    const { status, outputs, execution_id } = await start(stub, pure, { text: "hi" })
    expect({ status, outputs }).toEqual({ status: "succeeded", outputs: "HI" })
    const events = await journal(stub, execution_id)
    expect(events.map((one) => one.seq)).toEqual(events.map((_, i) => i + 1))
    expect(events.at(-1)?.type).toBe("execution.succeeded")
    expect(replay(events).outputs).toBe("HI")
  })

  it("[OB2] costs one row of the journal", async () => {
    const stub = freshStub()
    await start(stub, pure, { text: "hi" })
    const rows = await runInDurableObject(
      stub,
      (_, state) => state.storage.sql.exec("SELECT COUNT(*) AS n FROM journal").one()["n"],
    )
    expect(rows).toBe(1)
  })

  it("[OB3] wants a graph that it was never sent, and keeps the one that it was", async () => {
    const stub = freshStub()
    const unsent = await laneOf(stub).start({ ...request(pure, { text: "a" }), graph: undefined })
    expect(unsent).toEqual({ ok: true, value: { is: "definition_missing" } })
    await start(stub, pure, { text: "a" })
    expect((await start(stub, pure, { text: "b" }, { graph: undefined })).outputs).toBe("B")
  })

  it("[OB4] fails with the node and the reason when an expression fails", async () => {
    const broken = {
      ...pure,
      nodes: pure.nodes.map((one) =>
        one.id === "shout" ? node("shout", "transform", { value: "$number('x')" }) : one,
      ),
    }
    const { status, error } = await start(freshStub(), broken)
    expect(status).toBe("failed")
    expect(error).toMatchObject({ node_id: "shout" })
  })

  it("[OB5] checks the outputs against the output schema", async () => {
    const { status, error } = await start(
      freshStub(),
      { ...pure, output_schema: { type: "number" } },
      { text: "x" },
    )
    expect({ status, code: error?.code }).toEqual({ status: "failed", code: "execution.outputs_invalid" })
  })

  it("[OB6] uses what was pinned in place of a step", async () => {
    expect((await start(freshStub(), asking("never"), {}, { pinned: { ask: "pinned" } })).outputs).toBe(
      "pinned",
    )
    expect(world.calls).toHaveLength(0)
  })

  it("[OB26] may have a step that is named like what every object inherits", async () => {
    const graph: FlowGraph = {
      nodes: [node("in", "input"), node("valueOf", "transform", { value: "1 + 1" }), node("out", "output")],
      edges: [edge("in", "valueOf"), edge("valueOf", "out")],
      settings: {},
    }
    expect((await start(freshStub(), graph)).outputs).toBe(2)
  })

  const routed = (more = {}): FlowGraph => ({
    nodes: [
      node("in", "input"),
      node("c", "condition", { branches: [{ id: "hit", when: "input.n > 1" }], ...more }),
      node("yes", "output", { value: "yes {{ incoming }}" }),
      node("no", "output", { value: "no {{ incoming }}" }),
    ],
    edges: [edge("in", "c"), edge("c", "yes", "hit"), edge("c", "no", "else")],
    settings: {},
  })

  it("[OB27] takes the route of a condition whose output is pinned", async () => {
    const { outputs } = await start(freshStub(), routed(), { n: 2 }, { pinned: { c: "P" } })
    expect(outputs).toEqual({ yes: "yes P" })
  })

  it("[OB28] leaves a condition by its else when that is to carry on after an error", async () => {
    const { status, outputs } = await start(
      freshStub(),
      routed({
        branches: [{ id: "hit", when: "$number('x') > 1" }],
        on_error: "continue",
        error_value: "V",
      }),
    )
    expect({ status, outputs }).toEqual({ status: "succeeded", outputs: { no: "no V" } })
  })

  it("[OB29] keeps and answers whatever an expression makes, a record without a prototype too", async () => {
    for (const value of ["nodes", "$", "[execution]", "$merge([nodes, input])", "{}"]) {
      const graph: FlowGraph = {
        ...pure,
        nodes: [node("in", "input"), node("shout", "transform", { value }), node("out", "output")],
      }
      const stub = freshStub()
      const { status, execution_id } = await start(stub, graph, { text: "x", constructor: { a: 1 } })
      expect(status).toBe("succeeded")
      expect(await laneOf(stub).get(execution_id)).toMatchObject({ ok: true })
    }
  })

  it("[OB30] lets others in while it computes", async () => {
    const n = 1_000
    const chain: FlowGraph = {
      nodes: [node("in", "input"), node("out", "output")],
      edges: [],
      settings: {},
    }
    for (let i = 0; i < n; i++) {
      chain.nodes.push(node(`t${i}`, "transform", { value: "$sum([1..20000])" }))
      chain.edges.push(edge(i === 0 ? "in" : `t${i - 1}`, `t${i}`))
    }
    chain.edges.push(edge(`t${n - 1}`, "out"))
    const stub = freshStub()
    const { execution_id } = await start(stub, chain, {}, { wait_ms: 0 })
    const cancelled = await laneOf(stub).cancel(execution_id, "user_y")
    expect(cancelled).toMatchObject({ ok: true, value: { status: "cancelled" } })
  })
})

describe("large values", () => {
  it("[OB21] an execution with inputs of half a megabyte is journaled whole, in rows that fit", async () => {
    const text = "ä".repeat(250_000)
    const stub = freshStub()
    const copy = {
      ...pure,
      nodes: [node("in", "input"), node("shout", "merge", { mode: "any" }), node("out", "output")],
    }
    const { status, execution_id } = await start(stub, copy, { text })
    expect(status).toBe("succeeded")
    const rows = await runInDurableObject(stub, (_, state) =>
      state.storage.sql.exec<{ events: string }>("SELECT events FROM journal").toArray(),
    )
    expect(rows.length).toBeGreaterThan(1)
    for (const row of rows) expect(new TextEncoder().encode(row.events).length).toBeLessThan(2_000_000)
    expect(replay(await journal(stub, execution_id)).outputs).toEqual({ text })
  })

  it("[OB22] an output that no row could hold fails its step and says so", async () => {
    const text = "x".repeat(400_000)
    const many: FlowGraph = {
      nodes: [
        node("in", "input"),
        node("a", "merge"),
        node("b", "merge"),
        node("c", "merge"),
        node("all", "merge"),
        node("out", "output"),
      ],
      edges: [
        edge("in", "a"),
        edge("in", "b"),
        edge("in", "c"),
        edge("a", "all"),
        edge("b", "all"),
        edge("c", "all"),
        edge("all", "out"),
      ],
      settings: {},
    }
    const { status, error } = await start(freshStub(), many, { text })
    expect({ status, ...error }).toMatchObject({
      status: "failed",
      code: "step.output_too_large",
      node_id: "all",
    })
  })

  it("[OB31] several outputs that no row could hold fail the execution and say so", async () => {
    const ids = ["a", "b", "c", "d", "e", "f"]
    const graph: FlowGraph = {
      nodes: [node("in", "input"), ...ids.map((id) => node(id, "output"))],
      edges: ids.map((id) => edge("in", id)),
      settings: {},
    }
    const stub = freshStub()
    const { status, error, execution_id } = await start(stub, graph, { text: "x".repeat(450_000) })
    expect({ status, code: error?.code }).toEqual({ status: "failed", code: "execution.outputs_too_large" })
    expect((await journal(stub, execution_id)).at(0)?.type).toBe("execution.queued")
  })

  it("[OB32] what a model says at once and no row could hold is journaled in parts", async () => {
    world.models.set("huge", () => answerOf("ä".repeat(1_500_000)))
    const stub = freshStub()
    const { status, error, execution_id } = await start(stub, asking("huge"))
    expect({ status, code: error?.code }).toEqual({ status: "failed", code: "step.output_too_large" })
    const deltas = (await journal(stub, execution_id)).filter((one) => one.type === "model.delta")
    expect(Math.max(...deltas.map((one) => one.data.text.length))).toBe(65_536)
    expect(deltas.map((one) => one.data.text).join("")).toBe("ä".repeat(1_500_000))
  })
})

describe("a step that calls a model", () => {
  it("[OB7] journals what was asked, streamed, counted and paid", async () => {
    world.models.set("greet", () => answerOf("Hel", "lo"))
    const stub = freshStub()
    const { outputs, execution_id } = await start(stub, asking("greet {{ input.name }}"), { name: "Ana" })
    expect(outputs).toBe("Hello")
    expect(world.calls[0]?.call.messages).toEqual([{ role: "user", content: "greet Ana" }])
    const state = replay(await journal(stub, execution_id))
    expect(state).toMatchObject({ input_tokens: 10, output_tokens: 2, cost_micros: 10 })
    expect(state.nodes["ask"]).toMatchObject({ text: "Hello", input: { prompt: "greet Ana" }, model: "fake" })
  })

  it("[OB8] answers 'running' when the wait is over before it is", async () => {
    const gate = gated("slow")
    world.models.set("slow", gate.model)
    const stub = freshStub()
    const { status, execution_id } = await start(stub, asking("slow"), {}, { wait_ms: 20 })
    expect(status).toBe("running")
    gate.open()
    await until(async () => replay(await journal(stub, execution_id)).status === "succeeded")
  })

  it("[OB9] is retried as its policy says, and takes the error route when it may", async () => {
    let calls = 0
    world.models.set("flaky", async function* () {
      calls++
      if (calls < 3) throw Object.assign(new Error("Busy."), { code: "model.overloaded", retry: true })
      yield* answerOf("at last")
    })
    const retry = { max_attempts: 3, backoff_ms: 0, factor: 1 }
    expect((await start(freshStub(), asking("flaky", { retry }))).outputs).toBe("at last")
    calls = -10
    const routed = asking("flaky", { on_error: "route" })
    routed.nodes.push(node("sorry", "output", { value: "{{ incoming.code }}" }))
    routed.edges.push(edge("ask", "sorry", "error"))
    expect((await start(freshStub(), routed)).outputs).toEqual({ sorry: "model.overloaded" })
  })

  it("[OB10] ends at its own time limit", async () => {
    const gate = gated("…")
    world.models.set("late", gate.model)
    const { status, error } = await start(freshStub(), asking("late", { timeout_ms: 30 }))
    expect({ status, code: error?.code }).toEqual({ status: "failed", code: "step.timeout" })
    expect(gate.wasAborted()).toBe(true)
  })
})

describe("cancel and time limits", () => {
  it("[OB11] cancel ends the call in flight before it says that it is cancelled, and nothing follows", async () => {
    const gate = gated("part")
    world.models.set("hang", gate.model)
    const stub = freshStub()
    const { execution_id } = await start(stub, asking("hang"), {}, { wait_ms: 0 })
    await until(() => world.calls.length === 1)
    const cancelled = await laneOf(stub).cancel(execution_id, "user_y")
    expect(cancelled).toMatchObject({ ok: true, value: { status: "cancelled" } })
    expect(gate.wasAborted()).toBe(true)
    const types = (await journal(stub, execution_id)).map((one) => one.type)
    expect(types.slice(-3)).toEqual(["execution.cancelling", "model.failed", "execution.cancelled"])
    expect(await laneOf(stub).cancel(execution_id, "user_y")).toMatchObject({
      ok: false,
      code: "execution.settled",
    })
  })

  it("[OB12] an execution over its time limit ends as timed_out, by the alarm", async () => {
    const gate = gated("…")
    world.models.set("forever", gate.model)
    const stub = freshStub()
    const { execution_id } = await start(stub, asking("forever"), {}, { wait_ms: 0, timeout_ms: 60_000 })
    await until(() => world.calls.length === 1)
    world.skew = 61_000
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    expect(replay(await journal(stub, execution_id))).toMatchObject({
      status: "timed_out",
      error: { code: "execution.timeout" },
    })
    expect(gate.wasAborted()).toBe(true)
  })
})

describe("after memory is lost", () => {
  it("[OB13] an execution begins its interrupted step again and ends, with one result", async () => {
    const gate = gated("first")
    world.models.set("crash", gate.model)
    const doomed = freshStub()
    const { execution_id } = await start(doomed, asking("crash"), {}, { wait_ms: 0 })
    await until(() => world.calls.length === 1)
    await abortAllDurableObjects()
    const stub = EXECUTION.get(doomed.id)
    world.models.set("crash", () => answerOf("second"))
    world.skew = 6_000
    await runDurableObjectAlarm(stub)
    await until(async () => replay(await journal(stub, execution_id)).status === "succeeded")
    const state = replay(await journal(stub, execution_id))
    expect(state.outputs).toBe("second")
    expect(state.nodes["ask"]).toMatchObject({ attempt: 2, text: "second" })
  })

  it("[OB14] what was settled is read back from the journal as it was", async () => {
    const stub = freshStub()
    const { execution_id } = await start(stub, pure, { text: "hi" })
    const before = await laneOf(stub).get(execution_id)
    await evictDurableObject(stub)
    expect(await laneOf(stub).get(execution_id)).toEqual(before)
  })

  it("[OB15] an alarm does not throw, and index rows are delivered again until they arrive", async () => {
    world.failures = 2
    const stub = freshStub()
    const { execution_id } = await start(stub, pure, { text: "hi" })
    await until(() => world.failures < 2)
    world.skew = 70_000
    await runDurableObjectAlarm(stub)
    world.skew = 140_000
    await runDurableObjectAlarm(stub)
    await until(() => world.rows.has(execution_id))
    expect(world.rows.get(execution_id)).toMatchObject({ status: "succeeded", flow_name: "Test" })
  })
})

describe("idempotency", () => {
  it("[OB16] the same key and body begin one execution; another body is refused", async () => {
    const stub = freshStub()
    const idempotency = { key: "k", digest: "d" }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => start(stub, pure, { text: "once" }, { idempotency })),
    )
    expect(new Set(answers.map((one) => one.execution_id)).size).toBe(1)
    expect(
      await laneOf(stub).start(request(pure, {}, { idempotency: { key: "k", digest: "other" } })),
    ).toMatchObject({ ok: false, code: "idempotency.mismatch" })
  })

  it("[OB33] a key is forgotten after 24 hours", async () => {
    const stub = freshStub()
    const idempotency = { key: "day", digest: "d" }
    const first = await start(stub, pure, { text: "a" }, { idempotency })
    world.skew = 25 * 3_600_000
    const second = await start(stub, pure, { text: "b" }, { idempotency: { key: "day", digest: "e" } })
    expect(second.execution_id).not.toBe(first.execution_id)
  })
})
