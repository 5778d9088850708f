import { describe, expect, it } from "vitest"
import { debuggingApi } from "#core/contract/debugging"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { toolsApi } from "#core/contract/tools"
import { ask, call, problemOf } from "#test/kit/api"
import { newTool } from "#test/kit/definitions"
import { databaseOf } from "#test/kit/dump"
import { newTenant } from "#test/kit/tenants"
import { flowDraft, indexed } from "#test/kit/world"

describe("calling a tool", () => {
  it("[TC1] is an execution of its own, whose end can be waited for", async () => {
    const { token } = await newTenant()
    const { tool } = await call(toolsApi.create, {
      token,
      body: {
        name: "double",
        description: "Doubles a number",
        kind: "isolate",
        input_schema: { type: "object", properties: { n: { type: "number" } }, required: ["n"] },
        execution_config: { source: "export default ({ n }) => n * 2" },
      },
    })
    const answered = await ask(toolsApi.invoke, {
      token,
      params: { tool_id: tool.id },
      body: { input: { n: 21 } },
      headers: { prefer: "wait=20" },
    })
    expect([answered.status, answered.body]).toEqual([
      200,
      expect.objectContaining({ status: "succeeded", outputs: 42 }),
    ])
  })

  it("[TC2] refuses input that does not fit", async () => {
    const { token } = await newTenant()
    const tool = await newTool(token)
    const wrong = await ask(toolsApi.invoke, {
      token,
      params: { tool_id: tool.id },
      body: { input: { id: 7 } },
    })
    expect(problemOf(wrong).status).toBe(422)
  })

  it("[TC3] is told of with who made it, how it went and where, newest first; and no longer once its execution is deleted", async () => {
    const { token } = await newTenant()
    const { tool } = await call(toolsApi.create, {
      token,
      body: {
        name: "halve",
        description: "Halves an even number",
        kind: "isolate",
        execution_config: {
          source: "export default ({ n }) => { if (n % 2) throw new Error('odd'); return n / 2 }",
        },
      },
    })
    const params = { tool_id: tool.id }
    const invoke = async (n: number) =>
      (
        await ask(toolsApi.invoke, {
          token,
          params,
          body: { input: { n } },
          headers: { prefer: "wait=20" },
        })
      ).body.execution_id
    const { flow } = await call(flowsApi.create, {
      token,
      body: {
        name: "Halves",
        nodes: [
          { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
          {
            id: "half",
            type: "tool",
            position: { x: 0, y: 0 },
            label: "Half of it",
            data: { tool_id: tool.id, inputs: "{{ input }}" },
          },
        ],
        edges: [{ id: "e", source: "input", target: "half" }],
      },
    })
    const well = await invoke(4)
    const badly = await invoke(3)
    const { body } = await ask(executionsApi.execute, {
      token,
      params: { flow_id: flow.id },
      body: { inputs: { n: 8 } },
      headers: { prefer: "wait=20" },
    })
    for (const id of [well, badly, body.execution_id]) await indexed(token, id)
    const list = (query = {}) => call(toolsApi.invocations, { token, params, query })
    const { invocations, total } = await list()
    expect(total).toBe(3)
    expect(invocations.map((one) => [one.execution_id, one.flow_name, one.node_id, one.status])).toEqual([
      [body.execution_id, "Halves", "half", "ok"],
      [badly, "halve", "tool", "error"],
      [well, "halve", "tool", "ok"],
    ])
    expect(invocations[0]).toMatchObject({ flow_id: flow.id, node_label: "Half of it", attempt: 1 })
    for (const { actor, duration_ms } of invocations) {
      expect(actor).toMatch(/^user_/)
      expect(duration_ms).toBeGreaterThanOrEqual(0)
    }
    expect((await list({ status: "error" })).invocations.map((one) => one.execution_id)).toEqual([badly])
    expect(await list({ status: "ok", limit: 1 })).toMatchObject({ total: 2, page_info: { has_next: true } })
    const second = await list({ page: 2, limit: 1 })
    expect([second.invocations, second.page_info.has_next]).toEqual([[invocations[1]], true])
    const gone = { action: "delete" as const, execution_ids: [badly] }
    await call(debuggingApi.bulk, { token, body: gone })
    expect((await list()).invocations).toEqual([invocations[0], invocations[2]])
    const foreign = await ask(toolsApi.invocations, { token: (await newTenant()).token, params })
    expect(problemOf(foreign)).toEqual({ status: 404, code: "tool.not_found" })
  })

  it("[TC4] of a tool that is a flow is one of them too", async () => {
    const { token } = await newTenant()
    const { flow } = await call(flowsApi.create, { token, body: flowDraft() })
    await call(flowsApi.publish, { token, params: { flow_id: flow.id } })
    const { tool } = await call(toolsApi.create, {
      token,
      body: {
        name: "greet",
        description: "Greets somebody",
        kind: "flow",
        input_schema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
        execution_config: { flow_id: flow.id },
      },
    })
    const params = { tool_id: tool.id }
    const { body } = await ask(toolsApi.invoke, {
      token,
      params,
      body: { input: { name: "Ana" } },
      headers: { prefer: "wait=20" },
    })
    expect(body).toMatchObject({ status: "succeeded", outputs: "Hello Ana" })
    await indexed(token, body.execution_id)
    const { invocations } = await call(toolsApi.invocations, { token, params })
    expect(invocations.map((one) => [one.execution_id, one.status])).toEqual([[body.execution_id, "ok"]])
  })

  it("[TC5] is made once for one Idempotency-Key, and refused for another body or a bad key", async () => {
    const { token } = await newTenant()
    const draft = {
      description: "Says what it was given",
      kind: "isolate" as const,
      execution_config: { source: "export default (input) => input" },
    }
    const { tool } = await call(toolsApi.create, { token, body: { ...draft, name: "echo" } })
    const another = await call(toolsApi.create, { token, body: { ...draft, name: "echo_too" } })
    const invoke = (key: string, n: number, tool_id: string = tool.id) =>
      ask(toolsApi.invoke, {
        token,
        params: { tool_id },
        body: { input: { n } },
        headers: { "idempotency-key": key, prefer: "wait=20" },
      })
    const [first, second] = await Promise.all([invoke("once", 1), invoke("once", 1)])
    expect([first.status, second.status]).toEqual([200, 200])
    expect(second.body).toEqual(first.body)
    expect((await invoke("once", 1)).body).toEqual(first.body)
    expect(problemOf(await invoke("once", 2))).toEqual({ status: 422, code: "idempotency.mismatch" })
    const elsewhere = await invoke("once", 1, another.tool.id)
    expect(elsewhere.body.execution_id).not.toBe(first.body.execution_id)
    expect(problemOf(await invoke("two words", 1))).toEqual({
      status: 400,
      code: "request.invalid",
      paths: ["Idempotency-Key"],
    })
  })

  it("[TC6] finds them by an index, without sorting", async () => {
    const d1 = await databaseOf((await newTenant()).id)
    const { results } = await d1
      .prepare(
        `explain query plan select id from spans where kind in ('tool', 'scope')
         and (attributes ->> 'edgecrew.tool.id') = ?1 order by start_time desc limit 10`,
      )
      .bind("tool_x")
      .all<{ detail: string }>()
    expect(results.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^SEARCH spans USING INDEX spans_tool/),
    ])
  })
})
