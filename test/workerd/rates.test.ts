import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { newKey, newTenant, testEnv, unique, type TestTenant } from "#test/kit/tenants"
import { origin } from "#test/kit/api"
import { createApp } from "#worker/app"
import type { Env } from "#worker/env"
import { forgetLeases } from "#worker/services/limits/admit"
import type { TenantGovernor } from "#worker/stubs"

const app = createApp()
let tenant: TestTenant
let key: string
let hops = 0
let isAway = false
beforeEach(async () => {
  // A tenant of its own for each test: what was taken of a limit is remembered.
  tenant = await newTenant()
  key = await newKey(tenant, "flow.read", "flow.edit")
  forgetLeases()
  ;[hops, isAway] = [0, false]
})
afterEach(() => void vi.useRealTimers())

/** Time stands still, after what making the tenant has taken in advance is free again. */
const stopClock = () => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 20_000 })

/** The same installation with 50 requests a second for a key, and a governor that is watched. */
const limited = (quotas: object = {}): Env => {
  const real = testEnv.GOVERNOR
  const watched = (id: DurableObjectId): Pick<TenantGovernor, "lease"> => ({
    lease: async (...asked) => {
      hops++
      if (isAway) throw new Error("away")
      const stub: unknown = real.get(id)
      return (stub as TenantGovernor).lease(...asked)
    },
  })
  return {
    ...testEnv,
    QUOTAS: JSON.stringify({ key_requests_per_second: 50, rate_window_seconds: 1, ...quotas }),
    GOVERNOR: { idFromName: (name: string) => real.idFromName(name), get: watched },
  } as unknown as Env
}

type Init = Omit<RequestInit, "headers"> & { headers?: Record<string, string> }

async function get(env: Env, path = "/api/v1/flows?limit=1", init: Init = {}): Promise<Response> {
  const ctx = createExecutionContext()
  const request = new Request(`${origin}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${key}`, ...init.headers },
  })
  const response = await app.fetch(request, env, ctx)
  await waitOnExecutionContext(ctx)
  return response
}

describe("a limit of 50 requests a second", () => {
  it(
    "lets in 50 of 200 a second to within 1 %, with 5 hops for 100 requests at most",
    { timeout: 120_000 },
    async () => {
      const env = limited()
      stopClock()
      const start = Date.now()
      const through = async (from: number, seconds: number): Promise<number> => {
        let admitted = 0
        for (let i = 0; i < seconds * 200; i++) {
          vi.setSystemTime(from + i * 5)
          const response = await get(env)
          await response.body?.cancel()
          expect([200, 429]).toContain(response.status)
          if (response.status === 200) admitted++
        }
        return admitted
      }
      // What may come at once comes first, and is not measured.
      await through(start, 3)
      hops = 0
      const admitted = await through(start + 3_000, 20)
      expect(Math.abs(admitted - 1_000)).toBeLessThanOrEqual(10)
      expect(hops / 4_000).toBeLessThanOrEqual(0.05)
    },
  )

  it("says what is left, and what to wait for", async () => {
    const env = limited()
    stopClock()
    const first = await get(env)
    expect(first.headers.get("ratelimit-policy")).toBe('"key";q=50;w=1, "tenant";q=1000;w=1')
    expect(first.headers.get("ratelimit")).toMatch(/^"key";r=\d+;t=[01], "tenant";r=\d+;t=[01]$/)
    await first.body?.cancel()
    let last = first
    for (let i = 0; i < 60 && last.status === 200; i++) {
      last = await get(env)
      if (last.status === 200) await last.body?.cancel()
    }
    expect(last.status).toBe(429)
    expect(last.headers.get("content-type")).toMatch(/^application\/problem\+json/)
    expect(last.headers.get("retry-after")).toBe("1")
    expect(last.headers.get("ratelimit")).toContain('"key";r=0')
    expect(await last.json()).toMatchObject({
      code: "rate.limited",
      limit: "key",
      quota: 50,
      window_seconds: 1,
    })
  })

  it("is of one key: another goes on, and so do people", async () => {
    const env = limited({ key_requests_per_second: 1 })
    stopClock()
    expect([(await get(env)).status, (await get(env)).status]).toEqual([200, 429])
    const other = await newKey(tenant, "flow.read")
    for (const secret of [other, tenant.token]) {
      const headers = { authorization: `Bearer ${secret}` }
      expect((await get(env, "/api/v1/flows", { headers })).status).toBe(200)
    }
  })

  it("counts what is refused for its rights or its body as well", async () => {
    const env = limited({ key_requests_per_second: 2 })
    stopClock()
    const headers = { "content-type": "application/json" }
    const wrong = { method: "POST", headers, body: "{" }
    const statuses = [
      await get(env, "/api/v1/flows", wrong),
      await get(env, "/api/v1/users"),
      await get(env, "/api/v1/flows", wrong),
      await get(env, "/api/v1/budgets"),
    ].map(({ status }) => status)
    expect(statuses.at(0)).toBe(400)
    expect(statuses.at(-1)).toBe(429)
  })
})

describe("a governor that cannot be asked", () => {
  it("leaves reads to a count of the isolate's own, and has writes refused", async () => {
    const env = limited()
    stopClock()
    isAway = true
    const flow = { name: unique("flow"), nodes: [], edges: [] }
    const init = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(flow),
    }
    const refused = await get(env, "/api/v1/flows", init)
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"])
    expect(await refused.json()).toMatchObject({ code: "governor.unavailable" })
    let admitted = 0
    for (let i = 0; i < 60; i++) if ((await get(env)).status === 200) admitted++
    expect(admitted).toBe(50)
  })
})
