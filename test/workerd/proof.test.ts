import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { allEndpoints } from "#core/contract/all"
import { apiKeysApi } from "#core/contract/api-keys"
import { authApi } from "#core/contract/auth"
import { ask, call, problemOf } from "#test/kit/api"
import { newKey, newTenant, password, type TestTenant } from "#test/kit/tenants"
import { nameOf, nowhere } from "#test/kit/world"

let acme: TestTenant
beforeEach(async () => {
  acme = await newTenant()
})
afterEach(() => {
  vi.useRealTimers()
})

const minutes = (count: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + count * 60_000 })
const makeKey = (token: string) =>
  ask(apiKeysApi.create, { token, body: { name: "one", scopes: ["flow.read"] } })

/** A token of the same session, as old as its sign-in. */
async function renewed(): Promise<string> {
  const pair = await call(authApi.refresh, { body: { refresh_token: acme.refresh } })
  return pair.access_token
}

describe("[A39] what needs a recent password", () => {
  it("is these routes", () => {
    expect(allEndpoints.filter((one) => one.proof).map(nameOf)).toEqual([
      "POST /api-keys",
      "POST /users",
      "POST /users/invite",
      "PATCH /users/:user_id",
      "DELETE /users/:user_id",
      "POST /users/:user_id/reset",
      "POST /invitations/:invitation_id/resend",
      "PUT /sso",
      "DELETE /sso",
      "POST /llm-providers",
      "PUT /llm-providers/:provider_id",
      "POST /budgets",
      "PUT /budgets/:budget_id",
      "DELETE /budgets/:budget_id",
      "POST /budgets/:budget_id/restore",
      "POST /secrets/rotate",
      "POST /workspace/delete",
      "POST /privacy/erase/:erasure_id",
      "PUT /audit/webhook",
      "DELETE /audit/webhook",
      "PATCH /admin/tenants/:tenant_id",
      "PUT /admin/tenants/:tenant_id/quotas",
      "PATCH /admin/users/:user_id",
      "POST /admin/impersonate",
    ])
  })

  it("is done for 15 minutes after the sign-in, and then refused, every route of it", async () => {
    expect((await makeKey(acme.token)).status).toBe(201)
    minutes(15.1)
    const token = await renewed()
    // Whoever does not run the installation is refused there for that.
    for (const endpoint of allEndpoints.filter((one) => one.proof && one.needs !== "platform")) {
      const answered = await ask(endpoint, {
        token,
        params: nowhere,
        ...(endpoint.method === "DELETE" ? {} : { body: { no_such_field: 1 } }),
      })
      expect([nameOf(endpoint), problemOf(answered)]).toEqual([
        nameOf(endpoint),
        { status: 403, code: "auth.reauthentication_required" },
      ])
    }
  })

  it("is done again when the password was given once more, by that session only", async () => {
    minutes(16)
    const token = await renewed()
    expect((await makeKey(token)).status).toBe(403)
    const wrong = await ask(authApi.reauthenticate, { token, body: { password: "not-the-password" } })
    expect(problemOf(wrong)).toEqual({ status: 401, code: "auth.bad_credentials", paths: ["password"] })
    expect((await makeKey(token)).status).toBe(403)
    const { proven_until } = await call(authApi.reauthenticate, { token, body: { password } })
    expect(Date.parse(proven_until)).toBeGreaterThan(Date.now() + 14 * 60_000)
    expect((await makeKey(token)).status).toBe(201)
    const elsewhere = await call(authApi.login, { body: { email: acme.email, password } })
    minutes(16)
    const other = await call(authApi.refresh, { body: { refresh_token: elsewhere.refresh_token } })
    expect((await makeKey(other.access_token)).status).toBe(403)
  })

  it("is not got by going to another tenant and back", async () => {
    const second = await call(authApi.register, {
      body: { email: acme.email, password, tenant_name: "Second", tenant_slug: `${acme.slug}-two` },
    })
    minutes(16)
    const token = await renewed()
    const switched = await call(authApi.switch, { token, body: { tenant_id: second.tenant_id } })
    expect(problemOf(await makeKey(switched.access_token)).code).toBe("auth.reauthentication_required")
  })

  it("is not asked of an API key, which has no password", async () => {
    const key = await newKey(acme, "key.edit", "flow.read")
    minutes(16)
    expect((await makeKey(key)).status).toBe(201)
  })

  it("slows whoever guesses the password with a stolen session", async () => {
    const guess = () =>
      ask(authApi.reauthenticate, { token: acme.token, body: { password: "not-the-password" } })
    const statuses: number[] = []
    for (let i = 0; i < 12; i++) statuses.push((await guess()).status)
    expect(statuses).toEqual([...Array<number>(11).fill(401), 429])
  })
})
