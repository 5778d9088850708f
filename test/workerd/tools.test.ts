import { beforeAll, describe, expect, it } from "vitest"
import { agentsApi } from "#core/contract/agents"
import { crewsApi } from "#core/contract/crews"
import type { BodyIn } from "#core/contract/endpoint"
import { flowsApi } from "#core/contract/flows"
import { credentialsApi } from "#core/contract/credentials"
import { toolsApi } from "#core/contract/tools"
import { ask, call, problemOf } from "#test/kit/api"
import {
  agentDraft,
  crewDraft,
  newAgent,
  newCrew,
  newTool,
  toolDraft,
  type ToolBody,
} from "#test/kit/definitions"
import { newMember, newTenant, type TestTenant } from "#test/kit/tenants"
import { credentialDraft, flowDraft } from "#test/kit/world"

let tenant: TestTenant
let other: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
  other = await newTenant()
})

const as = (tool_id: string, token = tenant.token) => ({ token, params: { tool_id } })
const ifMatch = (version: number) => ({ headers: { "if-match": `"v${version}"` } })
const gone = { status: 404, code: "tool.not_found" }

const newCredential = async (token: string) =>
  (await call(credentialsApi.create, { token, body: credentialDraft() })).credential

describe("a tool", () => {
  it("is kept as it was drafted, and changed from the version that was read", async () => {
    const credential = await newCredential(tenant.token)
    const body = toolDraft({
      risk: "write",
      needs_approval: true,
      execution_config: {
        method: "POST",
        url: "https://api.example.com/{{ input.order }}",
        headers: { "x-trace": "{{ input.order }}" },
        body: { note: ["{{ input.note }}"] },
        credential_id: credential.id,
      },
    })
    const created = await ask(toolsApi.create, { token: tenant.token, body })
    expect([created.status, created.headers.get("etag")]).toEqual([201, '"v1"'])
    const { tool } = await call(toolsApi.get, as(created.body.tool.id))
    expect(tool).toEqual(created.body.tool)
    expect(tool).toMatchObject({ ...body, version: 1, created_by: tenant.user })
    const put = () => ask(toolsApi.update, { ...as(tool.id), ...ifMatch(1), body: { ...body, risk: "read" } })
    expect((await put()).body.tool).toMatchObject({ risk: "read", version: 2 })
    expect(problemOf(await put())).toEqual({ status: 412, code: "conflict.stale" })
  })

  it("keeps every version, says what differs, and goes back to one", async () => {
    const first = toolDraft({ risk: "danger" })
    const { id } = (await call(toolsApi.create, { token: tenant.token, body: first })).tool
    const body = { ...first, description: "Looks up two.", execution_config: { url: "https://b.example" } }
    await call(toolsApi.update, { ...as(id), body })
    const { versions } = await call(toolsApi.versions, as(id))
    expect(versions.map((one) => [one.version, one.created_by])).toEqual([
      [2, tenant.user],
      [1, tenant.user],
    ])
    const asOf = (number: number) => ({ ...as(id), params: { tool_id: id, version: String(number) } })
    expect((await call(toolsApi.version, asOf(1))).version).toMatchObject({ version: 1, tool: first })
    expect(problemOf(await ask(toolsApi.version, asOf(3)))).toEqual({
      status: 404,
      code: "tool.version_not_found",
    })
    const { changes } = await call(toolsApi.diff, { ...as(id), query: { from: 1, to: 2 } })
    expect(changes).toEqual([
      { path: "description", from: first.description, to: "Looks up two." },
      {
        path: "execution_config.url",
        from: "https://api.example.com/orders/{{ input.order }}",
        to: "https://b.example",
      },
    ])
    const back = (match: number) =>
      ask(toolsApi.rollback, { ...as(id), ...ifMatch(match), body: { version: 1 } })
    expect(problemOf(await back(1))).toEqual({ status: 412, code: "conflict.stale" })
    expect((await back(2)).body.tool).toMatchObject({ ...first, version: 3 })
    await call(toolsApi.remove, as(id))
    expect((await call(toolsApi.restore, as(id))).tool.version).toBe(3)
    expect((await call(toolsApi.versions, as(id))).versions).toHaveLength(3)
  })

  it("of every kind is kept as it was drafted", async () => {
    const credential = await newCredential(tenant.token)
    const { flow } = await call(flowsApi.create, { token: tenant.token, body: flowDraft() })
    const input_schema = { type: "object", properties: { order: { type: "string" } } }
    const kinds: BodyIn<typeof toolsApi.create>[] = [
      {
        ...toolDraft(),
        kind: "openapi",
        execution_config: {
          operation_id: "getOrder",
          server_url: "https://api.example.com/v1",
          method: "GET",
          path: "/orders/{order}",
          parameters: [{ name: "order", in: "path", argument: "order" }],
          credential_id: credential.id,
        },
      },
      {
        ...toolDraft(),
        kind: "mcp",
        credentials: { key: credential.id },
        execution_config: {
          url: "https://mcp.example.com/mcp",
          tool_name: "find",
          headers: { "x-key": "{{ credentials.key }}" },
        },
      },
      { ...toolDraft(), kind: "isolate", execution_config: { source: "export default (input) => input" } },
      {
        ...toolDraft(),
        kind: "container",
        output_schema: input_schema,
        execution_config: {
          runtime: "bash",
          files: [{ path: "main.sh", content: "echo {}" }],
          entrypoint: "main.sh",
        },
      },
      { ...toolDraft(), kind: "flow", execution_config: { flow_id: flow.id } },
    ]
    for (const body of kinds) {
      const { tool } = await call(toolsApi.create, { token: tenant.token, body })
      expect(tool).toMatchObject(body)
      expect((await call(toolsApi.get, as(tool.id))).tool).toEqual(tool)
    }
    const params = { credential_id: credential.id }
    const refused = await ask(credentialsApi.remove, { token: tenant.token, params })
    expect(problemOf(refused)).toMatchObject({ status: 409, code: "credential.in_use" })
    for (const name of kinds.slice(0, 2).map((one) => one.name)) expect(refused.text).toContain(name)
  })

  it("has the tenant's only such name, as long as it is there", async () => {
    const made = await newTool(tenant.token, { name: "only_one" })
    const again = () => ask(toolsApi.create, { token: tenant.token, body: toolDraft({ name: "only_one" }) })
    expect(problemOf(await again())).toEqual({ status: 409, code: "conflict.duplicate" })
    expect(
      (await ask(toolsApi.create, { token: other.token, body: toolDraft({ name: "only_one" }) })).status,
    ).toBe(201)
    expect((await ask(toolsApi.remove, as(made.id))).status).toBe(204)
    expect((await again()).status).toBe(201)
    expect(problemOf(await ask(toolsApi.restore, as(made.id)))).toEqual({
      status: 409,
      code: "conflict.duplicate",
    })
  })

  it("that an agent has stays, and says which; others go and come back", async () => {
    const made = await newTool(tenant.token)
    const agent = await newAgent(tenant.token, { name: "Looks up orders", tool_ids: [made.id] })
    const refused = await ask(toolsApi.remove, as(made.id))
    expect(problemOf(refused)).toEqual({ status: 409, code: "tool.in_use" })
    expect(refused.text).toContain("Looks up orders")
    const { used_by } = await call(toolsApi.get, as(made.id))
    expect(used_by).toEqual({ agents: [{ id: agent.id, name: "Looks up orders" }], crews: [], flows: [] })
    const params = { agent_id: agent.id }
    await call(agentsApi.update, { token: tenant.token, params, body: agentDraft() })
    expect((await ask(toolsApi.remove, as(made.id))).status).toBe(204)
    for (const endpoint of [toolsApi.get, toolsApi.remove])
      expect(problemOf(await ask(endpoint, as(made.id)))).toEqual(gone)
    const back = await ask(agentsApi.rollback, { token: tenant.token, params, body: { version: 1 } })
    expect(problemOf(back)).toEqual({ status: 400, code: "request.invalid", paths: ["tool_ids.0"] })
    expect((await call(toolsApi.restore, as(made.id))).tool).toMatchObject({ id: made.id, name: made.name })
    expect(
      (await ask(agentsApi.rollback, { token: tenant.token, params, body: { version: 1 } })).status,
    ).toBe(200)
  })

  it("that a flow or a crew names stays, and so does the flow that a tool calls", async () => {
    const made = await newTool(tenant.token)
    const { flow } = await call(flowsApi.create, {
      token: tenant.token,
      body: {
        name: "Calls the shop",
        nodes: [
          { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
          { id: "ask", type: "tool", position: { x: 0, y: 0 }, data: { tool_id: made.id, inputs: {} } },
        ],
        edges: [{ id: "e", source: "input", target: "ask" }],
      },
    })
    const refused = await ask(toolsApi.remove, as(made.id))
    expect(problemOf(refused)).toEqual({ status: 409, code: "tool.in_use" })
    expect(refused.body).toMatchObject({
      detail: "“Calls the shop” has this tool. Take it away there first.",
      flows: [{ id: flow.id, name: "Calls the shop" }],
    })
    expect((await call(toolsApi.get, as(made.id))).used_by.flows).toEqual([
      { id: flow.id, name: "Calls the shop" },
    ])
    const caller = await call(toolsApi.create, {
      token: tenant.token,
      body: { ...toolDraft({ name: "by_flow" }), kind: "flow", execution_config: { flow_id: flow.id } },
    })
    const ofFlow = { token: tenant.token, params: { flow_id: flow.id } }
    const kept = await ask(flowsApi.remove, ofFlow)
    expect(problemOf(kept)).toEqual({ status: 409, code: "flow.in_use" })
    expect(kept.body).toMatchObject({ tools: [{ id: caller.tool.id, name: "by_flow" }] })
    await call(toolsApi.remove, as(caller.tool.id))
    await call(flowsApi.remove, ofFlow)
    expect((await ask(toolsApi.remove, as(made.id))).status).toBe(204)

    const lent = await newTool(tenant.token)
    const { name, ...crew } = await newCrew(tenant.token)
    const draft = crewDraft(crew.agents[0]!.agent_id, crew.agents[1]!.agent_id, { name })
    draft.agents![0] = { ...draft.agents![0]!, overrides: { tool_ids: [lent.id] } }
    await call(crewsApi.update, { token: tenant.token, params: { crew_id: crew.id }, body: draft })
    expect((await ask(toolsApi.remove, as(lent.id))).body).toMatchObject({ crews: [{ id: crew.id, name }] })
  })

  it("keeps the credential that it sends along from being deleted", async () => {
    const credential = await newCredential(tenant.token)
    const { execution_config } = toolDraft()
    const made = await newTool(tenant.token, {
      execution_config: { ...execution_config, credential_id: credential.id },
    })
    const params = { credential_id: credential.id }
    const refused = await ask(credentialsApi.remove, { token: tenant.token, params })
    expect(problemOf(refused)).toMatchObject({ status: 409, code: "credential.in_use" })
    expect(refused.text).toContain(made.name)
    await call(toolsApi.remove, as(made.id))
    expect((await ask(credentialsApi.remove, { token: tenant.token, params })).status).toBe(204)
  })
})

describe("a tool is refused", () => {
  it("that could not work, with the place", async () => {
    const foreign = await newCredential(other.token)
    const config = (change: object) => ({ execution_config: { ...toolDraft().execution_config, ...change } })
    const cases: [object, string][] = [
      [{ name: "Shop search" }, "name"],
      [{ name: "time" }, "name"],
      [{ description: " " }, "description"],
      [{ kind: "shell" }, "kind"],
      [{ risk: "none" }, "risk"],
      [{ input_schema: { type: "string" } }, "input_schema.type"],
      [
        { input_schema: { type: "object", properties: { a: { type: "x" } } } },
        "input_schema.properties.a.type",
      ],
      [config({ url: "" }), "execution_config.url"],
      [config({ url: "https://x.example/{{ input." }), "execution_config.url"],
      [config({ url: "https://x.example/{{ nodes.a }}" }), "execution_config.url"],
      [config({ headers: { "x-a": "{{ $eval('1') }}" } }), "execution_config.headers.x-a"],
      [config({ body: { a: ["{{ credentials.key }}"] } }), "execution_config.body.a.0"],
      [config({ credential_id: foreign.id }), "execution_config.credential_id"],
      [config({ credential_id: "cred_01JD0000000000000000000000" }), "execution_config.credential_id"],
      [config({ secret: "x" }), "execution_config.secret"],
      [{ credentials: { key: foreign.id } }, "credentials.key"],
      [
        { kind: "flow", execution_config: { flow_id: "flow_01JD0000000000000000000000" } },
        "execution_config.flow_id",
      ],
    ]
    for (const [change, path] of cases) {
      const body = { ...toolDraft(), ...change }
      const answered = await ask(toolsApi.create, { token: tenant.token, body })
      expect([path, problemOf(answered)]).toEqual([
        path,
        { status: 400, code: "request.invalid", paths: [path] },
      ])
    }
  })

  it("to other tenants as if it were not there, and to those who may only look", async () => {
    const made = await newTool(tenant.token)
    const asked = (token: string) => [
      ask(toolsApi.update, { ...as(made.id, token), body: toolDraft() }),
      ask(toolsApi.remove, as(made.id, token)),
      ask(toolsApi.restore, as(made.id, token)),
    ]
    for (const answered of await Promise.all(asked(other.token))) expect(problemOf(answered)).toEqual(gone)
    expect(problemOf(await ask(toolsApi.get, as(made.id, other.token)))).toEqual(gone)
    for (const role of ["viewer", "executor"] as const) {
      const { token } = await newMember(tenant, role)
      for (const answered of await Promise.all(asked(token))) expect(answered.status).toBe(403)
      expect((await ask(toolsApi.get, as(made.id, token))).status).toBe(200)
    }
  })
})

describe("whether a tool could be called", () => {
  const judged = (tool_id: string) => call(toolsApi.validate, as(tool_id))

  it("is said with an example of it", async () => {
    const made = await newTool(tenant.token)
    expect(await judged(made.id)).toEqual({ valid: true, findings: [], sample: { input: { order: "text" } } })
    const operation = {
      ...toolDraft(),
      kind: "openapi" as const,
      execution_config: {
        operation_id: "getOrder",
        server_url: "https://api.example.com/v1",
        method: "GET" as const,
        path: "/orders/{order}",
        parameters: [{ name: "order", in: "path" as const, argument: "order" }],
      },
    }
    const { tool } = await call(toolsApi.create, { token: tenant.token, body: operation })
    expect((await judged(tool.id)).sample).toEqual({
      input: { order: "text" },
      request: { method: "GET", url: "https://api.example.com/v1/orders/text" },
    })
  })

  it("is denied where its credential is not for its host, its flow not published, its server not to be reached", async () => {
    const credential = await newCredential(tenant.token)
    const { flow } = await call(flowsApi.create, { token: tenant.token, body: flowDraft() })
    const cases: [BodyIn<typeof toolsApi.create>, string][] = [
      [
        toolDraft({
          execution_config: { url: "https://other.net/{{ input.order }}", credential_id: credential.id },
        }),
        "tool.credential",
      ],
      [{ ...toolDraft(), kind: "flow", execution_config: { flow_id: flow.id } }, "tool.flow"],
      [
        {
          ...toolDraft(),
          kind: "mcp",
          execution_config: { url: "https://mcp.shop.example/mcp", tool_name: "find" },
        },
        "http.refused_address",
      ],
    ]
    for (const [body, code] of cases) {
      const { tool } = await call(toolsApi.create, { token: tenant.token, body })
      expect(await judged(tool.id)).toMatchObject({ valid: false, findings: [{ code, severity: "error" }] })
    }
  })

  it("begins with a program that works", async () => {
    const { scaffolds } = await call(toolsApi.scaffolds, { token: tenant.token })
    expect(scaffolds.map((one) => one.id)).toEqual(["isolate", "python", "node", "bash"])
    for (const { tool } of scaffolds)
      expect(
        (await ask(toolsApi.create, { token: tenant.token, body: { ...tool, name: toolDraft().name } }))
          .status,
      ).toBe(201)
  })
})

describe("the list of tools", () => {
  it("is paged, sorted and searched, beside the tools that every tenant has", async () => {
    const { token } = await newTenant()
    for (const name of ["beta", "alpha", "gamma"]) await newTool(token, { name } satisfies Partial<ToolBody>)
    const page = await call(toolsApi.list, { token, query: { sort: "name", limit: 2 } })
    expect(page.tools.map((one) => one.name)).toEqual(["alpha", "beta"])
    expect([page.total, page.page_info.has_next]).toEqual([3, true])
    expect(page.builtin.map((one) => one.id)).toContain("builtin:web_page")
    for (const one of page.builtin) expect(one).toMatchObject({ input_schema: { type: "object" } })
    const found = await call(toolsApi.list, { token, query: { search: "GAM" } })
    expect(found.tools.map((one) => one.name)).toEqual(["gamma"])
  })

  it("is narrowed to a kind and to a risk", async () => {
    const { token } = await newTenant()
    await newTool(token, { name: "looks" })
    await newTool(token, { name: "acts", risk: "danger" })
    const isolate = { kind: "isolate" as const, execution_config: { source: "export default () => 1" } }
    const body = { ...toolDraft({ name: "counts" }), ...isolate }
    await call(toolsApi.create, { token, body })
    const named = async (query: Record<string, string>) => {
      const { tools, total } = await call(toolsApi.list, { token, query: { sort: "name", ...query } })
      expect(total).toBe(tools.length)
      return tools.map((one) => one.name)
    }
    expect(await named({ kind: "http" })).toEqual(["acts", "looks"])
    expect(await named({ kind: "isolate" })).toEqual(["counts"])
    expect(await named({ risk: "danger" })).toEqual(["acts"])
    expect(await named({ kind: "isolate", risk: "danger" })).toEqual([])
    expect(problemOf(await ask(toolsApi.list, { token, query: { kind: "builtin" } }))).toMatchObject({
      status: 400,
    })
  })
})
