import { describe, expect, it } from "vitest"
import { authApi } from "#core/contract/auth"
import { agentsApi } from "#core/contract/agents"
import { chatApi } from "#core/contract/chat"
import { crewsApi } from "#core/contract/crews"
import { flowsApi } from "#core/contract/flows"
import { toolsApi } from "#core/contract/tools"
import { triggersApi } from "#core/contract/triggers"
import { ask, call, fetchText, origin, problemOf } from "#test/kit/api"
import { databaseOf, dumpControl } from "#test/kit/dump"
import { newTenant, testEnv } from "#test/kit/tenants"

const door = `${origin}/internal/setup`
const open = (
  body: object,
  headers: Record<string, string> = { "x-setup-token": testEnv.SETUP_TOKEN ?? "" },
) =>
  fetchText(door, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  })
const [first, second] = ["one-time-password-1", "one-time-password-2"] as const
const email = "demo@edgecrew.local"
const login = (password: string) => ask(authApi.login, { body: { email, password } })

describe("the installer's door", () => {
  it("looks like nothing without its token", async () => {
    const unknown = await fetchText(`${origin}/internal/nothing`, { method: "POST" })
    const without = (text: string) => text.replace(/"request_id":"[^"]+"/, "")
    for (const headers of [{}, { "x-setup-token": "" }, { "x-setup-token": "wrong" }]) {
      const answered = await open({ demo_password: first }, headers)
      expect([answered.status, without(answered.text)]).toEqual([404, without(unknown.text)])
    }
    expect((await dumpControl())["tenants"] ?? []).toEqual([])
  })

  it("migrates without seeding when asked to", async () => {
    const answered = await open({ seed: false, demo_password: first })
    expect(answered.body).toEqual({ seeded: false, user: email, password_set: false })
    expect((await login(first)).status).toBe(401)
  })

  it("[A32] makes a demo tenant with every example published, and a password of the caller's choice", async () => {
    const answered = await open({ seed: true, demo_password: first })
    expect(answered.body).toEqual({ seeded: true, user: email, password_set: true })
    const { access_token: token, tenant } = await call(authApi.login, { body: { email, password: first } })
    expect(tenant.slug).toBe("demo")
    const { flows, total } = await call(flowsApi.list, { token })
    const { templates } = await call(flowsApi.templates, { token })
    expect(total).toBe(templates.length)
    expect(flows.map((one) => one.name)).toEqual(templates.map((one) => one.flow.name))
    for (const one of flows)
      expect(one).toMatchObject({ published_version: 1, has_unpublished_changes: false })
    const { triggers } = await call(triggersApi.list, { token, query: { sort: "name" } })
    expect(triggers.map(({ kind, is_active }) => [kind, is_active])).toEqual([
      ["schedule", false],
      ["form", true],
      ["webhook", true],
    ])
    const { tools } = await call(toolsApi.list, { token, query: {} })
    expect(tools.map(({ name, kind }) => [name, kind])).toContainEqual(["word_statistics", "container"])
    const { agents } = await call(agentsApi.list, { token })
    const { examples } = await call(agentsApi.examples, { token })
    expect(agents.map((one) => one.name)).toEqual(examples.map((one) => one.agent.name))
    const { crews } = await call(crewsApi.list, { token })
    expect(crews.map((one) => one.name)).toEqual(["Briefing", "Newsroom", "Mail desk", "Two sides"])
  })

  it("has a crew answer an example chat, with every delegation to be seen", async () => {
    const { access_token: token } = await call(authApi.login, { body: { email, password: first } })
    const { sessions } = await call(chatApi.list, { token })
    expect(sessions.map(({ partner }) => partner)).toEqual(["Newsroom"])
    const params = { chat_id: sessions[0]!.id }
    await expect
      .poll(async () => (await call(chatApi.messages, { token, params })).messages[0], { timeout: 60_000 })
      .toMatchObject({ role: "assistant", status: "done", author: "Newsroom" })
    const { messages } = await call(chatApi.messages, { token, params })
    expect(messages[0]!.content).not.toBe("")
    expect(messages[0]!.steps.filter(({ type }) => type === "delegation").length).toBeGreaterThan(1)
  }, 90_000)

  it("changes nothing when opened again, not even what people deleted", async () => {
    const { access_token: token } = await call(authApi.login, { body: { email, password: first } })
    const { flows, total } = await call(flowsApi.list, { token })
    await call(flowsApi.remove, { token, params: { flow_id: flows[0]!.id } })
    const { crews } = await call(crewsApi.list, { token })
    for (const { id } of crews) await call(crewsApi.remove, { token, params: { crew_id: id } })
    const { agents } = await call(agentsApi.list, { token })
    await call(agentsApi.remove, { token, params: { agent_id: agents[0]!.id } })
    const { sessions } = await call(chatApi.list, { token })
    for (const { id } of sessions) await call(chatApi.remove, { token, params: { chat_id: id } })
    const answered = await open({ seed: true, demo_password: second })
    expect(answered.body).toEqual({ seeded: true, user: email, password_set: false })
    expect((await login(second)).status).toBe(401)
    expect((await call(flowsApi.list, { token })).total).toBe(total - 1)
    expect((await call(agentsApi.list, { token })).total).toBe(agents.length - 1)
    expect((await call(crewsApi.list, { token })).total).toBe(0)
    expect((await call(chatApi.list, { token })).total).toBe(0)
  })

  it("sets the password when asked to, and ends the sessions of the old one", async () => {
    const { access_token: token } = await call(authApi.login, { body: { email, password: first } })
    const answered = await open({ seed: true, demo_password: second, reset_password: true })
    expect(answered.body).toEqual({ seeded: true, user: email, password_set: true })
    expect([(await login(first)).status, (await login(second)).status]).toEqual([401, 200])
    expect((await ask(authApi.me, { token })).status).toBe(401)
  })

  it("refuses a body that is wrong", async () => {
    for (const body of [{}, { demo_password: "short" }, { demo_password: first, tenant: "x" }]) {
      expect(problemOf(await open(body)).code).toBe("request.invalid")
    }
  })
})

describe("migrations", () => {
  it("bring a database that is behind up to date when it is first touched, and note it", async () => {
    const tenant = await newTenant()
    const d1 = await databaseOf(tenant.id)
    const { results } = await d1.prepare("select id from _migrations order by id").all<{ id: string }>()
    const ids = results.map((one) => one.id)
    expect(ids.slice(0, 2)).toEqual(["0000_first_tables", "0001_builtin_provider"])
    expect(ids.map((id) => Number(id.slice(0, 4)))).toEqual(ids.map((_, i) => i))
    const slot = (await dumpControl())["slots"]!.find((one) => one["tenant_id"] === tenant.id)
    expect(slot?.["migrated_to"]).toBe(ids.at(-1))
  })
})
