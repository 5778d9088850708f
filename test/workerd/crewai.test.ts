import { beforeAll, describe, expect, it } from "vitest"
import { agentsApi } from "#core/contract/agents"
import { crewsApi } from "#core/contract/crews"
import { executionsApi } from "#core/contract/executions"
import { providersApi } from "#core/contract/llm-providers"
import { ask, call, problemOf } from "#test/kit/api"
import { pairs, type CrewAiPair } from "#test/kit/crewai/pairs"
import { newTool } from "#test/kit/definitions"
import { databaseOf, dump } from "#test/kit/dump"
import { newMember, newTenant, type TestTenant } from "#test/kit/tenants"

let tenant: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
})

type Pattern = "sequential" | "hierarchical"

const take = (files: CrewAiPair, collaboration_pattern: Pattern = "sequential", token = tenant.token) =>
  call(crewsApi.import, { token, body: { name: "Imported", collaboration_pattern, ...files } })

const as = (crew_id: string, token = tenant.token) => ({ token, params: { crew_id } })

describe("CrewAI's files", () => {
  it.each([
    ["report", "sequential", { topic: "tea", current_year: "2026" }],
    ["trip", "sequential", { interests: "food", "from-date": "May", to_date: "June", days: "3" }],
  ] as const)("[%s] are imported, run and exported again", async (name, pattern, input) => {
    const { crew, findings, report } = await take(pairs[name], pattern)
    expect(findings).toEqual([])
    expect(report.mapped.length).toBeGreaterThan(6)
    const { execution_id } = await call(crewsApi.test, { ...as(crew.id), body: { input } })
    const settled = async () => {
      for (let i = 0; i < 600; i++) {
        const seen = await call(executionsApi.get, { token: tenant.token, params: { execution_id } })
        if (!["queued", "running"].includes(seen.execution.status)) return seen
        await new Promise((done) => setTimeout(done, 25))
      }
      throw new Error("it does not end")
    }
    const { execution, nodes } = await settled()
    // The plan of the trip waits for a person.
    expect(execution.status).toBe(name === "trip" ? "waiting" : "succeeded")
    const inputs = JSON.stringify(nodes.map((node) => node.input))
    expect(inputs).toContain(name === "trip" ? "between May and June" : "tea Senior Data Researcher")
    expect(inputs).not.toContain("{{")
    const { agents_yaml, tasks_yaml } = await call(crewsApi.export, as(crew.id))
    const again = await take({ agents_yaml, tasks_yaml }, pattern)
    expect(again.crew).toMatchObject({
      tasks: crew.tasks,
      config: crew.config,
      input_schema: crew.input_schema,
    })
    const members = async ({ agents }: typeof crew) =>
      Promise.all(
        agents.map(async ({ agent_id, position }) => {
          const { agent } = await call(agentsApi.get, { token: tenant.token, params: { agent_id } })
          const { id: _, created_at: __, updated_at: ___, ...rest } = agent
          return { position, ...rest }
        }),
      )
    expect(await members(again.crew)).toEqual(await members(crew))
  })

  it("find the tenant's tools and providers by their names", async () => {
    const { token } = await newTenant()
    const tool = await newTool(token, { name: "SerperDevTool".toLowerCase() })
    const { llm_provider } = await call(providersApi.create, {
      token,
      body: { name: "OpenAI", provider_type: "openai", api_credentials: { api_key: "sk-test-0123456789" } },
    })
    const files = {
      agents_yaml: pairs.trip.agents_yaml.replace("SerperDevTool", tool.name),
      tasks_yaml: pairs.trip.tasks_yaml,
    }
    const { crew, report } = await take(files, "sequential", token)
    const agentAt = async (position: string) => {
      const { agent_id } = crew.agents.find((one) => one.position === position)!
      return (await call(agentsApi.get, { token, params: { agent_id } })).agent
    }
    expect((await agentAt("city_scout")).tool_ids).toEqual([tool.id, "builtin:web_page"])
    expect(await agentAt("concierge")).toMatchObject({
      model: "gpt-4o-mini",
      llm_provider_id: llm_provider.id,
    })
    expect(report.dropped.map((one) => one.path)).not.toContain("agents_yaml.concierge.llm")
    const files2 = await call(crewsApi.export, as(crew.id, token))
    expect(files2.agents_yaml).toContain("llm: openai/gpt-4o-mini")
    expect(files2.agents_yaml).toContain(`- ${tool.name}`)
  })

  it("that nobody can read change nothing", async () => {
    const before = await dump(await databaseOf(tenant.id))
    const unread: [CrewAiPair, string][] = [
      [{ ...pairs.report, agents_yaml: "a: [" }, "agents_yaml"],
      [
        { ...pairs.report, tasks_yaml: pairs.report.tasks_yaml.replace(": researcher", ": nobody") },
        "tasks_yaml.research_task.agent",
      ],
      [{ ...pairs.report, agents_yaml: "a: &x [*x]" }, "agents_yaml"],
      [{ ...pairs.report, agents_yaml: `a: ${"!x ".repeat(150_000)}` }, "agents_yaml"],
    ]
    for (const [files, path] of unread) {
      const body = { name: "Crew", ...files }
      const answered = await ask(crewsApi.import, { token: tenant.token, body })
      const problem = problemOf(answered)
      expect([problem.status, problem.code, problem.paths?.[0]]).toEqual([422, "crew.unreadable", path])
    }
    const large = { name: "Crew", ...pairs.report, agents_yaml: "#".repeat(500_001) }
    expect(problemOf(await ask(crewsApi.import, { token: tenant.token, body: large }))).toEqual({
      status: 400,
      code: "request.invalid",
      paths: ["agents_yaml"],
    })
    const { token } = await newMember(tenant, "viewer")
    const denied = await ask(crewsApi.import, { token, body: { name: "Crew", ...pairs.report } })
    expect(denied.status).toBe(403)
    const after = await dump(await databaseOf(tenant.id))
    for (const table of ["agents", "agent_versions", "crews", "crew_versions"])
      expect(after[table]).toEqual(before[table])
  })

  it("are made of a hierarchical crew too, with its manager", async () => {
    const { crew, findings } = await take(pairs.market, "hierarchical")
    expect(findings.filter((one) => one.severity === "error")).toEqual([])
    expect(crew.config.manager).toBe("manager")
    const exported = await call(crewsApi.export, as(crew.id))
    expect(exported.agents_yaml).toMatch(/^manager:/m)
    expect(exported.dropped.map((one) => one.path)).toContain("config.manager")
  })

  it("of a deleted agent's crew leave it out, and say so", async () => {
    const { crew } = await take(pairs.report)
    await call(agentsApi.remove, { token: tenant.token, params: { agent_id: crew.agents[0]!.agent_id } })
    const { agents_yaml, dropped } = await call(crewsApi.export, as(crew.id))
    expect(agents_yaml).not.toMatch(/^researcher:/m)
    expect(dropped.map((one) => one.path)).toContain("agents.researcher")
  })
})
