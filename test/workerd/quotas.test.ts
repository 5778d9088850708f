import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { adminApi } from "#core/contract/admin"
import { auditApi } from "#core/contract/audit"
import type { BodyIn } from "#core/contract/endpoint"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { providersApi } from "#core/contract/llm-providers"
import { quotasApi, type Quota, type QuotaLimits } from "#core/contract/quotas"
import type { QuotaName } from "#core/governor/quota"
import { ask, call, problemOf } from "#test/kit/api"
import { makePlatformAdmin, newMember, newTenant, unique, type TestTenant } from "#test/kit/tenants"
import { flowDraft } from "#test/kit/world"

let operator: TestTenant
let tenant: TestTenant
let token: string
beforeAll(async () => {
  operator = await newTenant("operator")
  await makePlatformAdmin(operator)
})
beforeEach(async () => {
  tenant = await newTenant()
  token = tenant.token
})

const set = (body: QuotaLimits, of = tenant) =>
  call(adminApi.setTenantQuotas, { token: operator.token, params: { tenant_id: of.id }, body })

const quotaOf = async (name: QuotaName): Promise<Quota> =>
  (await call(quotasApi.list, { token })).quotas.find((one) => one.name === name)!

const newFlow = (draft: BodyIn<typeof flowsApi.create> = flowDraft()) =>
  ask(flowsApi.create, { token, body: draft })

const begin = async (flow_id: string, waits = false) =>
  ask(executionsApi.execute, {
    token,
    params: { flow_id },
    body: { inputs: { name: "Ana" }, config: { version: "draft" } },
    headers: waits ? { prefer: "wait=20" } : {},
  })

const askingModel = (prompt: string): BodyIn<typeof flowsApi.create> => ({
  name: unique("asks"),
  nodes: [
    { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
    { id: "ask", type: "llm", position: { x: 1, y: 0 }, data: { prompt } },
    { id: "output", type: "output", position: { x: 2, y: 0 }, data: {} },
  ],
  edges: [
    { id: "a", source: "input", target: "ask" },
    { id: "b", source: "ask", target: "output" },
  ],
})

const count = (answers: readonly { status: number }[], status: number): number =>
  answers.filter((one) => one.status === status).length

describe("quotas", () => {
  it("say what a tenant may have, how much of it is used, and when a day's begin anew", async () => {
    await newFlow()
    const { quotas } = await call(quotasApi.list, { token })
    expect(quotas.map(({ name }) => name)).toEqual([
      "flows",
      "storage_bytes",
      "executions_per_day",
      "tokens_per_day",
      "concurrent_executions",
      "waiting_executions",
    ])
    expect(quotas[0]).toEqual({ name: "flows", limit: 1_000_000, used: 1, resets_at: null, source: "usual" })
    expect(quotas[1]!.used).toBeGreaterThan(10_000)
    const midnight = new Date(`${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`).getTime() + 86_400_000
    expect(quotas[2]!.resets_at).toBe(new Date(midnight).toISOString())
    expect(quotas[3]).toMatchObject({ limit: null, used: 0 })
  })

  it("are set by a platform admin alone, hold at once, and stand in the tenant's own log", async () => {
    const refused = await ask(adminApi.setTenantQuotas, {
      token,
      params: { tenant_id: tenant.id },
      body: { flows: 5 },
    })
    expect(refused.status).toBe(403)
    const { quotas } = await set({ flows: 5, executions_per_day: null })
    expect(quotas.map(({ limit, source }) => [limit, source])).toEqual([
      [5, "tenant"],
      [1_000_000_000_000, "usual"],
      [null, "tenant"],
      [null, "usual"],
      [1_000_000, "usual"],
      [1_000_000, "usual"],
    ])
    expect(
      (await call(quotasApi.list, { token: (await newMember(tenant, "viewer")).token })).quotas[0],
    ).toEqual(quotas[0])
    await set({})
    expect(await quotaOf("flows")).toMatchObject({ limit: 1_000_000, source: "usual" })
    await vi.waitFor(
      async () => {
        const { entries } = await call(auditApi.list, { token, query: { limit: 200 } })
        const told = entries.filter(({ action }) => action === "tenant.quotas")
        expect(told.map(({ actor }) => actor)).toEqual([operator.user, operator.user])
      },
      { timeout: 10_000, interval: 100 },
    )
  })

  it.each([
    { flows: -1 },
    { flows: 1.5 },
    { flows: 2 ** 60 },
    { flows: "9" },
    { flow: 9 },
    { executions_per_day: {} },
  ])("take no %j", async (body) => {
    const answered = await ask(adminApi.setTenantQuotas, {
      token: operator.token,
      params: { tenant_id: tenant.id },
      body,
    })
    expect(problemOf(answered)).toMatchObject({ status: 400, code: "request.invalid" })
  })
})

describe("the last unit of a quota", () => {
  it("of flows is had by one of 200 at once, by import and restoring as well; the others are told what to do", async () => {
    const { body: first } = await newFlow()
    await set({ flows: 2 })
    const answers = await Promise.all(Array.from({ length: 200 }, () => newFlow()))
    expect([count(answers, 201), count(answers, 402)]).toEqual([1, 199])
    expect(answers.find(({ status }) => status === 402)!.body).toMatchObject({
      code: "quota.full",
      quota: "flows",
      limit: 2,
      used: 2,
      resets_at: null,
      detail: expect.stringContaining("at most 2 flows"),
    })
    const params = { flow_id: first.flow.id }
    const file = await ask(flowsApi.export, { token, params })
    const imported = await ask(flowsApi.import, { token, body: { content: file.text } })
    expect(problemOf(imported)).toMatchObject({ status: 402, code: "quota.full" })
    await call(flowsApi.remove, { token, params })
    expect((await newFlow()).status).toBe(201)
    expect(problemOf(await ask(flowsApi.restore, { token, params }))).toMatchObject({ code: "quota.full" })
    expect(await quotaOf("flows")).toMatchObject({ limit: 2, used: 2 })
  })

  it("of a day's executions is had by one of 200 at once", async () => {
    const { body } = await newFlow()
    await set({ executions_per_day: 3, flows: null })
    expect((await begin(body.flow.id, true)).status).toBe(200)
    expect((await begin(body.flow.id, true)).status).toBe(200)
    const answers = await Promise.all(Array.from({ length: 200 }, () => begin(body.flow.id)))
    expect([count(answers, 202), count(answers, 429)]).toEqual([1, 199])
    const refused = answers.find(({ status }) => status === 429)!
    expect(refused.body).toMatchObject({
      code: "quota.exceeded",
      quota: "executions_per_day",
      limit: 3,
      used: 3,
      resets_at: expect.stringMatching(/T00:00:00.000Z$/),
    })
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0)
    expect(await quotaOf("executions_per_day")).toMatchObject({ limit: 3, used: 3 })
  })

  it("of executions at once is had by the next of those that wait; beyond those that may wait a start is refused", async () => {
    const { llm_providers } = await call(providersApi.list, { token })
    const { id: provider_id, name } = llm_providers.find(({ is_default }) => is_default)!
    await call(providersApi.update, {
      token,
      params: { provider_id },
      body: { name, is_active: true, is_default: true, config: { pace_ms: 1_000 } },
    })
    const { body } = await newFlow(
      askingModel("Write a greeting to all who are here, and one to those who are not."),
    )
    await set({ concurrent_executions: 2, waiting_executions: 40 })
    const answers = await Promise.all(Array.from({ length: 50 }, () => begin(body.flow.id)))
    expect([count(answers, 202), count(answers, 429)]).toEqual([42, 8])
    expect(answers.find(({ status }) => status === 429)!.body).toMatchObject({
      code: "quota.exceeded",
      quota: "waiting_executions",
      limit: 40,
      used: 40,
    })
    expect(await quotaOf("concurrent_executions")).toMatchObject({ used: 2 })
    expect(await quotaOf("waiting_executions")).toMatchObject({ used: 40 })
    const taken = answers.filter(({ status }) => status === 202).map((one) => one.body.execution_id)
    const statuses = () =>
      Promise.all(
        taken.map(async (execution_id) => {
          const { execution } = await call(executionsApi.get, { token, params: { execution_id } })
          return execution.status
        }),
      )
    const first = (await statuses()).indexOf("running")
    await call(executionsApi.cancel, { token, params: { execution_id: taken[first]! } })
    await vi.waitFor(
      async () => {
        const now = await statuses()
        expect(now.filter((status) => status === "running").length).toBe(2)
        expect(now.filter((status) => status === "queued").length).toBeLessThan(40)
      },
      { timeout: 10_000, interval: 200 },
    )
    expect((await quotaOf("concurrent_executions")).used).toBeLessThanOrEqual(2)
  })

  it("of tokens holds what a call may take, and counts what it took", async () => {
    const { body } = await newFlow(askingModel("Say it"))
    await set({ tokens_per_day: 100 })
    const refused = await begin(body.flow.id, true)
    expect(refused.body).toMatchObject({ status: "failed", error: { code: "quota.full" } })
    expect((await quotaOf("tokens_per_day")).used).toBe(0)
    await set({ tokens_per_day: 100_000 })
    await vi.waitFor(async () => expect((await begin(body.flow.id, true)).body.status).toBe("succeeded"), {
      timeout: 10_000,
      interval: 500,
    })
    await vi.waitFor(
      async () => {
        const { used } = await quotaOf("tokens_per_day")
        expect(used).toBeGreaterThan(0)
        expect(used).toBeLessThan(1_000)
      },
      { timeout: 10_000 },
    )
  })

  it("of data leaves reading and deleting", async () => {
    const { body } = await newFlow()
    await set({ storage_bytes: 1_000 })
    expect((await newFlow()).body).toMatchObject({ code: "quota.full", quota: "storage_bytes", limit: 1_000 })
    expect((await begin(body.flow.id)).body).toMatchObject({ code: "quota.full" })
    const params = { flow_id: body.flow.id }
    expect((await ask(flowsApi.get, { token, params })).status).toBe(200)
    expect((await ask(flowsApi.remove, { token, params })).status).toBe(204)
  })
})
