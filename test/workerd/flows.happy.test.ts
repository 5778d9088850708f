import { beforeAll, describe, expect, it } from "vitest"
import { toolsApi } from "#core/contract/tools"
import { flowsApi } from "#core/contract/flows"
import type { z } from "zod"
import { executionsApi } from "#core/contract/executions"
import { ask, call, problemOf } from "#test/kit/api"
import { newTenant, unique, type TestTenant } from "#test/kit/tenants"
import { flowDraft } from "#test/kit/world"

type JsonValue = z.core.util.JSONType

let tenant: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
})

const create = async (draft = flowDraft()) =>
  (await call(flowsApi.create, { token: tenant.token, body: draft })).flow

const as = (id: string) => ({ token: tenant.token, params: { flow_id: id } })

describe("a flow", () => {
  it("is kept as it was drawn", async () => {
    const draft = flowDraft("Greeting")
    const created = await ask(flowsApi.create, { token: tenant.token, body: draft })
    expect(created.status).toBe(201)
    expect(created.headers.get("etag")).toBe('"v1"')
    expect(created.body.findings).toEqual([])
    const { flow, versions, findings } = await call(flowsApi.get, as(created.body.flow.id))
    expect(flow).toEqual(created.body.flow)
    expect(flow).toMatchObject({
      ...draft,
      version: 1,
      published_version: null,
      has_unpublished_changes: true,
      created_by: tenant.user,
    })
    expect([versions, findings]).toEqual([[], []])
  })

  it("may be unfinished, and says what is wrong", async () => {
    const { flow, findings } = await call(flowsApi.create, { token: tenant.token, body: { name: "Empty" } })
    expect(findings.map((one) => one.code)).toContain("flow.empty")
    const { valid } = await call(flowsApi.validate, as(flow.id))
    expect(valid).toBe(false)
  })

  it("is published as frozen versions, compared, and rolled back", async () => {
    const flow = await create()
    const version = { "if-match": '"v1"' }
    const published = { ...as(flow.id), headers: version, body: { note: "First" } }
    expect(await call(flowsApi.publish, published)).toEqual({ version: 1 })
    const changed = { ...flowDraft(flow.name), description: "Greets loudly" }
    changed.nodes = changed.nodes!.map((node) =>
      node.id === "greet" ? { ...node, data: { value: "'HELLO'" } } : node,
    )
    const saved = await call(flowsApi.update, { ...as(flow.id), headers: version, body: changed })
    expect(saved.flow).toMatchObject({ published_version: 1, has_unpublished_changes: true })
    const diff = await call(flowsApi.diff, { ...as(flow.id), query: { from: 1 } })
    expect(diff.nodes).toEqual({ added: [], removed: [], changed: ["greet"] })
    expect(await call(flowsApi.publish, as(flow.id))).toEqual({ version: 2 })
    const { versions } = await call(flowsApi.versions, as(flow.id))
    expect(versions.map(({ version, note }) => [version, note])).toEqual([
      [2, ""],
      [1, "First"],
    ])
    const first = await call(flowsApi.version, { ...as(flow.id), params: { flow_id: flow.id, version: "1" } })
    expect(first.version.nodes).toEqual(flow.nodes)
    const back = await call(flowsApi.rollback, { ...as(flow.id), body: { version: 1 } })
    expect(back.flow.nodes).toEqual(flow.nodes)
    expect(back.flow).toMatchObject({ published_version: 2, has_unpublished_changes: true })
    expect(await call(flowsApi.diff, { ...as(flow.id), query: { from: 1, to: "draft" } })).toMatchObject({
      nodes: { added: [], removed: [], changed: [] },
    })
  })

  it("is executed in its published version, until another is published", async () => {
    const flow = await create()
    await call(flowsApi.publish, as(flow.id))
    const greet = async () => {
      const answered = await ask(executionsApi.execute, {
        ...as(flow.id),
        body: { inputs: { name: "Ana" } },
        headers: { prefer: "wait=10" },
      })
      return (answered.body as { outputs?: unknown }).outputs
    }
    expect(await greet()).toEqual("Hello Ana")
    const louder = flowDraft(flow.name)
    louder.nodes = louder.nodes!.map((node) =>
      node.id === "greet" ? { ...node, data: { value: "'HEY ' & input.name" } } : node,
    )
    await call(flowsApi.update, { ...as(flow.id), body: louder })
    expect(await greet()).toEqual("Hello Ana")
    await call(flowsApi.publish, as(flow.id))
    expect(await greet()).toEqual("HEY Ana")
  })

  it("goes and comes back", async () => {
    const flow = await create()
    expect((await ask(flowsApi.remove, as(flow.id))).status).toBe(204)
    expect((await ask(flowsApi.get, as(flow.id))).status).toBe(404)
    expect((await ask(flowsApi.remove, as(flow.id))).status).toBe(404)
    const { flows } = await call(flowsApi.list, { token: tenant.token, query: { deleted: "true" } })
    expect(flows.map((one) => one.id)).toContain(flow.id)
    const { flow: back } = await call(flowsApi.restore, as(flow.id))
    expect(back).toMatchObject({ id: flow.id, nodes: flow.nodes })
    expect((await ask(flowsApi.restore, as(flow.id))).status).toBe(404)
  })

  it("travels as a file", async () => {
    const flow = await create()
    const file = JSON.stringify(await call(flowsApi.export, as(flow.id)))
    for (const content of [file, JSON.parse(file) as Record<string, JsonValue>]) {
      const imported = await call(flowsApi.import, { token: tenant.token, body: { content } })
      const { id, name, nodes, edges, input_schema } = imported.flow
      expect(id).not.toBe(flow.id)
      expect({ name, nodes, edges, input_schema }).toEqual({
        name: flow.name,
        nodes: flow.nodes,
        edges: flow.edges,
        input_schema: flow.input_schema,
      })
      expect(imported.report).toMatchObject({
        format: "edgecrew.flow",
        exact: ["input", "greet", "output"],
        changed: [],
        opaque: [],
        dropped: [],
      })
    }
  })

  it("of a kind that is unknown here is imported, and reported as opaque", async () => {
    const file = {
      format: "edgecrew.flow",
      format_version: 1,
      flow: { name: "Later", nodes: [{ id: "x", type: "quantum", position: { x: 0, y: 0 } }] },
    }
    const { report } = await call(flowsApi.import, { token: tenant.token, body: { content: file } })
    expect(report).toMatchObject({ exact: [], changed: [], opaque: ["x"], dropped: [] })
  })
})

describe("the list of flows", () => {
  it("is paged, sorted, searched and filtered", async () => {
    const other = await newTenant()
    const { token } = other
    const names = ["Äpfel zählen", "banana", "Cherry 100%", "date_under"]
    for (const name of names) await call(flowsApi.create, { token, body: flowDraft(name) })
    const list = async (query: Record<string, string | number>) => {
      const { flows, total, page_info } = await call(flowsApi.list, { token, query })
      return { names: flows.map((one) => one.name), total, page_info }
    }
    expect(await list({ sort: "name", limit: 2 })).toEqual({
      names: ["banana", "Cherry 100%"],
      total: 4,
      page_info: { page: 1, limit: 2, has_next: true, has_prev: false },
    })
    expect(await list({ sort: "name", limit: 2, page: 2 })).toMatchObject({
      names: ["date_under", "Äpfel zählen"],
      page_info: { has_next: false, has_prev: true },
    })
    expect((await list({ sort: "-name", page: 9 })).names).toEqual([])
    expect((await list({ search: "CHERRY 100%" })).names).toEqual(["Cherry 100%"])
    for (const search of ["äpfel", "Äpfel", "ÄPFEL", "ZÄHLEN"]) {
      expect([search, (await list({ search })).names]).toEqual([search, ["Äpfel zählen"]])
    }
    expect((await list({ search: "e_u" })).names).toEqual(["date_under"])
    expect((await list({ search: "%" })).names).toEqual(["Cherry 100%"])
    expect((await list({ search: "' or 1=1 --" })).names).toEqual([])
    expect((await list({ search: "x".repeat(200) })).names).toEqual([])
    expect((await list({ published: "true" })).total).toBe(0)
    expect((await list({ published: "false" })).total).toBe(4)
  })

  it("shows the newest execution of each flow", async () => {
    const flow = await create(flowDraft(unique("executed")))
    const started = await ask(executionsApi.execute, {
      ...as(flow.id),
      body: { inputs: { name: "Ana" } },
      headers: { prefer: "wait=10" },
    })
    const seen = async () => {
      const { flows } = await call(flowsApi.list, { token: tenant.token, query: { search: flow.name } })
      return flows[0]?.last_execution
    }
    await expect.poll(seen, { timeout: 10_000 }).toMatchObject({
      id: started.body.execution_id,
      status: "succeeded",
    })
  })
})

describe("the arguments that a node gives to its tool", () => {
  const flowWith = (tool_id: string, inputs: object) => ({
    name: "Calls a tool",
    nodes: [
      { id: "in", type: "input", position: { x: 0, y: 0 }, data: {} },
      { id: "ask", type: "tool", position: { x: 0, y: 0 }, data: { tool_id, inputs } as never },
    ],
    edges: [{ id: "e", source: "in", target: "ask" }],
  })

  it("are judged by the tool as it is, before a version is published", async () => {
    const { token } = await newTenant()
    const { flow } = await call(flowsApi.create, {
      token,
      body: flowWith("builtin:json_query", { query: "", dta: "{{ input }}" }),
    })
    const params = { flow_id: flow.id }
    const { findings } = await call(flowsApi.validate, { token, params })
    expect(findings.filter((one) => one.severity === "error").map(({ code, path }) => [code, path])).toEqual([
      ["tool.inputs_invalid", "inputs.data"],
      ["tool.inputs_invalid", "inputs.dta"],
      ["tool.inputs_invalid", "inputs.query"],
    ])
    expect(problemOf(await ask(flowsApi.publish, { token, params }))).toMatchObject({
      status: 422,
      code: "flow.invalid",
    })
    const body = flowWith("builtin:json_query", { data: "{{ input }}", query: "data" })
    await call(flowsApi.update, { token, params, body })
    expect((await call(flowsApi.publish, { token, params })).version).toBe(1)
  })
})

describe("the examples", () => {
  it("are flows without faults, each with the flows that it calls", async () => {
    const { templates } = await call(flowsApi.templates, { token: tenant.token })
    expect(templates.length).toBeGreaterThanOrEqual(14)
    for (const { flow } of templates) {
      const made = await call(flowsApi.create, { token: tenant.token, body: flow })
      expect([flow.name, made.findings]).toEqual([flow.name, []])
      expect(JSON.stringify(made.flow)).not.toContain("example:")
    }
  })

  it("bring their tools: one for all flows that come with it, and another where somebody has changed it", async () => {
    const { token } = await newTenant()
    const { templates } = await call(flowsApi.templates, { token })
    const body = templates.find((one) => one.id === "count-words")!.flow
    const names = async () => (await call(toolsApi.list, { token, query: {} })).tools.map((one) => one.name)
    await call(flowsApi.create, { token, body })
    await call(flowsApi.create, { token, body })
    expect(await names()).toEqual(["word_statistics"])
    const { tools } = await call(toolsApi.list, { token, query: {} })
    const { id: tool_id, version: _v, created_by: _b, created_at: _c, updated_at: _u, ...draft } = tools[0]!
    await call(toolsApi.update, { token, params: { tool_id }, body: { ...draft, description: "Ours now" } })
    await call(flowsApi.create, { token, body })
    expect((await names()).toSorted()).toEqual(["word_statistics", "word_statistics_2"])
  })

  it("call what is published already, and make what is not", async () => {
    const { token } = await newTenant()
    const { templates } = await call(flowsApi.templates, { token })
    const body = templates.find((one) => one.id === "briefing")!.flow
    const names = async () => (await call(flowsApi.list, { token })).flows.map((one) => one.name).toSorted()
    await call(flowsApi.create, { token, body })
    expect(await names()).toEqual(["Morning briefing", "Summarise a text"])
    await call(flowsApi.create, { token, body })
    expect(await names()).toEqual(["Morning briefing", "Morning briefing", "Summarise a text"])
  })
})
