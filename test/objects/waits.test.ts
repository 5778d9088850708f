import { evictDurableObject } from "cloudflare:test"
import { describe, expect, it } from "vitest"
import type { FlowGraph } from "#core/flow/graph"
import type { ExecutionId } from "#core/ids"
import type { JsonObject } from "#core/json"
import { graph, inside, settled, stateOf, statusOf } from "./flows-kit.ts"
import { edge, freshStub, journal, laneOf, node, start, until, type Stub } from "./kit.ts"
import { world } from "./worker.ts"

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
    expect(world.requests.find((one) => JSON.stringify(one.body).includes(id))?.body).toBe(
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
