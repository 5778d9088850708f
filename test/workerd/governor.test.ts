import { beforeAll, describe, expect, it } from "vitest"
import { budgetsApi } from "#core/contract/budgets"
import { Failure } from "#core/errors"
import { cost, type AppliedPrice } from "#core/llm/price"
import type { TenantId } from "#core/ids"
import type { ModelCall } from "#core/llm/call"
import type { ModelChoice } from "#durable/execution/ports"
import { call } from "#test/kit/api"
import { databaseOf } from "#test/kit/dump"
import { roomyQuotas } from "#test/kit/quotas"
import { newTenant, testEnv, unique, type TestTenant } from "#test/kit/tenants"
import { tenantDb } from "#worker/db/tenant"
import type { Env } from "#worker/env"
import { streamModel } from "#worker/llm/gateway"
import type { Spent } from "#worker/llm/meter"
import { forgetBook } from "#worker/services/budgets/book"
import { holder } from "#worker/services/budgets/hold"
import { entryPort } from "#worker/services/quotas/entry"
import { tokenHolder } from "#worker/services/quotas/tokens"

const price: AppliedPrice = { version: "own", input: 1_000_000, output: 4_000_000 }
const choice: ModelChoice = {
  provider_type: "openai_compatible",
  provider_id: "provider_01JD0000000000000000000000",
  model: "small",
  price,
}
const asking: ModelCall = { model: "small", messages: [{ role: "user", content: "Say it" }], max_tokens: 50 }

let tenant: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
})

/** The name of a tenant's database. */
const slotOf = async ({ id }: { id: TenantId }): Promise<string> => {
  const row = await testEnv.CONTROL_DB.prepare("select slot from tenants where id = ?")
    .bind(id)
    .first<{ slot: string }>()
  return row?.slot ?? ""
}
const holdOf = async (env: Env, { id }: { id: TenantId }) => {
  const slot = await slotOf({ id })
  const db = await tenantDb(testEnv, slot)
  return holder({ env, tenant: { id, slot }, db, path: {}, total_ms: 10_000, after: undefined })
}
const setBudget = async (of: TestTenant, limit_micros: number) =>
  (
    await call(budgetsApi.create, {
      token: of.token,
      body: { name: unique("cap"), scope: "tenant", limit_micros },
    })
  ).budget
const stateOf = async (of: TestTenant, budget_id: string) =>
  (await call(budgetsApi.get, { token: of.token, params: { budget_id } })).budget.state!

/** A vendor that says so many words, and what they were; every third answer breaks off. */
const vendor =
  (words: number, breaks: boolean): typeof fetch =>
  async () => {
    const encoder = new TextEncoder()
    const line = (data: object) => encoder.encode(`data: ${JSON.stringify(data)}\n\n`)
    const chunk = (more: object) => ({
      id: "c",
      object: "chat.completion.chunk",
      created: 1,
      model: "small",
      ...more,
    })
    const body = new ReadableStream<Uint8Array>({
      async start(to) {
        for (let i = 0; i < words; i++) {
          to.enqueue(line(chunk({ choices: [{ index: 0, delta: { role: "assistant", content: "word " } }] })))
          await new Promise((resolve) => setTimeout(resolve, 1))
        }
        if (breaks) return to.error(new Error("broken"))
        to.enqueue(
          line(
            chunk({
              choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
              usage: { prompt_tokens: 9, completion_tokens: words, total_tokens: 9 + words },
            }),
          ),
        )
        to.enqueue(encoder.encode("data: [DONE]\n\n"))
        to.close()
      },
    })
    return new Response(body, { headers: { "content-type": "text/event-stream" } })
  }

describe("two hundred streams at once", () => {
  it("never pass a cap, and what is entered is what they cost", async () => {
    const cap = 60_000
    const budget = await setBudget(tenant, cap)
    const hold = await holdOf(testEnv, tenant)
    const spents: Spent[] = []
    let [refused, most] = [0, 0]
    const one = async (i: number): Promise<void> => {
      const target = {
        provider_type: "openai_compatible",
        base_url: "https://m.example.com/v1",
        model: "small",
      } as const
      const sending = (spent: Spent): void => void spents.push(spent)
      const asked = {
        egress: vendor(5 + (i % 7), i % 3 === 0),
        hold: (sent: ModelCall) => hold(choice, sent),
        sending,
      }
      try {
        for await (const event of streamModel(target, asking, asked))
          if (i % 5 === 0 && event.type === "delta") break
      } catch (error) {
        if (error instanceof Failure) refused++
      }
    }
    const watching = setInterval(() => {
      void stateOf(tenant, budget.id).then((state) => {
        most = Math.max(most, state.spent_micros + state.reserved_micros)
      })
    }, 20)
    await Promise.all(Array.from({ length: 200 }, (_, i) => one(i)))
    clearInterval(watching)
    const paid = spents.reduce((sum, spent) => {
      const usage = spent()
      return sum + (usage ? cost(usage, price) : 0)
    }, 0)
    const state = await stateOf(tenant, budget.id)
    expect(refused).toBeGreaterThan(0)
    expect(spents).toHaveLength(200 - refused)
    expect(state).toMatchObject({ spent_micros: paid, reserved_micros: 0, refused })
    expect(paid).toBeGreaterThan(0)
    expect(Math.max(most, paid)).toBeLessThanOrEqual(cap)
  })
})

describe("a governor that cannot be asked", () => {
  const gone = new Proxy({}, { get: () => () => Promise.reject(new Error("gone")) })
  const without = (what: object = gone): Env =>
    ({ ...testEnv, GOVERNOR: { idFromName: () => "any", get: () => what } }) as unknown as Env

  it("has nothing spent where there is a budget", async () => {
    const own = await newTenant()
    await setBudget(own, 1_000_000_000)
    const hold = await holdOf(without(), own)
    await expect(hold(choice, asking)).rejects.toMatchObject({ code: "governor.unavailable", retry: true })
  })

  it("has nothing spent and nothing begun when it says nothing at all, and is not waited for without end", async () => {
    const silent = new Proxy({}, { get: () => () => new Promise(() => {}) })
    const own = await newTenant()
    await setBudget(own, 1_000_000_000)
    const slot = await slotOf(own)
    const env = without(silent)
    const lane = {
      lane: "0",
      left: undefined,
      open: 0,
      wanted: 1,
      may_wait: true,
      waiting: 0,
      head: undefined,
    }
    const quotas = JSON.stringify({ ...roomyQuotas, tokens_per_day: 1_000_000_000 })
    const since = Date.now()
    const money = (await holdOf(env, own))(choice, asking)
    const tokens = tokenHolder({
      env: { ...env, QUOTAS: quotas as Env["QUOTAS"] },
      tenant: { id: own.id, slot },
      db: await tenantDb(testEnv, slot),
      total_ms: 10_000,
      after: undefined,
    })(choice, asking)
    const begun = entryPort(env).enter({ id: own.id, slot }, lane)
    const ends = await Promise.allSettled([money, tokens, begun])
    expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"])
    const [spent, counted] = ends.map((end) =>
      end.status === "rejected" ? (end.reason as Failure).code : "",
    )
    expect([spent, counted]).toEqual(["governor.unavailable", "governor.unavailable"])
    expect(Date.now() - since).toBeLessThan(15_000)
  })

  it("holds nobody up who has no budget, nor what costs nothing", async () => {
    const own = await newTenant()
    expect(await (await holdOf(without(), own))(choice, asking)).toBeUndefined()
    await setBudget(own, 0)
    const free: ModelChoice = {
      ...choice,
      provider_type: "builtin",
      price: { version: "own", input: 0, output: 0 },
    }
    expect(await (await holdOf(without(), own))(free, asking)).toBeUndefined()
  })

  it("fails closed when the book itself cannot be read", async () => {
    const own = await newTenant()
    const slot = await slotOf(own)
    const db = {
      batch: () => Promise.reject(new Error("D1 is away")),
      select: () => ({ from: () => ({ where: () => ({}) }) }),
    }
    const hold = holder({
      env: testEnv,
      tenant: { id: own.id, slot },
      db: db as never,
      path: {},
      total_ms: 1_000,
      after: undefined,
    })
    await expect(hold(choice, asking)).rejects.toMatchObject({ code: "governor.unavailable" })
  })
})

describe("a budget", () => {
  it("holds at once for whoever changes it, and for another isolate when its book is 5 s old", async () => {
    const own = await newTenant()
    const hold = await holdOf(testEnv, own)
    expect(await hold(choice, asking)).toBeUndefined()
    const budget = await setBudget(own, 0)
    await expect(hold(choice, asking)).rejects.toMatchObject({ code: "budget.exceeded" })
    // Behind the back of this isolate, as another would do it.
    const db = await databaseOf(own.id)
    await db
      .prepare("update budgets set is_active = 0, version = version + 1 where id = ?")
      .bind(budget.id)
      .run()
    await expect(hold(choice, asking)).rejects.toMatchObject({ code: "budget.exceeded" })
    forgetBook(own.id)
    expect(await hold(choice, asking)).toBeUndefined()
  })

  it("enters no more than was held, whatever a vendor says", async () => {
    const own = await newTenant()
    const budget = await setBudget(own, 1_000_000)
    const held = await (await holdOf(testEnv, own))(choice, asking)
    const { reserved_micros } = await stateOf(own, budget.id)
    await held!.settle({ input_tokens: 1_000_000, output_tokens: 1_000_000, estimated: false })
    await held!.settle({ input_tokens: 1, output_tokens: 1, estimated: false })
    expect(await stateOf(own, budget.id)).toMatchObject({ spent_micros: reserved_micros, reserved_micros: 0 })
  })

  it("that is soft shortens no answer, and enters what it has cost", async () => {
    const own = await newTenant()
    const { budget } = await call(budgetsApi.create, {
      token: own.token,
      body: { name: "Soft", scope: "tenant", mode: "soft", limit_micros: 1 },
    })
    const { max_tokens: _, ...open } = asking
    const held = await (await holdOf(testEnv, own))(choice, open)
    expect(held?.call.max_tokens).toBeUndefined()
    await held!.settle({ input_tokens: 10, output_tokens: 100_000, estimated: false })
    expect(await stateOf(own, budget.id)).toMatchObject({ spent_micros: 400_010, reserved_micros: 0 })
  })
})
