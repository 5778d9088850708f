import { evictDurableObject } from "cloudflare:test"
import { describe, expect, it } from "vitest"
import { isSettled } from "#core/execution/status"
import type { FlowGraph, FlowNode } from "#core/flow/graph"
import type { ExecutionId } from "#core/ids"
import type { Json, JsonObject } from "#core/json"
import { edge, freshStub, journal, laneOf, node, start, until, type Stub } from "./kit.ts"
import { world } from "./worker.ts"

const inside = (parent: string, one: FlowNode): FlowNode => ({ ...one, parent_id: parent })
const graph = (nodes: FlowNode[], edges: FlowGraph["edges"]): FlowGraph => ({ nodes, edges, settings: {} })

/** input → the node → output, with what is inside it. */
const around = (held: FlowNode, body: FlowNode[], edges: FlowGraph["edges"] = []): FlowGraph =>
  graph(
    [
      node("in", "input"),
      held,
      ...body.map((one) => ({ parent_id: held.id, ...one })),
      node("out", "output"),
    ],
    [edge("in", held.id), edge(held.id, "out"), ...edges],
  )

const stateOf = async (stub: Stub, id: ExecutionId) => {
  const page = await laneOf(stub).get(id)
  if (!page.ok) throw new Error(page.code)
  return page.value
}
const statusOf = async (stub: Stub, id: ExecutionId) => (await stateOf(stub, id)).execution.status
const settled = async (stub: Stub, id: ExecutionId) => {
  await until(async () => isSettled(await statusOf(stub, id)))
  return (await stateOf(stub, id)).execution
}

describe("a map", () => {
  const doubling = (data: JsonObject = {}) =>
    around(node("each", "map", { items: "input.numbers", ...data }), [
      node("twice", "transform", { value: "item * 2 + index * 0" }),
    ])

  it("[CF1] does what is inside for each item and keeps their order", async () => {
    const run = await start(freshStub(), doubling(), { numbers: [1, 2, 3] })
    expect(run).toMatchObject({ status: "succeeded", outputs: [2, 4, 6] })
    expect(await start(freshStub(), doubling(), { numbers: [] })).toMatchObject({ outputs: [] })
  })

  it("[CF2] has no more items under way than it may", async () => {
    const stub = freshStub()
    let most = 0
    let now = 0
    world.addresses.set("/slow", async (request) => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 5))
      now--
      return { status: 200, headers: {}, body: request.body ?? null, duration_ms: 1, final_url: request.url }
    })
    const calling = around(node("each", "map", { items: "[1..40]", concurrency: 7 }), [
      node("call", "http", { method: "PUT", url: "https://x.test/slow", body: "{{ item }}" }),
    ])
    const run = await start(stub, calling)
    expect(run.status).toBe("succeeded")
    expect((run.outputs as { body: Json }[]).map((one) => one.body)).toEqual(
      Array.from({ length: 40 }, (_, i) => i + 1),
    )
    expect(most).toBe(7)
  })

  it.each([
    ["continue", [10, null, 5]],
    ["skip", [10, 5]],
  ])("[CF3] %s: an item that fails does not end it", async (on_item_error, outputs) => {
    const dividing = around(node("each", "map", { items: "input.numbers", on_item_error }), [
      node("part", "transform", { value: "item = 0 ? $error('no') : 10 / item" }),
    ])
    expect(await start(freshStub(), dividing, { numbers: [1, 0, 2] })).toMatchObject({ outputs })
  })

  it("[CF4] fails with its first item's error, and the others are stopped", async () => {
    const stub = freshStub()
    let aborted = 0
    world.addresses.set("/hang", (_, signal) => {
      const { promise, reject } = Promise.withResolvers<never>()
      signal.addEventListener("abort", () => {
        aborted++
        reject(signal.reason)
      })
      return promise
    })
    const failing = around(
      node("each", "map", { items: "[1,2,3]" }),
      [
        node("pick", "condition", { branches: [{ id: "bad", when: "item = 3" }] }),
        node("wrong", "transform", { value: "$error('item 3')" }),
        node("hang", "http", { url: "https://x.test/hang" }),
      ],
      [edge("pick", "wrong", "bad"), edge("pick", "hang", "else")],
    )
    const run = await start(stub, failing)
    expect(run).toMatchObject({ status: "failed", error: { node_id: "wrong" } })
    expect(aborted).toBe(2)
    const { nodes } = await stateOf(stub, run.execution_id)
    expect(nodes.find((one) => one.scope === "each[0]" && one.node_id === "hang")?.status).toBe("cancelled")
  })

  it("[CF5] refuses what is no list, and too long a list", async () => {
    expect(await start(freshStub(), doubling(), { numbers: "none" })).toMatchObject({
      error: { code: "map.not_a_list" },
    })
    const long = around(node("each", "map", { items: "[1..10001]" }), [
      node("a", "transform", { value: "1" }),
    ])
    expect((await start(freshStub(), long)).error?.code).toBe("map.too_many_items")
  })

  it("[CF6] takes a thousand items, fifty at once", async () => {
    const many = around(
      node("each", "map", { items: "[1..1000]", concurrency: 50 }),
      [node("a", "transform", { value: "item + 1" }), node("b", "transform", { value: "nodes.a * 2" })],
      [edge("a", "b")],
    )
    const begun = Date.now()
    const run = await start(freshStub(), many, {}, { wait_ms: 20_000 })
    expect(run.status).toBe("succeeded")
    expect((run.outputs as number[]).at(-1)).toBe(2002)
    console.info(`a map of 1,000 items × 2 steps: ${Date.now() - begun} ms`)
  })
})

describe("a loop", () => {
  it("[CF7] repeats until its condition holds, each iteration with the last one's state", async () => {
    const counting = around(
      node("again", "loop", { state: { n: 0 }, until: "state.n >= 5", max_iterations: 50 }),
      [node("add", "transform", { value: { n: "{{ state.n + 1 }}" } })],
    )
    expect(await start(freshStub(), counting)).toMatchObject({ outputs: { n: 5 } })
  })

  it("[CF8] asks `while` before the first iteration, and ends at the most iterations", async () => {
    const body = [node("add", "transform", { value: "state + 1" })]
    const never = around(node("again", "loop", { state: 7, while: "state < 3", max_iterations: 9 }), body)
    expect(await start(freshStub(), never)).toMatchObject({ outputs: 7 })
    const capped = around(node("again", "loop", { state: 0, while: "true", max_iterations: 9 }), body)
    expect(await start(freshStub(), capped)).toMatchObject({ outputs: 9 })
  })

  it("[CF9] nests in a map, in a loop", async () => {
    const nested = graph(
      [
        node("in", "input"),
        node("rounds", "loop", { state: [1, 2], max_iterations: 2 }),
        inside("rounds", node("each", "map", { items: "state" })),
        inside("each", node("twice", "loop", { state: "{{ item }}", max_iterations: 3 })),
        inside("twice", node("add", "transform", { value: "state + $count(nodes.in.list)" })),
        node("out", "output"),
      ],
      [edge("in", "rounds"), edge("rounds", "out")],
    )
    expect(await start(freshStub(), nested, { list: [0] })).toMatchObject({ outputs: [7, 8] })
  })
})

describe("a subflow", () => {
  const called: FlowGraph = {
    ...graph(
      [
        node("in", "input"),
        node("say", "transform", { value: "'Hello ' & input.name & index" }),
        node("out", "output"),
      ],
      [edge("in", "say"), edge("say", "out")],
    ),
    input_schema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
  }
  const flow_id = "flow_01JD0000000000000000000001"
  const calling = (inputs: JsonObject) => ({
    ...graph(
      [
        node("in", "input"),
        node("each", "map", { items: "input.names" }),
        inside("each", node("call", "subflow", { flow_id, inputs })),
        node("out", "output"),
      ],
      [edge("in", "each"), edge("each", "out")],
    ),
    callees: { [flow_id]: { flow_id, name: "Greeting", version: 1, graph: called } },
  })

  it("[CF10] is executed with inputs of its own, and sees nothing of its caller", async () => {
    const run = await start(freshStub(), calling({ name: "{{ item }}" }), { names: ["Ana", "Ben"] })
    expect(run).toMatchObject({ outputs: ["Hello Ana", "Hello Ben"] })
  })

  it("[CF11] refuses inputs that do not fit", async () => {
    const run = await start(freshStub(), calling({ name: "{{ item }}" }), { names: [7] })
    expect(run.error).toMatchObject({ code: "subflow.inputs_invalid", node_id: "call" })
  })
})

describe("waiting", () => {
  it("[CF12] rests without memory for as long as it was told, then goes on", async () => {
    const stub = freshStub()
    const resting = graph(
      [node("in", "input"), node("pause", "wait", { seconds: 1 }), node("out", "output")],
      [edge("in", "pause"), edge("pause", "out")],
    )
    const { execution_id: id } = await start(stub, resting, { a: 1 }, { wait_ms: 0 })
    await until(async () => (await statusOf(stub, id)) === "waiting")
    await evictDurableObject(stub)
    const execution = await settled(stub, id)
    expect(execution).toMatchObject({ status: "succeeded", outputs: { a: 1 } })
    expect(execution.duration_ms).toBeGreaterThanOrEqual(990)
    const types = (await journal(stub, id)).map((event) => event.type)
    expect(types).toEqual(expect.arrayContaining(["timer.set", "execution.waiting", "timer.fired"]))
  })

  it("[CF13] its time limit does not count while it waits", async () => {
    const stub = freshStub()
    const resting = graph(
      [node("in", "input"), node("pause", "wait", { seconds: 1.2 }), node("out", "output")],
      [edge("in", "pause"), edge("pause", "out")],
    )
    const { execution_id: id } = await start(stub, resting, {}, { wait_ms: 0, timeout_ms: 600 })
    expect((await settled(stub, id)).status).toBe("succeeded")
  })

  const calledBack = (data: JsonObject = {}) =>
    graph(
      [
        node("in", "input"),
        node("tell", "http", {
          method: "PUT",
          url: "https://x.test/tell",
          body: "{{ execution.callbacks.call }}",
        }),
        node("call", "wait", { callback: true, ...data }),
        node("out", "output"),
      ],
      [edge("in", "tell"), edge("tell", "call"), edge("call", "out")],
    )

  it("[CF14] goes on with the body of a call, once", async () => {
    const stub = freshStub()
    const { execution_id: id } = await start(
      stub,
      calledBack(),
      {},
      { wait_ms: 0, origin: "https://edge.test" },
    )
    await until(async () => (await statusOf(stub, id)) === "waiting")
    expect(world.requests.find((one) => String(one.body).includes(id))?.body).toBe(
      `https://edge.test/api/v1/executions/${id}/callbacks/callback~${id}~call`,
    )
    expect((await laneOf(stub).callback(id, "call", { paid: true })).ok).toBe(true)
    expect(await settled(stub, id)).toMatchObject({ outputs: { paid: true } })
    expect(await laneOf(stub).callback(id, "call", {})).toMatchObject({
      ok: false,
      code: "execution.settled",
    })
  })

  it("[CF15] keeps a call that comes before it waits", async () => {
    const stub = freshStub()
    const { promise, resolve } = Promise.withResolvers<void>()
    world.addresses.set("/tell", async ({ url }) => {
      await promise
      return { status: 200, headers: {}, body: null, duration_ms: 1, final_url: url }
    })
    const { execution_id: id } = await start(stub, calledBack(), {}, { wait_ms: 0 })
    expect((await laneOf(stub).callback(id, "call", "early")).ok).toBe(true)
    expect(await laneOf(stub).callback(id, "call", "twice")).toMatchObject({ code: "callback.used" })
    resolve()
    expect(await settled(stub, id)).toMatchObject({ outputs: "early" })
  })

  it("[CF16] fails when nobody calls in time, or goes on with a value", async () => {
    world.addresses.delete("/tell")
    const stub = freshStub()
    const late = await start(stub, calledBack({ seconds: 0.3 }))
    expect(late.error?.code).toBe("wait.expired")
    const value = await start(stub, calledBack({ seconds: 0.3, on_error: "continue", error_value: "none" }))
    expect(value.outputs).toBe("none")
  })

  it("[CF17] a date in the past goes on at once and says so; nonsense fails", async () => {
    const until_ = (date: string) =>
      graph(
        [node("in", "input"), node("pause", "wait", { until: date }), node("out", "output")],
        [edge("in", "pause"), edge("pause", "out")],
      )
    const stub = freshStub()
    const past = await start(stub, until_("2020-01-01"), { a: 1 })
    expect(past.outputs).toEqual({ a: 1 })
    expect((await stateOf(stub, past.execution_id)).logs[0]?.message).toContain("in the past")
    expect((await start(stub, until_("{{ 'soon' }}"))).error?.code).toBe("wait.invalid")
  })
})

describe("an approval", () => {
  const asking = (data: JsonObject = {}) =>
    graph(
      [
        node("in", "input"),
        node("ask", "approval", {
          title: "Pay {{ input.sum }}?",
          buttons: [
            { id: "yes", label: "Pay" },
            { id: "no", label: "Refuse" },
          ],
          ...data,
        }),
        node("paid", "transform", { value: "'paid by ' & nodes.ask.answered_by" }),
        node("late", "transform", { value: "'late'" }),
        node("out", "output"),
      ],
      [
        edge("in", "ask"),
        edge("ask", "paid", "yes"),
        edge("ask", "late", "timeout"),
        edge("paid", "out"),
        edge("late", "out"),
      ],
    )
  const by = (...names: string[]) => ({ actor: names[0]!, names })
  const asked = async (stub: Stub, id: ExecutionId) => {
    await until(async () => (await statusOf(stub, id)) === "waiting")
    return (await stateOf(stub, id)).nodes.find((one) => one.approval_id)!.approval_id!
  }

  it("[CF18] waits for a person, takes the button's route, and is in the inbox meanwhile", async () => {
    const stub = freshStub()
    const { execution_id: id } = await start(stub, asking(), { sum: 7 }, { wait_ms: 0 })
    const approval = await asked(stub, id)
    await until(() => world.approvals.get(approval)?.status === "open")
    expect(world.approvals.get(approval)).toMatchObject({ title: "Pay 7?", execution_id: id })
    await evictDurableObject(stub)
    const answered = await laneOf(stub).answerApproval(id, approval, { button: "yes", by: by("user_a") })
    expect(answered).toMatchObject({ ok: true, value: { status: "answered", button: "yes" } })
    expect(await settled(stub, id)).toMatchObject({ outputs: "paid by user_a" })
    expect(await laneOf(stub).answerApproval(id, approval, { button: "no", by: by("user_b") })).toMatchObject(
      {
        code: "approval.answered",
      },
    )
    await until(() => world.approvals.get(approval)?.status === "answered")
  })

  it("[CF19] is answered by those it is assigned to, with a form that fits", async () => {
    const stub = freshStub()
    const form_schema = { type: "object", properties: { why: { type: "string" } }, required: ["why"] }
    const flow = asking({ assignees: ["ana@example.com"], form_schema })
    const { execution_id: id } = await start(stub, flow, {}, { wait_ms: 0 })
    const approval = await asked(stub, id)
    const lane = laneOf(stub)
    const answer = { button: "yes", form: { why: "due" }, by: by("user_a", "ana@example.com") }
    expect(await lane.answerApproval(id, approval, { ...answer, by: by("user_b") })).toMatchObject({
      code: "approval.not_assigned",
    })
    expect(await lane.answerApproval(id, approval, { ...answer, form: {} })).toMatchObject({
      code: "approval.form_invalid",
    })
    expect(await lane.answerApproval(id, approval, { ...answer, button: "maybe" })).toMatchObject({
      code: "request.invalid",
    })
    const all = await Promise.all(Array.from({ length: 20 }, () => lane.answerApproval(id, approval, answer)))
    expect(all.filter((one) => one.ok)).toHaveLength(1)
  })

  it("[CF20] takes the timeout route", async () => {
    const stub = freshStub()
    const { execution_id: id } = await start(stub, asking({ timeout_seconds: 1 }), {}, { wait_ms: 0 })
    const approval = await asked(stub, id)
    expect(await settled(stub, id)).toMatchObject({ outputs: "late" })
    await until(() => world.approvals.get(approval)?.status === "timed_out")
  })

  it("[CF21] is withdrawn when its execution is cancelled", async () => {
    const stub = freshStub()
    const { execution_id: id } = await start(stub, asking(), {}, { wait_ms: 0 })
    const approval = await asked(stub, id)
    expect(await laneOf(stub).cancel(id, "user_a")).toMatchObject({ value: { status: "cancelled" } })
    await until(() => world.approvals.get(approval)?.status === "withdrawn")
  })

  it("[CF22] inside a map inside a loop waits across a restart and continues on the chosen route", async () => {
    const stub = freshStub()
    const deep = graph(
      [
        node("in", "input"),
        node("rounds", "loop", { state: [], max_iterations: 2 }),
        inside("rounds", node("each", "map", { items: "['a', 'b']" })),
        inside(
          "each",
          node("ask", "approval", {
            title: "{{ item }}?",
            buttons: [
              { id: "yes", label: "Yes" },
              { id: "no", label: "No" },
            ],
          }),
        ),
        inside("each", node("good", "transform", { value: "item & ' yes'" })),
        inside("each", node("bad", "transform", { value: "item & ' no'" })),
        inside("rounds", node("all", "transform", { value: "[state, nodes.each.good, nodes.each.bad]" })),
        node("out", "output"),
      ],
      [
        edge("in", "rounds"),
        edge("rounds", "out"),
        edge("each", "all"),
        edge("ask", "good", "yes"),
        edge("ask", "bad", "no"),
      ],
    )
    const { execution_id: id } = await start(stub, deep, {}, { wait_ms: 0 })
    for (const round of [0, 1]) {
      for (const [item, button] of [
        [0, "yes"],
        [1, "no"],
      ] as const) {
        const scope = `rounds[${round}]/each[${item}]`
        const find = async () =>
          (await stateOf(stub, id)).nodes.find((one) => one.scope === scope && one.status === "waiting")
        await until(async () => (await find()) !== undefined)
        await evictDurableObject(stub)
        const approval = (await find())!.approval_id!
        expect((await laneOf(stub).answerApproval(id, approval, { button, by: by("user_a") })).ok).toBe(true)
      }
    }
    expect(await settled(stub, id)).toMatchObject({
      status: "succeeded",
      outputs: ["a yes", "b no", "a yes", "b no"],
    })
  })
})

describe("places", () => {
  it("[CF23] an execution waits for its turn when its flow has no place left", async () => {
    const stub = freshStub()
    const limited: FlowGraph = {
      ...graph(
        [node("in", "input"), node("pause", "wait", { callback: true }), node("out", "output")],
        [edge("in", "pause"), edge("pause", "out")],
      ),
      settings: { max_concurrency: 1 },
    }
    const ids: ExecutionId[] = []
    for (let i = 0; i < 3; i++)
      ids.push((await start(stub, limited, { i }, { wait_ms: 0, concurrency_key: "a" })).execution_id)
    const other = await start(stub, limited, {}, { wait_ms: 0, concurrency_key: "b" })
    await until(async () => (await statusOf(stub, other.execution_id)) === "waiting")
    expect(await Promise.all(ids.map((id) => statusOf(stub, id)))).toEqual(["waiting", "queued", "queued"])
    await evictDurableObject(stub)
    await laneOf(stub).callback(ids[0]!, "pause", null)
    await until(async () => (await statusOf(stub, ids[1]!)) === "waiting")
    expect(await statusOf(stub, ids[2]!)).toBe("queued")
    await laneOf(stub).cancel(ids[1]!, "user_a")
    await until(async () => (await statusOf(stub, ids[2]!)) === "waiting")
  })
})

describe("those who follow", () => {
  it("[CF24] are told of an end, once it is written down, until they have heard", async () => {
    world.followFailures = 2
    const failing = graph(
      [node("in", "input"), node("bad", "transform", { value: "$error('no')" })],
      [edge("in", "bad")],
    )
    const { execution_id: id } = await start(freshStub(), failing, { a: 1 }, { followed: true })
    await until(() => world.ends.some((one) => one.execution_id === id), 10_000)
    expect(world.ends.filter((one) => one.execution_id === id)).toMatchObject([
      { status: "failed", inputs: { a: 1 }, depth: 0 },
    ])
  })
})
