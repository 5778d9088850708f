import { afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { apiKeysApi } from "#core/contract/api-keys"
import type { BodyIn } from "#core/contract/endpoint"
import { flowsApi } from "#core/contract/flows"
import { ask, call, problemOf } from "#test/kit/api"
import { dumpControl } from "#test/kit/dump"
import { newKey, newTenant, type TestTenant } from "#test/kit/tenants"

let tenant: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
})
afterEach(() => {
  vi.useRealTimers()
})

const create = (body: BodyIn<typeof apiKeysApi.create>) =>
  ask(apiKeysApi.create, { token: tenant.token, body })
const works = async (token: string) => (await ask(flowsApi.list, { token })).status

describe("an API key", () => {
  it("is shown once and kept as a digest", async () => {
    const created = await create({ name: "Shop", scopes: ["flow.read", "flow.read"] })
    const { api_key, secret } = created.body
    expect(created.status).toBe(201)
    expect(secret).toMatch(/^eck_[\w-]{43}$/)
    expect(api_key).toMatchObject({
      name: "Shop",
      hint: secret.slice(-4),
      scopes: ["flow.read"],
      created_by: tenant.user,
      expires_at: null,
      used_at: null,
    })
    expect(JSON.stringify(await dumpControl())).not.toContain(secret)
    const { api_keys } = await call(apiKeysApi.list, { token: tenant.token })
    expect(api_keys).toContainEqual(api_key)
    expect(JSON.stringify(api_keys)).not.toContain(secret)
  })

  it("notes its use, at most once a minute", async () => {
    const { api_key, secret } = (await create({ name: "Used", scopes: ["flow.read"] })).body
    const usedAt = async () =>
      (await call(apiKeysApi.list, { token: tenant.token, query: { search: "Used" } })).api_keys.find(
        (one) => one.id === api_key.id,
      )?.used_at
    expect(await works(secret)).toBe(200)
    await expect.poll(usedAt).not.toBeNull()
    const first = await usedAt()
    expect(await works(secret)).toBe(200)
    expect(await usedAt()).toBe(first)
  })

  it("stops when it is revoked, and when it expires", async () => {
    const revoked = (await create({ name: "Revoked", scopes: ["flow.read"] })).body
    expect(await works(revoked.secret)).toBe(200)
    const removed = await ask(apiKeysApi.remove, {
      token: tenant.token,
      params: { key_id: revoked.api_key.id },
    })
    expect(removed.status).toBe(204)
    expect(await works(revoked.secret)).toBe(401)
    const again = await ask(apiKeysApi.remove, {
      token: tenant.token,
      params: { key_id: revoked.api_key.id },
    })
    expect(problemOf(again)).toEqual({ status: 404, code: "key.not_found" })

    const expires_at = new Date(Date.now() + 60_000).toISOString()
    const expiring = (await create({ name: "Expiring", scopes: ["flow.read"], expires_at })).body
    expect(await works(expiring.secret)).toBe(200)
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_001 })
    expect(await works(expiring.secret)).toBe(401)
  })

  it("never holds a scope that its creator lacks", async () => {
    const limited = await newKey(tenant, "key.edit", "flow.read")
    const wide = await ask(apiKeysApi.create, {
      token: limited,
      body: { name: "Wider", scopes: ["flow.read", "flow.edit"] },
    })
    expect(problemOf(wide)).toEqual({ status: 400, code: "key.scope", paths: ["scopes"] })
    const same = await ask(apiKeysApi.create, {
      token: limited,
      body: { name: "Same", scopes: ["flow.read"] },
    })
    expect(same.status).toBe(201)
    expect(await works(same.body.secret)).toBe(200)
  })

  it("is refused with no scope, an unknown one, no name or a past end", async () => {
    const cases = [
      [{ name: "x", scopes: [] }, "scopes"],
      [{ name: "x", scopes: ["everything"] }, "scopes.0"],
      [{ name: " ", scopes: ["flow.read"] }, "name"],
      [{ name: "x", scopes: ["flow.read"], expires_at: "2020-01-01T00:00:00Z" }, "expires_at"],
      [{ name: "x", scopes: ["flow.read"], expires_at: "tomorrow" }, "expires_at"],
    ] as const
    for (const [body, path] of cases) {
      const answered = await ask(apiKeysApi.create, { token: tenant.token, body })
      expect(problemOf(answered)).toEqual({ status: 400, code: "request.invalid", paths: [path] })
    }
  })

  it("is refused when any of it is another", async () => {
    const secret = await newKey(tenant, "flow.read")
    for (const wrong of [
      secret.slice(0, -1),
      `${secret}A`,
      secret.toLowerCase(),
      secret.replace("eck_", "eck-"),
    ]) {
      expect([wrong, await works(wrong)]).toEqual([wrong, 401])
    }
  })
})
