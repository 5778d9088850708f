import { beforeAll, describe, expect, it } from "vitest"
import { approvalsApi } from "#core/contract/approvals"
import { debuggingApi } from "#core/contract/debugging"
import type { BodyIn } from "#core/contract/endpoint"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import type { ExecutionId } from "#core/ids"
import type { JsonObject } from "#core/json"
import { ask, call, problemOf } from "#test/kit/api"
import { newTenant, unique, type TestTenant } from "#test/kit/tenants"
import { askingDraft } from "#test/kit/asking"
import { endOf, flowDraft, newQuestion } from "#test/kit/world"

let tenant: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
})

type Draft = BodyIn<typeof flowsApi.create>
type Config = NonNullable<BodyIn<typeof executionsApi.execute>["config"]>

const token = () => tenant.token
const create = async (body: Draft) => (await call(flowsApi.create, { token: token(), body })).flow.id
const execute = async (flow_id: string, inputs: JsonObject = { name: "Ana" }, config: Config = {}) =>
  ask(executionsApi.execute, {
    token: token(),
    params: { flow_id },
    body: { inputs, config },
    headers: { prefer: "wait=10" },
  })
const ended = (id: ExecutionId) => endOf(token(), id)
const nodesOf = async (execution_id: ExecutionId) =>
  (await call(executionsApi.get, { token: token(), params: { execution_id } })).nodes
const fork = (execution_id: ExecutionId, body: object) =>
  ask(debuggingApi.fork, { token: token(), params: { execution_id }, body })

/** input → first → second → output, of which each says what it got. */
const steps = (...values: string[]): Draft => ({
  name: unique("steps"),
  nodes: [
    { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
    ...values.map((value, i) => ({
      id: `s${i + 1}`,
      type: "transform",
      position: { x: 0, y: 0 },
      data: { value },
    })),
    { id: "output", type: "output", position: { x: 0, y: 0 }, data: {} },
  ],
  edges: ["input", ...values.map((_, i) => `s${i + 1}`)].map((source, i, all) => ({
    id: `e${i}`,
    source,
    target: all[i + 1] ?? "output",
  })),
})

describe("a fork", () => {
  it("begins at a step, with what a person gives or anew", async () => {
    const id = await create(steps("input.name & '1'", "nodes.s1 & '2'"))
    const { body } = await execute(id)
    expect(body).toMatchObject({ outputs: "Ana12" })
    const { execution_id } = body
    const given = await fork(execution_id, { from_step: "s1", data: "Ben" })
    expect([given.status, given.body.fork_of]).toEqual([202, execution_id])
    const execution = await ended(given.body.execution_id)
    expect(execution).toMatchObject({ status: "succeeded", outputs: "Ben2", fork_of: execution_id })
    const reused = (await nodesOf(execution.id)).filter((one) => one.reused).map((one) => one.node_id)
    expect(reused).toEqual(["input", "s1"])
    const anew = await fork(execution_id, { from_step: "s2" })
    expect((await ended(anew.body.execution_id)).outputs).toBe("Ana12")
    // Null is data, too.
    const nothing = await fork(execution_id, { from_step: "s2", data: null })
    expect((await ended(nothing.body.execution_id)).outputs).toBeNull()
  })

  it("refuses a step that was never come to", async () => {
    const { body } = await execute(await create(steps("1")))
    for (const from_step of ["nowhere", "s1/inside", "each[0]/s1", "constructor", "__proto__"]) {
      const refused = await fork(body.execution_id, { from_step })
      expect([from_step, problemOf(refused)]).toEqual([
        from_step,
        { status: 404, code: "execution.step_not_found" },
      ])
    }
  })
})

describe("a replay", () => {
  it("asks nobody and no model again, and another version meets the same answers", async () => {
    const draft = askingDraft()
    const asking: Draft = {
      ...draft,
      nodes: [
        ...draft.nodes!,
        { id: "model", type: "llm", position: { x: 0, y: 0 }, data: { prompt: "Say {{ input.sum }}" } },
      ],
      edges: [
        { id: "a", source: "input", target: "model" },
        { id: "b", source: "model", target: "ask" },
        { id: "c", source: "ask", target: "output", source_handle: "yes" },
      ],
    }
    const question = await newQuestion(token(), asking)
    const { flow_id, execution_id, approval_id } = question
    const params = { execution_id, approval_id }
    await call(approvalsApi.answer, { token: token(), params, body: { button: "yes" } })
    const first = await ended(execution_id)
    expect([first.outputs, first.input_tokens > 0]).toEqual(["yes", true])
    const again = await call(debuggingApi.replay, { token: token(), params: { execution_id } })
    const replayed = await ended(again.execution_id)
    expect(replayed).toMatchObject({
      status: "succeeded",
      outputs: "yes",
      replay_of: execution_id,
      input_tokens: 0,
    })
    const changed = asking.nodes!.map((one) =>
      one.id === "output"
        ? { ...one, data: { value: "{{ nodes.ask.button & ' by ' & nodes.ask.answered_by }}" } }
        : one,
    )
    await call(flowsApi.update, { token: token(), params: { flow_id }, body: { ...asking, nodes: changed } })
    const other = await call(debuggingApi.replay, {
      token: token(),
      params: { execution_id },
      body: { version: "draft" },
    })
    expect((await ended(other.execution_id)).outputs).toBe(`yes by ${tenant.user}`)
    const refused = await ask(executionsApi.retry, {
      token: token(),
      params: { execution_id: other.execution_id },
    })
    expect(problemOf(refused)).toEqual({ status: 409, code: "execution.not_retryable" })
    const none = await ask(debuggingApi.replay, {
      token: token(),
      params: { execution_id },
      body: { version: 9 },
    })
    expect(problemOf(none)).toEqual({ status: 404, code: "flow.version_not_found" })
  })
})

describe("a part of a flow", () => {
  const three = steps("input.name & '1'", "nodes.s1 & '2'", "nodes.s2 & '3'")

  it("is executed from a step on, with results of another execution or with what is pinned", async () => {
    const id = await create(three)
    const first = (await execute(id)).body
    const from = await execute(id, {}, { start_from: "s3", data_from: first.execution_id, version: "draft" })
    expect(from.body).toMatchObject({ status: "succeeded", outputs: "Ana123" })
    const nodes = await nodesOf(from.body.execution_id)
    expect(nodes.filter((one) => one.reused).map((one) => one.node_id)).toEqual(["input", "s1", "s2"])
    const pinned = await execute(id, {}, { start_from: "s2", pinned: { s1: "pinned" } })
    expect(pinned.body).toMatchObject({ outputs: "pinned23" })
    const both = await execute(
      id,
      {},
      { start_from: "s3", data_from: first.execution_id, pinned: { s2: "P" } },
    )
    expect(both.body).toMatchObject({ outputs: "P3" })
  })

  it("is one step alone, and what follows is left", async () => {
    const id = await create(three)
    const one = await execute(
      id,
      { name: "Ben" },
      { start_from: "s2", stop_after: "s2", pinned: { s1: "B" } },
    )
    expect(one.body).toMatchObject({ status: "succeeded", outputs: "B2" })
    expect((await nodesOf(one.body.execution_id)).map((node) => node.node_id)).not.toContain("s3")
    const until = await execute(id, { name: "Ben" }, { stop_after: "s2" })
    expect(until.body).toMatchObject({ outputs: "Ben12" })
  })

  it("takes inputs that are given before those of the other execution", async () => {
    const id = await create(steps("'x'", "input.name & nodes.s1"))
    const first = (await execute(id)).body
    const config = { start_from: "s2", data_from: first.execution_id }
    expect((await execute(id, {}, config)).body).toMatchObject({ outputs: "Anax" })
    expect((await execute(id, { name: "Ben" }, config)).body).toMatchObject({ outputs: "Benx" })
  })

  it("says what is missing", async () => {
    const id = await create(three)
    const missing = await execute(id, {}, { start_from: "s3" })
    expect(problemOf(missing)).toEqual({
      status: 422,
      code: "execution.missing_data",
      paths: ["config.pinned.s1", "config.pinned.s2"],
    })
    const nowhere = await execute(id, {}, { start_from: "s9", stop_after: "s1" })
    expect(problemOf(nowhere)).toMatchObject({ status: 400, paths: ["config.start_from"] })
    const elsewhere = (await execute(await create(steps("1")))).body.execution_id
    const foreign = await execute(id, {}, { start_from: "s1", data_from: elsewhere })
    expect(problemOf(foreign)).toMatchObject({ status: 400, paths: ["config.data_from"] })
  })

  it("is refused where that execution took another route", async () => {
    const routed: Draft = {
      name: unique("routed"),
      nodes: [
        { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
        {
          id: "which",
          type: "condition",
          position: { x: 0, y: 0 },
          data: { branches: [{ id: "ana", when: "input.name = 'Ana'" }] },
        },
        { id: "yes", type: "transform", position: { x: 0, y: 0 }, data: { value: "'yes'" } },
        { id: "no", type: "transform", position: { x: 0, y: 0 }, data: { value: "'no'" } },
        { id: "output", type: "output", position: { x: 0, y: 0 }, data: {} },
      ],
      edges: [
        { id: "a", source: "input", target: "which" },
        { id: "b", source: "which", target: "yes", source_handle: "ana" },
        { id: "c", source: "which", target: "no", source_handle: "else" },
        { id: "d", source: "yes", target: "output" },
        { id: "e", source: "no", target: "output" },
      ],
    }
    const id = await create(routed)
    const { execution_id: data_from } = (await execute(id)).body
    const refused = await execute(id, {}, { start_from: "no", data_from })
    expect(problemOf(refused)).toEqual({ status: 422, code: "execution.missing_data" })
    expect((await execute(id, {}, { start_from: "yes", data_from })).body).toMatchObject({ outputs: "yes" })
  })
})

describe("two executions", () => {
  it("are compared step by step", async () => {
    const id = await create(steps("input.name & '1'", "'same'"))
    const [left, right] = [await execute(id), await execute(id, { name: "Ben" })]
    const compared = await call(debuggingApi.diff, {
      token: token(),
      params: { execution_id: left.body.execution_id },
      query: { with: right.body.execution_id },
    })
    expect(compared.differences).toEqual([{ path: "inputs.name", left: "Ana", right: "Ben" }])
    expect(compared.steps.map((one) => [one.key, one.change])).toEqual([
      ["input", "changed"],
      ["s1", "changed"],
      ["s2", "changed"],
      ["output", "same"],
    ])
    expect(compared.steps[2]!.differences).toEqual([{ path: "input", left: "Ana1", right: "Ben1" }])
    expect([compared.left.id, compared.right.id]).toEqual([left.body.execution_id, right.body.execution_id])
    expect(compared.left).not.toHaveProperty("graph")
  })
})

describe("an export", () => {
  it("is the whole journal, with the graph that it followed", async () => {
    const { body } = await execute(await create(flowDraft()))
    const params = { execution_id: body.execution_id }
    const answered = await ask(debuggingApi.export, { token: token(), params })
    expect(answered.headers.get("content-disposition")).toBe(
      `attachment; filename="${body.execution_id}.json"`,
    )
    const { execution, events, format } = answered.body
    expect([format, execution.outputs, execution.graph.nodes.length]).toEqual([
      "edgecrew.execution.v1",
      "Hello Ana",
      3,
    ])
    expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1))
    expect(events.at(-1)?.seq).toBe(execution.last_seq)
  })

  it("of what is larger than 25 MB is refused, and says what to do", async () => {
    const { nodes, edges, name } = steps(...Array.from({ length: 52 }, () => "1"))
    // Conditions pass on what they got.
    const data = { branches: [{ id: "never", when: "false" }] }
    const id = await create({
      name,
      nodes: nodes!.map((one) => (one.type === "transform" ? { ...one, type: "condition", data } : one)),
      edges: edges!.map((one) => (one.source === "input" ? one : { ...one, source_handle: "else" })),
    })
    const { body } = await execute(id, { text: "x".repeat(500_000) })
    expect(body.status).toBe("succeeded")
    const params = { execution_id: body.execution_id }
    const refused = await ask(debuggingApi.export, { token: token(), params })
    expect(problemOf(refused)).toEqual({ status: 413, code: "execution.too_large" })
    // The next step on: what can be read is read, and what can be taken over is.
    expect((await fork(body.execution_id, { from_step: "s52", data: "cut" })).status).toBe(202)
    expect((await ask(executionsApi.get, { token: token(), params })).status).toBe(200)
  })
})
