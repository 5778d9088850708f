import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { take } from "#core/governor/gcra"
import type { TenantId } from "#core/ids"
import type { LeaseAsk, LeaseGrant } from "#durable/governor/messages"
import { admit, forgetLeases, headersOf } from "./admit.ts"
import { limitsOf, type RateLimit } from "./policies.ts"

const noon = Date.parse("2026-11-22T12:00:00Z")
const fifty: RateLimit = { key: "key_a", policy: { name: "key", limit: 50, window_ms: 1_000 } }

/** A governor in memory that counts how often it is asked. */
class Governor {
  hops = 0
  isAway = false
  /** It is asked, and never answers. */
  isSilent = false
  waits = 0
  readonly tats = new Map<string, number>()

  async lease(_: unknown, asks: readonly LeaseAsk[]): Promise<LeaseGrant[]> {
    this.hops++
    if (this.isSilent) return new Promise(() => {})
    if (this.waits > 0) await new Promise((resolve) => setTimeout(resolve, this.waits))
    if (this.isAway) throw new Error("away")
    return asks.map(({ key, policy, want }) => {
      const { tat, grant } = take(this.tats.get(key), policy, want, Date.now())
      this.tats.set(key, tat)
      return grant
    })
  }
}

let governor: Governor
let tenant: { id: TenantId; slot: string }
let count = 0
const behind: Promise<unknown>[] = []
beforeEach(() => {
  governor = new Governor()
  tenant = { id: `tenant_${count++}`, slot: "TENANT_DB_000" }
  forgetLeases()
})
afterEach(() => void vi.useRealTimers())

const enter = (limits = [fifty], reads = false) =>
  admit({
    env: { GOVERNOR: { idFromName: () => "id", get: () => governor } } as never,
    tenant,
    limits,
    reads,
    after: (work) => void behind.push(work),
  })
const isLetIn = async (...more: Parameters<typeof enter>): Promise<boolean> =>
  enter(...more).then(
    () => true,
    (error: { code: string }) => {
      if (error.code !== "rate.limited") throw error
      return false
    },
  )

describe("a limit", () => {
  it("[RT1] of 50 a second lets in 50 of 200 a second to within 1 %, and asks the governor for 5 of 100 at most", async () => {
    vi.useFakeTimers({ toFake: ["Date"] })
    const through = async (from: number, seconds: number): Promise<number> => {
      let admitted = 0
      for (let i = 0; i < seconds * 200; i++) {
        vi.setSystemTime(from + i * 5)
        if (await isLetIn()) admitted++
        await Promise.all(behind.splice(0))
      }
      return admitted
    }
    // What may come at once comes first, and is not measured.
    await through(noon, 3)
    governor.hops = 0
    const admitted = await through(noon + 3_000, 20)
    expect(Math.abs(admitted - 1_000)).toBeLessThanOrEqual(10)
    expect(governor.hops / 4_000).toBeLessThanOrEqual(0.05)
  })

  it("[RT2] says how long to wait and what is left", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: noon })
    const first = await enter()
    expect(headersOf(first)).toEqual({
      "ratelimit-policy": '"key";q=50;w=1',
      ratelimit: '"key";r=49;t=1',
    })
    while (await isLetIn()) await Promise.all(behind.splice(0))
    await expect(enter()).rejects.toMatchObject({
      code: "rate.limited",
      more: {
        retryAfterSeconds: 0.24,
        more: { limit: "key", quota: 50, window_seconds: 1 },
        headers: { ratelimit: '"key";r=0;t=1' },
      },
    })
  })

  it("[RT3] takes nothing of one limit when another refuses", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: noon })
    const one: RateLimit = { key: "user_a", policy: { name: "user", limit: 1, window_ms: 60_000 } }
    const left = await enter([one, fifty])
    expect(left.map(({ remaining }) => remaining)).toEqual([0, 49])
    for (let i = 0; i < 100; i++) expect(await isLetIn([one, fifty])).toBe(false)
    expect((await enter([fifty]))[0]?.remaining).toBe(48)
  })

  it("[RT4] is asked for once by many who come at the same moment", async () => {
    governor.waits = 20
    const entered = await Promise.all(Array.from({ length: 12 }, () => isLetIn()))
    expect(entered.every(Boolean)).toBe(true)
    expect(governor.hops).toBeLessThanOrEqual(2)
  })

  it("[RT5] is kept by a count of our own for reads while the governor is away; what changes anything is refused", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: noon })
    governor.isAway = true
    vi.spyOn(console, "error").mockImplementation(() => {})
    let admitted = 0
    for (let i = 0; i < 200; i++) if (await isLetIn([fifty], true)) admitted++
    expect(admitted).toBe(50)
    forgetLeases()
    for (let i = 0; i < 20; i++) await expect(enter()).rejects.toMatchObject({ code: "governor.unavailable" })
    // It is left alone for a second.
    expect(governor.hops).toBe(2)
    governor.isAway = false
    vi.setSystemTime(noon + 2_000)
    expect(await isLetIn()).toBe(true)
  })
})

describe("a governor that never answers", () => {
  it("[RT7] is waited for once in a while, and then taken for one that is away", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"], now: noon })
    vi.spyOn(console, "error").mockImplementation(() => {})
    governor.isSilent = true
    const [read, written] = [isLetIn([fifty], true), enter().catch((error: { code: string }) => error.code)]
    await vi.advanceTimersByTimeAsync(5_500)
    expect([await read, await written]).toEqual([true, "governor.unavailable"])
    const hops = governor.hops
    let admitted = 0
    for (let i = 0; i < 200; i++) if (await isLetIn([fifty], true)) admitted++
    // A whole window, and what is left of the lease from half a second ago.
    expect(admitted).toBeGreaterThanOrEqual(50)
    expect(admitted).toBeLessThanOrEqual(50 + 12)
    expect(governor.hops).toBe(hops)
  })
})

describe("the limits of a caller", () => {
  it("[RT6] are the tenant's and their own; a quota sets another, and 0 none", () => {
    const key = { is: "api_key", id: "key_a" as never, role: "admin", scopes: [] } as const
    const names = (quotas: Record<string, number>) =>
      limitsOf({ QUOTAS: quotas }, key).map(({ policy: { name, limit, window_ms } }) => [
        name,
        limit,
        window_ms,
      ])
    expect(names({})).toEqual([
      ["key", 10_000, 10_000],
      ["tenant", 10_000, 10_000],
    ])
    expect(
      names({ key_requests_per_second: 50, rate_window_seconds: 1, tenant_requests_per_second: 0 }),
    ).toEqual([["key", 50, 1_000]])
    expect(limitsOf({ QUOTAS: {} }, { is: "system" }).map(({ key: of }) => of)).toEqual(["tenant"])
  })
})
