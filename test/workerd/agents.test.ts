import { beforeAll, describe, expect, it } from "vitest"
import { agentsApi } from "#core/contract/agents"
import { crewsApi } from "#core/contract/crews"
import { executionsApi } from "#core/contract/executions"
import { ask, call, problemOf } from "#test/kit/api"
import { agentDraft, newAgent, newCrew, newTool } from "#test/kit/definitions"
import { databaseOf } from "#test/kit/dump"
import { newMember, newTenant, type TestTenant } from "#test/kit/tenants"

let tenant: TestTenant
let other: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
  other = await newTenant()
})

const as = (agent_id: string, token = tenant.token) => ({ token, params: { agent_id } })
const ifMatch = (version: number) => ({ headers: { "if-match": `"v${version}"` } })
const gone = { status: 404, code: "agent.not_found" }

describe("an agent", () => {
  it("is kept as it was drafted, with what was left out filled in", async () => {
    const body = agentDraft({ tool_ids: ["builtin:time"], config: { temperature: 0.3 } })
    const created = await ask(agentsApi.create, { token: tenant.token, body })
    expect([created.status, created.headers.get("etag")]).toEqual([201, '"v1"'])
    const { agent, crews } = await call(agentsApi.get, as(created.body.agent.id))
    expect(agent).toEqual(created.body.agent)
    expect(agent).toMatchObject({
      ...body,
      status: "active",
      version: 1,
      created_by: tenant.user,
      config: { temperature: 0.3, limits: { max_iterations: 10 }, memory: false },
    })
    expect(crews).toEqual([])
  })

  it("has every change as a version, which can be read, compared and made the next one", async () => {
    const made = await newAgent(tenant.token, { name: "Ana", tool_ids: ["builtin:time"] })
    const body = { ...agentDraft({ name: "Ana", goal: "Say less." }), tool_ids: [] }
    const changed = await ask(agentsApi.update, { ...as(made.id), ...ifMatch(1), body })
    expect([changed.status, changed.headers.get("etag")]).toEqual([200, '"v2"'])
    const { versions } = await call(agentsApi.versions, as(made.id))
    expect(versions.map((one) => [one.version, one.created_by])).toEqual([
      [2, tenant.user],
      [1, tenant.user],
    ])
    const first = await call(agentsApi.version, {
      ...as(made.id),
      params: { agent_id: made.id, version: "1" },
    })
    expect(first.version.agent.tool_ids).toEqual(["builtin:time"])
    const diff = await call(agentsApi.diff, { ...as(made.id), query: { from: 1, to: 2 } })
    expect(diff.changes).toEqual([
      { path: "goal", from: "Say what it holds.", to: "Say less." },
      { path: "tool_ids.0", from: "builtin:time", to: null },
    ])
    const back = await call(agentsApi.rollback, { ...as(made.id), ...ifMatch(2), body: { version: 1 } })
    expect(back.agent).toEqual({ ...made, version: 3, updated_at: back.agent.updated_at })
    const again = await call(agentsApi.diff, { ...as(made.id), query: { from: 1, to: 3 } })
    expect(again.changes).toEqual([])
  })

  it("is changed from the version that was read only, and nothing of a stale change is written", async () => {
    const made = await newAgent(tenant.token)
    const put = (version: number) =>
      ask(agentsApi.update, { ...as(made.id), ...ifMatch(version), body: agentDraft() })
    expect((await put(1)).status).toBe(200)
    expect(problemOf(await put(1))).toEqual({ status: 412, code: "conflict.stale" })
    const rolled = await ask(agentsApi.rollback, { ...as(made.id), ...ifMatch(1), body: { version: 1 } })
    expect(problemOf(rolled)).toEqual({ status: 412, code: "conflict.stale" })
    expect((await call(agentsApi.versions, as(made.id))).versions).toHaveLength(2)
  })

  it("goes and comes back with its versions; a crew that has it says so meanwhile", async () => {
    const crew = await newCrew(tenant.token)
    const { agent_id } = crew.agents[0]!
    const before = await call(agentsApi.get, as(agent_id))
    expect(before.crews).toEqual([{ id: crew.id, name: crew.name }])
    expect((await ask(agentsApi.remove, as(agent_id))).status).toBe(204)
    for (const endpoint of [agentsApi.get, agentsApi.remove, agentsApi.versions, agentsApi.memories])
      expect(problemOf(await ask(endpoint, as(agent_id)))).toEqual(gone)
    const named = { token: tenant.token, params: { crew_id: crew.id } }
    const { findings, agents } = await call(crewsApi.get, named)
    expect(findings).toMatchObject([
      { code: "crew.deleted_agent", severity: "error", node_id: "reader", path: "agent_id" },
    ])
    expect(agents.find((one) => one.id === agent_id)?.is_deleted).toBe(true)
    const refused = await ask(crewsApi.test, { ...named, body: { input: { text: "x" } } })
    expect(problemOf(refused)).toMatchObject({ status: 422, code: "crew.not_ready" })
    const { agent } = await call(agentsApi.restore, as(agent_id))
    expect(agent).toEqual(before.agent)
    expect((await call(crewsApi.get, named)).findings).toEqual([])
    expect(problemOf(await ask(agentsApi.restore, as(agent_id)))).toEqual(gone)
  })

  it("is written down once for one Idempotency-Key, with its entry in the audit log", async () => {
    const request = { token: tenant.token, body: agentDraft(), headers: { "idempotency-key": "agent-once" } }
    const [first, second] = [await ask(agentsApi.create, request), await ask(agentsApi.create, request)]
    expect([second.status, second.body]).toEqual([201, first.body])
    expect(second.headers.get("idempotency-replayed")).toBe("true")
    const { results } = await (
      await databaseOf(tenant.id)
    )
      .prepare("select action, detail from audit_entries where target = ?")
      .bind(first.body.agent.id)
      .all<{ action: string; detail: string }>()
    expect(results.map((one) => one.action)).toEqual(["agent.create"])
    expect(JSON.parse(results[0]!.detail)).toMatchObject({ after: { name: request.body.name, version: 1 } })
  })

  it("answers a task, also as a draft would have it", async () => {
    const made = await newAgent(tenant.token)
    const outputs = async (body: object) => {
      const { execution_id } = await call(agentsApi.test, { ...as(made.id), body: body as never })
      for (let i = 0; i < 200; i++) {
        const params = { execution_id }
        const { execution } = await call(executionsApi.get, { token: tenant.token, params })
        if (!["queued", "running"].includes(execution.status)) return execution
        await new Promise((done) => setTimeout(done, 25))
      }
      throw new Error("it does not end")
    }
    const task = "Classify the sentiment of this text as positive or negative: I am very happy, thank you!"
    const first = await outputs({ task })
    expect([first.status, first.flow_id]).toEqual(["succeeded", made.id])
    expect(JSON.stringify(first.outputs)).toMatch(/positive/i)
    const draft = agentDraft({
      config: { output_schema: { type: "object", properties: { mood: { enum: ["positive", "negative"] } } } },
    })
    expect((await outputs({ task, draft })).outputs).toMatchObject({ mood: "positive" })
  })
})

describe("an agent is refused", () => {
  it("that names what the tenant does not have, with the place", async () => {
    const foreign = await newTool(other.token)
    const tool = "tool_01JD0000000000000000000000"
    const cases: [object, string[]][] = [
      [{ tool_ids: [tool] }, ["tool_ids.0"]],
      [{ tool_ids: ["builtin:time", foreign.id] }, ["tool_ids.1"]],
      [{ tool_ids: ["builtin:nothing"] }, ["tool_ids.0"]],
      [{ tool_ids: ["builtin:time", "builtin:time"] }, ["tool_ids.1"]],
      [{ llm_provider_id: "provider_01JD0000000000000000000000" }, ["llm_provider_id"]],
      [{ config: { output_schema: { type: "nothing" } } }, ["config.output_schema.type"]],
      [
        { config: { guardrails: [{ type: "must_match", pattern: "(?=x)" }] } },
        ["config.guardrails.0.pattern"],
      ],
      [
        { config: { guardrails: [{ type: "expression", when: "output.(", message: "No" }] } },
        ["config.guardrails.0.when"],
      ],
      [{ config: { limits: { max_iterations: 0 } } }, ["config.limits.max_iterations"]],
      [{ name: " " }, ["name"]],
      [{ status: "asleep" }, ["status"]],
      [{ secret: "x" }, ["secret"]],
      [{ tool_ids: ["tool_x"] }, ["tool_ids.0"]],
    ]
    for (const [change, paths] of cases) {
      const body = { ...agentDraft(), ...change }
      const answered = await ask(agentsApi.create, { token: tenant.token, body })
      expect([change, problemOf(answered)]).toEqual([
        change,
        { status: 400, code: "request.invalid", paths: expect.arrayContaining(paths) as string[] },
      ])
    }
    const made = await newAgent(tenant.token)
    const changed = await ask(agentsApi.update, {
      ...as(made.id),
      body: agentDraft({ tool_ids: [foreign.id] }),
    })
    expect(problemOf(changed)).toMatchObject({ status: 400, paths: ["tool_ids.0"] })
  })

  it("to other tenants as if it were not there", async () => {
    const made = await newAgent(tenant.token)
    const foreign = as(made.id, other.token)
    const answers = [
      await ask(agentsApi.get, foreign),
      await ask(agentsApi.update, { ...foreign, body: agentDraft() }),
      await ask(agentsApi.remove, foreign),
      await ask(agentsApi.restore, foreign),
      await ask(agentsApi.versions, foreign),
      await ask(agentsApi.version, { ...foreign, params: { agent_id: made.id, version: "1" } }),
      await ask(agentsApi.diff, { ...foreign, query: { from: 1, to: 1 } }),
      await ask(agentsApi.rollback, { ...foreign, body: { version: 1 } }),
      await ask(agentsApi.test, { ...foreign, body: { task: "x" } }),
      await ask(agentsApi.memories, foreign),
      await ask(agentsApi.forgetAll, foreign),
      await ask(agentsApi.forget, { ...foreign, params: { agent_id: made.id, memory_id: "mem_1" } }),
    ]
    for (const answered of answers) expect(problemOf(answered)).toEqual(gone)
    const missing = await ask(agentsApi.version, {
      ...as(made.id),
      params: { agent_id: made.id, version: "9" },
    })
    expect(problemOf(missing)).toEqual({ status: 404, code: "agent.version_not_found" })
  })

  it("to those who may not change it, also by the back door of a test with a draft", async () => {
    const made = await newAgent(tenant.token)
    const { token } = await newMember(tenant, "executor")
    const denied = { status: 403, code: "access.denied" }
    expect((await ask(agentsApi.get, as(made.id, token))).status).toBe(200)
    expect(problemOf(await ask(agentsApi.update, { ...as(made.id, token), body: agentDraft() }))).toEqual(
      denied,
    )
    expect(problemOf(await ask(agentsApi.forgetAll, as(made.id, token)))).toEqual(denied)
    const test = { ...as(made.id, token), body: { task: "Summarise this: all is well." } }
    expect((await ask(agentsApi.test, test)).status).toBe(202)
    const drafted = await ask(agentsApi.test, { ...test, body: { ...test.body, draft: agentDraft() } })
    expect(problemOf(drafted)).toEqual(denied)
    const viewer = await newMember(tenant, "viewer")
    expect(problemOf(await ask(agentsApi.test, { ...test, token: viewer.token }))).toEqual(denied)
  })
})

describe("the list of agents", () => {
  it("is paged, sorted, searched and filtered, and counts tools and crews", async () => {
    const { token } = await newTenant()
    const crew = await newCrew(token, { name: "Both" })
    await newAgent(token, { name: "Zoe", status: "archived", role: "Chief Listener" })
    await newAgent(token, { name: "amir", tool_ids: ["builtin:time", "builtin:math"] })
    const list = async (query: Record<string, string | number>) =>
      call(agentsApi.list, { token, query: { sort: "name", ...query } })
    const all = await list({})
    expect([all.total, all.agents.at(-1)?.name, all.page_info.has_next]).toEqual([4, "Zoe", false])
    expect(all.agents.find((one) => one.name === "amir")).toMatchObject({ tool_count: 2, crew_count: 0 })
    const member = all.agents.find((one) => one.id === crew.agents[0]!.agent_id)
    expect(member).toMatchObject({ tool_count: 0, crew_count: 1 })
    expect((await list({ search: "chief" })).agents.map((one) => one.name)).toEqual(["Zoe"])
    expect((await list({ status: "archived" })).agents.map((one) => one.name)).toEqual(["Zoe"])
    const second = await list({ limit: 3, page: 2 })
    expect([second.agents.length, second.page_info.has_prev]).toEqual([1, true])
    expect((await ask(agentsApi.list, { token, query: { status: "asleep" } })).status).toBe(400)
  })

  it("begins with six examples, each of which can be created as it is", async () => {
    const { token } = await newTenant()
    const { examples } = await call(agentsApi.examples, { token })
    expect(examples).toHaveLength(6)
    for (const { agent } of examples)
      expect((await ask(agentsApi.create, { token, body: agent })).status).toBe(201)
  })
})
