import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm } from "cloudflare:test"
import { env } from "cloudflare:workers"
import { beforeEach, describe, expect, it } from "vitest"
import type { Budget, SpendPath } from "#core/governor/budget"
import type { TenantId } from "#core/ids"
import type { Book } from "#durable/governor/messages"
import { governed, type FakeGovernor } from "./governor-world.ts"

const { GOVERNOR } = env as unknown as { GOVERNOR: DurableObjectNamespace<FakeGovernor> }
const noon = Date.parse("2026-11-22T12:00:00Z")
const minute = 60_000

let count = 0
let tenant: { id: TenantId; slot: string }
let stub: DurableObjectStub<FakeGovernor>
let book: Book

const budget = (more: Partial<Budget> = {}): Budget => ({
  id: "budget_a",
  name: "All",
  scope: "tenant",
  target_id: null,
  limit_micros: 1_000,
  period: "month",
  mode: "hard",
  version: 1,
  ...more,
})

beforeEach(() => {
  tenant = { id: `tenant_${count++}`, slot: "TENANT_DB_000" }
  stub = GOVERNOR.get(GOVERNOR.idFromName(tenant.id))
  book = { revision: 1, budgets: [budget()] }
  Object.assign(governed, { now: noon, told: [], answer: () => [] })
})

const hold = (id: string, amount: number, path: SpendPath = {}) =>
  stub.reserve(tenant, book, { id, amount, path, ttl_ms: minute })

const standing = async (id = "budget_a") =>
  (await stub.standings(tenant, book)).find((one) => one.budget_id === id)!.account

/** A crash: memory is gone, what was written is there. */
async function crash(): Promise<void> {
  await abortAllDurableObjects()
  stub = GOVERNOR.get(GOVERNOR.idFromName(tenant.id))
}

async function tick(to: number): Promise<void> {
  governed.now = to
  await runDurableObjectAlarm(stub)
}

describe("a governor", () => {
  it("[GO1] lets in of 200 holds at once exactly as many as its cap has room for, and its books are exact", async () => {
    const holds = await Promise.all(Array.from({ length: 200 }, (_, i) => hold(`r${i}`, 30)))
    const held = holds.flatMap(({ ok }, i) => (ok ? [`r${i}`] : []))
    expect(held).toHaveLength(33)
    expect(await standing()).toMatchObject({ reserved: 990, spent: 0, refused: 167 })
    await Promise.all(held.map((id, i) => stub.settle(id, i)))
    expect(await standing()).toMatchObject({ reserved: 0, spent: (32 * 33) / 2 })
  })

  it("[GO2] says which budget refused, what is left of it and when it begins anew", async () => {
    await hold("a", 400)
    expect(await hold("b", 700)).toMatchObject({
      ok: false,
      code: "budget.exceeded",
      more: {
        more: {
          budget_name: "All",
          limit_micros: 1_000,
          reserved_micros: 400,
          left_micros: 600,
          asked_micros: 700,
        },
        retryAfterSeconds: 8.5 * 24 * 3_600,
      },
    })
  })

  it("[GO3] keeps its books through evictions and crashes between hold and settlement", async () => {
    await hold("a", 400)
    await evictDurableObject(stub)
    expect(await standing()).toMatchObject({ reserved: 400 })
    await crash()
    await stub.settle("a", 100)
    await evictDurableObject(stub)
    await stub.settle("a", 100)
    expect(await standing()).toMatchObject({ reserved: 0, spent: 100 })
  })

  it("[GO4] gives back by its alarm what nobody settled, also when a crash came between", async () => {
    await hold("a", 1_000)
    expect((await hold("b", 1)).ok).toBe(false)
    await crash()
    await tick(noon + minute)
    expect(await standing()).toMatchObject({ reserved: 0, spent: 0 })
    expect((await hold("c", 1_000)).ok).toBe(true)
    // The money of a call that was only slow is gone all the same.
    await stub.settle("a", 10)
    expect(await standing()).toMatchObject({ reserved: 1_000, spent: 10 })
  })

  it("[GO5] is not set back by somebody who knows an older book", async () => {
    const old = book
    book = { revision: 2, budgets: [budget({ limit_micros: 100, version: 2 })] }
    await stub.govern(tenant, book)
    expect((await stub.reserve(tenant, old, { id: "a", amount: 500, path: {}, ttl_ms: minute })).ok).toBe(
      false,
    )
    await stub.govern(tenant, { revision: 3, budgets: [] })
    expect((await stub.reserve(tenant, book, { id: "b", amount: 500, path: {}, ttl_ms: minute })).ok).toBe(
      true,
    )
  })

  it("[GO6] refuses what is no amount, and keeps nothing of it", async () => {
    for (const amount of [-1, 0.5, Infinity, 1e300]) {
      expect(await hold("a", amount)).toMatchObject({ ok: false, code: "budget.amount" })
      expect(await stub.settle("a", amount)).toMatchObject({ ok: false, code: "budget.amount" })
    }
    expect(await standing()).toMatchObject({ reserved: 0, spent: 0 })
  })

  it("[GO7] holds each execution by itself", async () => {
    book.budgets = [budget({ scope: "execution", period: "execution" })]
    expect((await hold("a", 900, { execution_id: "exec_1" })).ok).toBe(true)
    expect((await hold("b", 900, { execution_id: "exec_2" })).ok).toBe(true)
    expect((await hold("c", 900, { execution_id: "exec_1" })).ok).toBe(false)
    await stub.settle("b", 800)
    const [one] = await stub.standings(tenant, book)
    expect(one).toMatchObject({ accounts: 2, account: { account: "exec_1", reserved: 900 } })
  })

  it("[GO8] remembers what was spent hour by hour, and one period after the other", async () => {
    book.budgets = [budget({ period: "day" })]
    for (const [id, at] of [
      ["a", noon],
      ["b", noon + 3_600_000],
      ["c", noon + 86_400_000],
    ] as const) {
      governed.now = at
      await hold(id, 500)
      await stub.settle(id, 100)
    }
    expect((await stub.standings(tenant, book))[0]).toMatchObject({
      account: { account: "2026-11-23", spent: 100 },
      spending: [{ hour: noon + 86_400_000, spent: 100 }],
    })
    const { accounts } = await stub.history("budget_a", 10)
    expect(accounts.map(({ account, spent }) => [account, spent])).toEqual([
      ["2026-11-23", 100],
      ["2026-11-22", 200],
    ])
  })
})

describe("its alerts", () => {
  const spend = async (id: string, amount: number) => {
    await hold(id, amount)
    await stub.settle(id, amount)
  }

  it("[GO9] are told by the alarm, once", async () => {
    await spend("a", 500)
    await tick(noon)
    await tick(noon + 5_000)
    expect(governed.told.map(({ note }) => [note.kind, note.percent, note.spent_micros])).toEqual([
      ["threshold", 50, 500],
    ])
    expect((await stub.history("budget_a", 10)).alerts).toMatchObject([{ percent: 50, state: "told" }])
  })

  it("[GO10] come again by the ways that failed, later and later, and are given up in the end", async () => {
    governed.answer = () => ["webhook"]
    await spend("a", 500)
    await tick(noon)
    expect(governed.told[0]?.ways).toBeUndefined()
    await tick(noon + 4_999)
    expect(governed.told).toHaveLength(1)
    for (let i = 1, at = noon; i < 12; i++) await tick((at += 86_400_000))
    expect(governed.told).toHaveLength(9)
    expect(governed.told.at(-1)?.ways).toEqual(["webhook"])
    expect((await stub.history("budget_a", 10)).alerts).toMatchObject([{ state: "given_up" }])
  })

  it("[GO11] that throw keep neither other alerts nor reservations from their turn", async () => {
    governed.answer = ({ percent }) => {
      if (percent === 50) throw new Error("nobody listens")
      return []
    }
    await spend("a", 500)
    await spend("b", 300)
    await hold("c", 200)
    await tick(noon + minute)
    expect(governed.told.map(({ note }) => note.percent).toSorted((a, b) => a - b)).toEqual([50, 80])
    expect(await standing()).toMatchObject({ reserved: 0, spent: 800 })
    governed.answer = () => []
    await tick(noon + 2 * minute)
    expect((await stub.history("budget_a", 10)).alerts.map(({ state }) => state)).toEqual(["told", "told"])
  })

  it("[GO12] outlast a crash before they are told", async () => {
    await hold("a", 5_000)
    await crash()
    await standing()
    await tick(noon + 1_000)
    expect(governed.told.map(({ note }) => note.kind)).toEqual(["refused"])
  })
})

describe("its leases", () => {
  const policy = { name: "tenant", limit: 50, window_ms: 1_000 }
  const lease = async (want: number, key = "tenant") =>
    (await stub.lease(tenant, [{ key, policy, want }]))[0]!

  it("[GO13] are of one limit, whoever asks, and outlast an eviction", async () => {
    const grants = await Promise.all(Array.from({ length: 8 }, () => lease(12)))
    expect(grants.reduce((sum, { granted }) => sum + granted, 0)).toBe(50)
    await evictDurableObject(stub)
    expect((await lease(12)).granted).toBe(0)
    governed.now += 240
    expect((await lease(12)).granted).toBe(12)
    expect((await lease(12, "key_a")).granted).toBe(12)
  })
})
