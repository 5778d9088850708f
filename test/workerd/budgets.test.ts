import { beforeAll, describe, expect, it } from "vitest"
import { agentsApi } from "#core/contract/agents"
import { budgetsApi, type BudgetDraft } from "#core/contract/budgets"
import type { BodyIn } from "#core/contract/endpoint"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { providersApi } from "#core/contract/llm-providers"
import { ask, call, fetchText, origin, problemOf } from "#test/kit/api"
import { databaseOf } from "#test/kit/dump"
import { newMember, newTenant, unique, type TestTenant } from "#test/kit/tenants"
import { budgetDraft, providerDraft } from "#test/kit/world"

let tenant: TestTenant
let as: { token: string }
beforeAll(async () => {
  tenant = await newTenant()
  as = { token: tenant.token }
})

const make = async (more: Partial<BodyIn<typeof budgetsApi.create>> = {}) =>
  call(budgetsApi.create, { ...as, body: { ...budgetDraft(), ...more } })
const at = (id: string) => ({ ...as, params: { budget_id: id } })

describe("budgets", () => {
  it("are set, read, changed, deleted and brought back, each with its entry in the log", async () => {
    const { budget, alert_webhook_secret } = await make({ name: "November" })
    expect([budget.version, alert_webhook_secret, budget.state]).toEqual([1, null, null])
    const read = await ask(budgetsApi.get, at(budget.id))
    expect(read.headers.get("etag")).toBe('"v1"')
    expect(read.body.budget).toMatchObject({
      name: "November",
      target_name: null,
      state: {
        spent_micros: 0,
        reserved_micros: 0,
        left_micros: 100_000_000,
        forecast: { at_end_micros: 0 },
      },
    })
    const body = { ...budgetDraft("November"), limit_micros: 5 }
    const stale = await ask(budgetsApi.update, { ...at(budget.id), body, headers: { "if-match": '"v9"' } })
    expect(problemOf(stale)).toEqual({ status: 412, code: "conflict.stale" })
    const changed = await call(budgetsApi.update, { ...at(budget.id), body, headers: { "if-match": '"v1"' } })
    expect(changed.budget).toMatchObject({ limit_micros: 5, version: 2 })
    expect((await ask(budgetsApi.remove, at(budget.id))).status).toBe(204)
    expect(problemOf(await ask(budgetsApi.get, at(budget.id)))).toEqual({
      status: 404,
      code: "budget.not_found",
    })
    expect((await call(budgetsApi.restore, at(budget.id))).budget).toMatchObject({
      version: 4,
      limit_micros: 5,
    })
    const { results } = await (
      await databaseOf(tenant.id)
    )
      .prepare("select action from audit_entries where target = ? order by id")
      .bind(budget.id)
      .all<{ action: string }>()
    expect(results.map(({ action }) => action)).toEqual([
      "budget.create",
      "budget.update",
      "budget.delete",
      "budget.restore",
    ])
  })

  it("are found by name and scope", async () => {
    const name = unique("Found")
    await make({ name })
    const found = await call(budgetsApi.list, {
      ...as,
      query: { search: name.toUpperCase(), scope: "tenant" },
    })
    expect([found.total, found.budgets[0]?.name]).toEqual([1, name])
    expect((await call(budgetsApi.list, { ...as, query: { search: name, scope: "crew" } })).total).toBe(0)
  })

  it("refuse what is no amount, no period and no target of theirs", async () => {
    const wrong: [Partial<Record<keyof BudgetDraft, unknown>>, string][] = [
      [{ limit_micros: -1 }, "limit_micros"],
      [{ limit_micros: 0.5 }, "limit_micros"],
      [{ limit_micros: 1e18 }, "limit_micros"],
      [{ limit_micros: "5" }, "limit_micros"],
      [{ period: "execution" }, "period"],
      [{ scope: "execution", period: "month" }, "period"],
      [{ scope: "agent" }, "target_id"],
      [{ scope: "agent", target_id: "agent_01JD0000000000000000000000" }, "target_id"],
      [{ scope: "provider", target_id: "nothing" }, "target_id"],
      [{ target_id: "flow_01JD0000000000000000000000" }, "target_id"],
      [{ alert_webhook_url: "ftp://example.com" }, "alert_webhook_url"],
      [{ alert_emails: ["nobody"] }, "alert_emails.0"],
    ]
    for (const [more, path] of wrong) {
      const answered = await ask(budgetsApi.create, { ...as, body: { ...budgetDraft(), ...more } })
      expect([path, problemOf(answered)]).toMatchObject([path, { status: 400, code: "request.invalid" }])
      const { errors } = answered.body as unknown as { errors: { path: string }[] }
      expect(errors.map((one) => one.path)).toContain(path)
    }
  })

  it("stay of what they are: another thing or period wants another budget", async () => {
    const { budget } = await make()
    const body = { ...budgetDraft(), period: "day" as const }
    expect(problemOf(await ask(budgetsApi.update, { ...at(budget.id), body }))).toMatchObject({
      status: 400,
      code: "request.invalid",
    })
  })

  it("are seen by whoever may read, and changed by admins alone", async () => {
    const { budget } = await make()
    for (const role of ["editor", "viewer", "executor"] as const) {
      const { token } = await newMember(tenant, role)
      expect((await ask(budgetsApi.get, { ...at(budget.id), token })).status).toBe(200)
      expect((await ask(budgetsApi.remove, { ...at(budget.id), token })).status).toBe(403)
      expect((await ask(budgetsApi.create, { token, body: budgetDraft() })).status).toBe(403)
    }
  })

  it("tell the secret of their webhook once, and another for another address", async () => {
    const first = await make({ alert_webhook_url: "https://a.example.com/" })
    expect(first.alert_webhook_secret).toMatch(/^whsec_/)
    expect(first.budget.alert_webhook_secret).toEqual({
      set: true,
      hint: `…${first.alert_webhook_secret!.slice(-4)}`,
    })
    const { id, name } = first.budget
    const keep = { ...budgetDraft(name), alert_webhook_url: "https://a.example.com/" }
    expect((await call(budgetsApi.update, { ...at(id), body: keep })).alert_webhook_secret).toBeNull()
    const moved = { ...keep, alert_webhook_url: "https://b.example.com/" }
    const second = await call(budgetsApi.update, { ...at(id), body: moved })
    expect(second.alert_webhook_secret).toMatch(/^whsec_/)
    expect(second.alert_webhook_secret).not.toBe(first.alert_webhook_secret)
    expect(JSON.stringify(await call(budgetsApi.get, at(id)))).not.toContain(second.alert_webhook_secret!)
  })
})

describe("a call under a budget", () => {
  /** A provider that nobody answers at, with its own price. */
  const priced = async (token: string) => {
    const draft = providerDraft()
    const config = { ...draft.config, prices: { small: { input: 1_000_000, output: 1_000_000 } } }
    return (await call(providersApi.create, { token, body: { ...draft, config } })).llm_provider
  }
  const asking = (llm_provider_id: string): BodyIn<typeof flowsApi.create> => ({
    name: unique("asks"),
    nodes: [
      { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
      { id: "ask", type: "llm", position: { x: 1, y: 0 }, data: { llm_provider_id, prompt: "Say it" } },
      { id: "output", type: "output", position: { x: 2, y: 0 }, data: {} },
    ],
    edges: [
      { id: "a", source: "input", target: "ask" },
      { id: "b", source: "ask", target: "output" },
    ],
  })
  type Ended = { status: string; error?: { code: string; message: string } }
  const execute = async (token: string, flow_id: string): Promise<Ended> => {
    const { body } = await ask(executionsApi.execute, {
      token,
      params: { flow_id },
      body: { inputs: {}, config: { version: "draft" } },
      headers: { prefer: "wait=20" },
    })
    return body
  }

  it("is refused with what to do before anything is sent, in flows and at OpenAI's address", async () => {
    const own = await newTenant()
    const { token } = own
    const provider = await priced(token)
    const { budget } = await call(budgetsApi.create, {
      token,
      body: { name: "Little", scope: "provider", target_id: provider.id, limit_micros: 10 },
    })
    const { flow } = await call(flowsApi.create, { token, body: asking(provider.id) })
    expect(await execute(token, flow.id)).toMatchObject({
      status: "failed",
      error: { code: "budget.exceeded", message: expect.stringContaining('"Little"') },
    })
    await call(providersApi.update, {
      token,
      params: { provider_id: provider.id },
      body: { name: provider.name, config: provider.config, is_active: true, is_default: true },
    })
    const answered = await fetchText(`${origin}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "small", messages: [{ role: "user", content: "Hi" }] }),
    })
    expect([answered.status, (answered.body as { error: { code: string } }).error.code]).toEqual([
      402,
      "insufficient_quota",
    ])
    const { state } = (await call(budgetsApi.get, { token, params: { budget_id: budget.id } })).budget
    expect(state).toMatchObject({ spent_micros: 0, reserved_micros: 0, refused: 2 })
    const { periods } = await call(budgetsApi.history, { token, params: { budget_id: budget.id } })
    expect(periods).toMatchObject([{ spent_micros: 0, refused: 2 }])
  })

  it("that is never answered gives back what it held", async () => {
    const own = await newTenant()
    const { token } = own
    const provider = await priced(token)
    const { budget } = await call(budgetsApi.create, {
      token,
      body: { name: "Enough", scope: "tenant", limit_micros: 1_000_000 },
    })
    const { flow } = await call(flowsApi.create, { token, body: asking(provider.id) })
    const { error } = await execute(token, flow.id)
    expect(error?.code).not.toBe("budget.exceeded")
    const { state } = (await call(budgetsApi.get, { token, params: { budget_id: budget.id } })).budget
    expect(state).toMatchObject({ spent_micros: 0, reserved_micros: 0, refused: 0 })
  })

  it("of a model without a price is refused by a hard budget, and let through by a soft one", async () => {
    const own = await newTenant()
    const { token } = own
    const { llm_provider } = await call(providersApi.create, { token, body: providerDraft() })
    const body = { name: "Cap", scope: "tenant", limit_micros: 1_000_000_000 } as const
    const { budget } = await call(budgetsApi.create, { token, body })
    const { flow } = await call(flowsApi.create, { token, body: asking(llm_provider.id) })
    expect(await execute(token, flow.id)).toMatchObject({ error: { code: "budget.unpriced" } })
    await call(budgetsApi.update, {
      token,
      params: { budget_id: budget.id },
      body: { ...body, mode: "soft" },
    })
    expect((await execute(token, flow.id)).error?.code).not.toBe("budget.unpriced")
  })

  it("of an agent is borne by the agent's budget, and by each execution's", async () => {
    const own = await newTenant()
    const { token } = own
    const provider = await priced(token)
    const { agent } = await call(agentsApi.create, {
      token,
      body: { name: "Ana", role: "clerk", goal: "Answer", llm_provider_id: provider.id, status: "active" },
    })
    const of = (scope: "agent" | "execution", target_id: string | null, period: "month" | "execution") =>
      call(budgetsApi.create, { token, body: { name: scope, scope, target_id, period, limit_micros: 1 } })
    const { budget } = await of("agent", agent.id, "month")
    const flow = await call(flowsApi.create, {
      token,
      body: {
        ...asking(provider.id),
        nodes: [
          { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
          {
            id: "ask",
            type: "agent",
            position: { x: 1, y: 0 },
            data: { agent_id: agent.id, task: "Say it" },
          },
          { id: "output", type: "output", position: { x: 2, y: 0 }, data: {} },
        ],
      },
    })
    expect((await execute(token, flow.flow.id)).error?.message).toContain('"agent"')
    await call(budgetsApi.remove, { token, params: { budget_id: budget.id } })
    await of("execution", null, "execution")
    expect((await execute(token, flow.flow.id)).error?.message).toContain('"execution"')
  })

  it("is expected before a flow is published: one that can never be paid for is not", async () => {
    const own = await newTenant()
    const { token } = own
    const provider = await priced(token)
    const { flow } = await call(flowsApi.create, { token, body: asking(provider.id) })
    const publish = () => ask(flowsApi.publish, { token, params: { flow_id: flow.id }, body: {} })
    const of = { name: "Each", scope: "execution", period: "execution" } as const
    const { budget } = await call(budgetsApi.create, { token, body: { ...of, limit_micros: 1 } })
    const refused = await publish()
    expect(problemOf(refused)).toEqual({ status: 422, code: "flow.too_dear" })
    expect(refused.body).toMatchObject({ budget_id: budget.id, limit_micros: 1 })
    const body = { ...of, limit_micros: 100_000 }
    await call(budgetsApi.update, { token, params: { budget_id: budget.id }, body })
    expect((await publish()).status).toBe(200)
  })
})
