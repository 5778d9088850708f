import { beforeAll, describe, expect, it } from "vitest"
import { agentsApi } from "#core/contract/agents"
import { crewsApi } from "#core/contract/crews"
import { executionsApi } from "#core/contract/executions"
import { ask, call, problemOf } from "#test/kit/api"
import { agentDraft, crewDraft, newAgent, newCrew, type CrewBody } from "#test/kit/definitions"
import { databaseOf } from "#test/kit/dump"
import { newMember, newTenant, type TestTenant } from "#test/kit/tenants"

let tenant: TestTenant
let other: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
  other = await newTenant()
})

const as = (crew_id: string, token = tenant.token) => ({ token, params: { crew_id } })
const ifMatch = (version: number) => ({ headers: { "if-match": `"v${version}"` } })
const gone = { status: 404, code: "crew.not_found" }

/** How an execution has ended. */
async function ended(execution_id: string, token = tenant.token) {
  for (let i = 0; i < 600; i++) {
    const { execution } = await call(executionsApi.get, { token, params: { execution_id } })
    if (!["queued", "running", "waiting"].includes(execution.status)) return execution
    await new Promise((done) => setTimeout(done, 25))
  }
  throw new Error("it does not end")
}

describe("a crew", () => {
  it("is kept as it was drafted, with the names of its agents", async () => {
    const [reader, writer] = [await newAgent(tenant.token), await newAgent(tenant.token)]
    const body = crewDraft(reader.id, writer.id, {
      agents: [
        { agent_id: reader.id, position: "reader" },
        { agent_id: writer.id, position: "writer", overrides: { config: { temperature: 1 } } },
      ],
    })
    const created = await ask(crewsApi.create, { token: tenant.token, body })
    expect([created.status, created.headers.get("etag"), created.body.findings]).toEqual([201, '"v1"', []])
    const { crew, agents, findings } = await call(crewsApi.get, as(created.body.crew.id))
    expect(crew).toEqual(created.body.crew)
    expect(crew).toMatchObject({ name: body.name, agents: body.agents, version: 1, created_by: tenant.user })
    expect(crew.config).toMatchObject({ rounds: 2, max_depth: 2 })
    expect(findings).toEqual([])
    expect(new Set(agents)).toEqual(
      new Set([reader, writer].map(({ id, name, role }) => ({ id, name, role, is_deleted: false }))),
    )
  })

  it("may be unfinished: it says what is wrong, and is not executed", async () => {
    const { crew, findings } = await call(crewsApi.create, {
      token: tenant.token,
      body: { name: "Empty", collaboration_pattern: "hierarchical" },
    })
    const codes = ["crew.no_members", "crew.no_tasks", "crew.no_manager"]
    expect(findings.map((one) => one.code)).toEqual(codes)
    const refused = await ask(crewsApi.test, { ...as(crew.id), body: { input: null } })
    expect(problemOf(refused)).toEqual({ status: 422, code: "crew.not_ready" })
    expect(
      (refused.body as unknown as { findings: { code: string }[] }).findings.map((one) => one.code),
    ).toEqual(codes)
  })

  it("has every change as a version, which can be read, compared and made the next one", async () => {
    const made = await newCrew(tenant.token)
    const body: CrewBody = {
      ...crewDraft(made.agents[0]!.agent_id, made.agents[1]!.agent_id, { name: made.name }),
      tasks: [
        { id: "plan", description: "Plan it", position: "writer" },
        ...made.tasks.map((task) => (task.id === "read" ? { ...task, needs_approval: true } : task)),
      ],
    }
    const changed = await ask(crewsApi.update, { ...as(made.id), ...ifMatch(1), body })
    expect([changed.status, changed.headers.get("etag")]).toEqual([200, '"v2"'])
    const diff = await call(crewsApi.diff, { ...as(made.id), query: { from: 1, to: 2 } })
    expect(diff.changes.map((one) => one.path)).toEqual(["tasks.read.needs_approval", "tasks.plan"])
    const stale = await ask(crewsApi.rollback, { ...as(made.id), ...ifMatch(1), body: { version: 1 } })
    expect(problemOf(stale)).toEqual({ status: 412, code: "conflict.stale" })
    const back = await call(crewsApi.rollback, { ...as(made.id), ...ifMatch(2), body: { version: 1 } })
    expect(back.crew).toEqual({ ...made, version: 3, updated_at: back.crew.updated_at })
    const { versions } = await call(crewsApi.versions, as(made.id))
    expect(versions.map((one) => one.version)).toEqual([3, 2, 1])
    const second = await call(crewsApi.version, {
      ...as(made.id),
      params: { crew_id: made.id, version: "2" },
    })
    expect(second.version.crew.tasks.map((task) => task.id)).toEqual(["plan", "read", "write"])
    const missing = await ask(crewsApi.version, {
      ...as(made.id),
      params: { crew_id: made.id, version: "9" },
    })
    expect(problemOf(missing)).toEqual({ status: 404, code: "crew.version_not_found" })
  })

  it("goes and comes back; its agents stay", async () => {
    const made = await newCrew(tenant.token)
    expect((await ask(crewsApi.remove, as(made.id))).status).toBe(204)
    for (const endpoint of [crewsApi.get, crewsApi.remove, crewsApi.export, crewsApi.memories])
      expect(problemOf(await ask(endpoint, as(made.id)))).toEqual(gone)
    const agent = await call(agentsApi.get, {
      token: tenant.token,
      params: { agent_id: made.agents[0]!.agent_id },
    })
    expect(agent.crews).toEqual([])
    expect((await call(crewsApi.restore, as(made.id))).crew).toEqual(made)
    expect(problemOf(await ask(crewsApi.restore, as(made.id)))).toEqual(gone)
  })

  it("works on its input, when that fits", async () => {
    const { crew } = await call(crewsApi.useExample, {
      token: tenant.token,
      params: { example_id: "mail-desk" },
    })
    const refused = await ask(crewsApi.test, { ...as(crew.id), body: { input: { mail: "x" } } })
    expect(problemOf(refused)).toMatchObject({ status: 422, code: "execution.inputs_invalid" })
    const input = {
      text: "Dear team,\n\nthe lamp that I ordered is broken. I am angry. Can you send another?\n\nAna",
    }
    const { execution_id, status } = await call(crewsApi.test, { ...as(crew.id), body: { input } })
    expect(status).toMatch(/queued|running/)
    const execution = await ended(execution_id)
    expect([execution.status, execution.flow_id]).toEqual(["succeeded", crew.id])
    expect(JSON.stringify(execution.outputs)).toMatch(/negative/)
  })
})

describe("a crew is refused", () => {
  it("that names what the tenant does not have, with the place", async () => {
    const foreign = await newAgent(other.token)
    const own = await newAgent(tenant.token)
    const member = (agent_id: string, more: object = {}) => ({ agent_id, position: "a", ...more })
    const unknown = "01JD0000000000000000000000"
    const cases: [object, string][] = [
      [{ agents: [member(`agent_${unknown}`)] }, "agents.0.agent_id"],
      [{ agents: [member(own.id), { ...member(foreign.id), position: "b" }] }, "agents.1.agent_id"],
      [
        { agents: [member(own.id, { overrides: { tool_ids: [`tool_${unknown}`] } })] },
        "agents.0.overrides.tool_ids.0",
      ],
      [
        { agents: [member(own.id, { overrides: { llm_provider_id: `provider_${unknown}` } })] },
        "agents.0.overrides.llm_provider_id",
      ],
      [
        { agents: [member(own.id, { overrides: { config: { output_schema: { type: "x" } } } })] },
        "agents.0.overrides.config.output_schema.type",
      ],
      [{ agents: [member(own.id, { position: "The Boss" })] }, "agents.0.position"],
      [{ agents: [member(own.id, { overrides: { name: "x" } })] }, "agents.0.overrides.name"],
      [{ collaboration_pattern: "chaos" }, "collaboration_pattern"],
      [{ tasks: [{ id: "t" }] }, "tasks.0.description"],
      [{ tasks: [{ id: "T", description: "x" }] }, "tasks.0.id"],
      [{ config: { rounds: 11 } }, "config.rounds"],
      [{ agents: Array.from({ length: 21 }, (_, i) => ({ agent_id: own.id, position: `a${i}` })) }, "agents"],
    ]
    for (const [change, path] of cases) {
      const body = { name: "Crew", collaboration_pattern: "sequential", ...change }
      const answered = await ask(crewsApi.create, { token: tenant.token, body })
      expect([path, problemOf(answered)]).toEqual([
        path,
        { status: 400, code: "request.invalid", paths: [path] },
      ])
    }
    const made = await newCrew(tenant.token)
    const body = crewDraft(foreign.id, foreign.id)
    expect(problemOf(await ask(crewsApi.update, { ...as(made.id), body }))).toMatchObject({
      status: 400,
      paths: ["agents.0.agent_id", "agents.1.agent_id"],
    })
  })

  it("to other tenants as if it were not there, and to those who may only look", async () => {
    const made = await newCrew(tenant.token)
    const body = crewDraft(made.agents[0]!.agent_id, made.agents[1]!.agent_id)
    const asked = (token: string) => {
      const named = as(made.id, token)
      return [
        ask(crewsApi.update, { ...named, body }),
        ask(crewsApi.remove, named),
        ask(crewsApi.restore, named),
        ask(crewsApi.rollback, { ...named, body: { version: 1 } }),
        ask(crewsApi.forgetAll, named),
        ask(crewsApi.test, { ...named, body: { input: { text: "x" } } }),
      ]
    }
    for (const answered of await Promise.all(asked(other.token))) expect(problemOf(answered)).toEqual(gone)
    for (const endpoint of [crewsApi.get, crewsApi.versions, crewsApi.export, crewsApi.memories])
      expect(problemOf(await ask(endpoint, as(made.id, other.token)))).toEqual(gone)
    const { token } = await newMember(tenant, "viewer")
    for (const answered of await Promise.all(asked(token))) expect(answered.status).toBe(403)
    expect((await ask(crewsApi.get, as(made.id, token))).status).toBe(200)
  })
})

describe("the list of crews", () => {
  it("is paged, sorted and searched, and counts members and tasks", async () => {
    const { token } = await newTenant()
    for (const name of ["beta", "Alpha", "gamma"]) await newCrew(token, { name })
    const page = await call(crewsApi.list, { token, query: { sort: "name", limit: 2 } })
    expect(page.crews.map((one) => one.name)).toEqual(["Alpha", "beta"])
    expect([page.total, page.page_info.has_next]).toEqual([3, true])
    expect(page.crews[0]).toMatchObject({
      member_count: 2,
      task_count: 2,
      collaboration_pattern: "sequential",
    })
    const found = await call(crewsApi.list, { token, query: { search: "GAM" } })
    expect(found.crews.map((one) => one.name)).toEqual(["gamma"])
  })
})

describe("examples", () => {
  it("become crews with their agents, which join the next one when nobody changed them", async () => {
    const { token, id } = await newTenant()
    const { examples } = await call(crewsApi.examples, { token })
    expect(examples.map((one) => one.id)).toEqual(["briefing", "newsroom", "mail-desk", "two-sides"])
    const use = (example_id: string) => call(crewsApi.useExample, { token, params: { example_id } })
    const [briefing, newsroom] = [await use("briefing"), await use("newsroom")]
    expect([briefing.findings, newsroom.findings]).toEqual([[], []])
    const writer = briefing.crew.agents.find((one) => one.position === "writer")!.agent_id
    expect(newsroom.crew.agents.find((one) => one.position === "writer")!.agent_id).toBe(writer)
    expect((await call(agentsApi.list, { token })).total).toBe(4)
    await call(agentsApi.update, { token, params: { agent_id: writer }, body: agentDraft() })
    const again = await use("briefing")
    expect(again.crew.agents.find((one) => one.position === "writer")!.agent_id).not.toBe(writer)
    const { results } = await (
      await databaseOf(id)
    )
      .prepare(
        "select action, count(*) as times from audit_entries where action like '%.create' group by action",
      )
      .all<{ action: string; times: number }>()
    expect(Object.fromEntries(results.map((one) => [one.action, one.times]))).toMatchObject({
      "agent.create": 5,
      "crew.create": 3,
    })
    expect(problemOf(await ask(crewsApi.useExample, { token, params: { example_id: "none" } }))).toEqual(gone)
  })

  it.each(["briefing", "newsroom", "two-sides"])("%s works on the builtin model", async (example_id) => {
    const { crew } = await call(crewsApi.useExample, { token: tenant.token, params: { example_id } })
    const { examples } = await call(crewsApi.examples, { token: tenant.token })
    const input = examples.find((one) => one.id === example_id)!.sample_input
    const { execution_id } = await call(crewsApi.test, { ...as(crew.id), body: { input } })
    const execution = await ended(execution_id)
    expect([execution.status, execution.error ?? null]).toEqual(["succeeded", null])
    expect(JSON.stringify(execution.outputs).length).toBeGreaterThan(40)
  })
})
