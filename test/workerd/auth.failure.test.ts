import { afterEach, describe, expect, it, vi } from "vitest"
import { authApi } from "#core/contract/auth"
import { ask, call, problemOf } from "#test/kit/api"
import { dumpControl } from "#test/kit/dump"
import { newTenant, password, testEnv, unique } from "#test/kit/tenants"

afterEach(() => {
  vi.useRealTimers()
})

const registration = (fields: object = {}) => ({
  email: `${unique("new")}@example.com`,
  password,
  tenant_name: "New",
  tenant_slug: unique("new"),
  ...fields,
})

/** Everything but the counts of attempts, which a refusal raises too. */
const withoutAttempts = async () => {
  const { login_attempts: _, ...rest } = await dumpControl()
  return rest
}

describe("register refuses", () => {
  it("a workspace address that is taken, and frees the database that it had claimed", async () => {
    const acme = await newTenant()
    const before = await withoutAttempts()
    const answered = await ask(authApi.register, { body: registration({ tenant_slug: acme.slug }) })
    expect(problemOf(answered)).toEqual({ status: 409, code: "tenant.slug_taken" })
    expect(await withoutAttempts()).toEqual(before)
  })

  it("two at once who want the same workspace address: one gets it, and no database is lost", async () => {
    const slug = unique("race")
    const claimed = async () =>
      (await dumpControl())["slots"]!.filter((one) => one["tenant_id"] !== null).length
    const before = await claimed()
    const both = await Promise.all(
      [0, 1, 2, 3].map(() => ask(authApi.register, { body: registration({ tenant_slug: slug }) })),
    )
    expect(both.map((one) => one.status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409])
    expect(await claimed()).toBe(before + 1)
  })

  it.each([
    ["short", "eleven-char", ["password"]],
    ["long", "x".repeat(257), ["password"]],
  ])("a password that is too %s", async (_, wrong, paths) => {
    const answered = await ask(authApi.register, { body: registration({ password: wrong }) })
    expect(problemOf(answered)).toEqual({ status: 400, code: "request.invalid", paths })
  })

  it.each([
    "password1234",
    "Qwertyuiop12",
    "1q2w3e4r5t6y",
    "aaaaaaaaaaaa",
    "123456789012",
    "P@ssw0rd!!!2026",
  ])("[A31] the common password %s", async (common) => {
    const answered = await ask(authApi.register, { body: registration({ password: common }) })
    expect(problemOf(answered)).toEqual({ status: 400, code: "auth.weak_password", paths: ["password"] })
  })

  it("[A31] a password made of the address or the workspace", async () => {
    const body = registration({ email: "annabelle@example.com", password: "annabelle-2026" })
    expect(problemOf(await ask(authApi.register, { body })).code).toBe("auth.weak_password")
  })

  it("everybody when no database is free, and nothing is written", async () => {
    const free = testEnv.CONTROL_DB.prepare("select name from slots where tenant_id is null")
    const { results } = await free.all<{ name: string }>()
    const block = (tenant: string | null, where: string) =>
      testEnv.CONTROL_DB.prepare(`update slots set tenant_id = ${tenant} where ${where}`).run()
    await block("'blocked-' || name", "tenant_id is null")
    const before = await withoutAttempts()
    const answered = await ask(authApi.register, { body: registration() })
    expect(problemOf(answered)).toEqual({ status: 503, code: "tenant.no_database" })
    expect(answered.headers.get("retry-after")).toMatch(/^\d+$/)
    expect(await withoutAttempts()).toEqual(before)
    await block("null", "tenant_id like 'blocked-%'")
    expect((await free.all()).results).toEqual(results)
  })
})

describe("login refuses", () => {
  it("[A33] a wrong password and an unknown address with the same words", async () => {
    const acme = await newTenant()
    const known = await ask(authApi.login, { body: { email: acme.email, password: "not-the-password" } })
    const unknown = await ask(authApi.login, { body: { email: "nobody@example.com", password } })
    const without = ({ text }: { text: string }) => text.replace(/"request_id":"[^"]+"/, "")
    expect([known.status, without(known)]).toEqual([unknown.status, without(unknown)])
    expect(problemOf(known)).toEqual({ status: 401, code: "auth.bad_credentials" })
  })

  it("a tenant that the person does not belong to", async () => {
    const [acme, other] = [await newTenant(), await newTenant()]
    const answered = await ask(authApi.login, {
      body: { email: acme.email, password, tenant_slug: other.slug },
    })
    expect(problemOf(answered)).toEqual({ status: 404, code: "tenant.not_found" })
  })

  it("[A32] guessing on, ever slower, also with the right password until the wait is over", async () => {
    const acme = await newTenant()
    const bystander = await newTenant()
    // Each guess costs a hash: on a busy machine the wait would be over before the last.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() })
    const guess = () => ask(authApi.login, { body: { email: acme.email, password: "not-the-password" } })
    const statuses: number[] = []
    for (let i = 0; i < 12; i++) statuses.push((await guess()).status)
    expect(statuses).toEqual([...Array<number>(11).fill(401), 429])
    const right = await ask(authApi.login, { body: { email: acme.email, password } })
    expect(problemOf(right).code).toBe("auth.too_many_attempts")
    expect(Number(right.headers.get("retry-after"))).toBeGreaterThan(0)
    expect((await ask(authApi.login, { body: { email: bystander.email, password } })).status).toBe(200)
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2_000 })
    expect((await ask(authApi.login, { body: { email: acme.email, password } })).status).toBe(200)
  })
})

describe("counts of attempts", () => {
  it("[A13] are forgotten an hour after they count no more, whoever they were of", async () => {
    const attempts = async () => (await dumpControl())["login_attempts"]!.length
    const guess = (email: string) => ask(authApi.login, { body: { email, password: "not-the-password" } })
    for (let i = 0; i < 5; i++) await guess(`${unique("nobody")}@example.com`)
    expect(await attempts()).toBeGreaterThanOrEqual(5)
    // The longest that anything counts is a day.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 26 * 3_600_000 })
    await guess(`${unique("nobody")}@example.com`)
    await expect.poll(attempts, { timeout: 20_000 }).toBe(1)
  })
})

describe("refresh refuses", () => {
  it.each(["ecr_short", `ecr_${"A".repeat(43)}`, "", "null"])("the token %j", async (refresh_token) => {
    const answered = await ask(authApi.refresh, { body: { refresh_token } })
    expect([400, 401]).toContain(answered.status)
  })

  it("[A18] a cookie that another site's page makes the browser send", async () => {
    const { refresh } = await newTenant()
    const cookie = `__Host-edgecrew_refresh=${refresh}`
    const foreign = [
      "https://evil.example",
      "null",
      "http://127.0.0.1:8787.evil.example",
      "http://127.0.0.1:1",
      "",
    ]
    for (const origin of foreign) {
      const answered = await ask(authApi.refresh, { headers: { cookie, ...(origin ? { origin } : {}) } })
      expect([origin, problemOf(answered).code]).toEqual([origin, "request.foreign_origin"])
    }
    expect((await ask(authApi.refresh, { body: { refresh_token: refresh } })).status).toBe(200)
  })

  it("a body that is no JSON", async () => {
    const answered = await ask(authApi.refresh, {
      text: "refresh_token=x",
      headers: { "content-type": "text/plain" },
    })
    expect(problemOf(answered)).toEqual({ status: 415, code: "request.unsupported_type" })
  })
})

describe("changing the password refuses", () => {
  it("who does not know the present one, and a weak new one", async () => {
    const acme = await newTenant()
    const ask1 = await ask(authApi.password, {
      token: acme.token,
      body: { current_password: "not the one", new_password: "amber-lantern-river-21" },
    })
    expect(problemOf(ask1)).toEqual({
      status: 401,
      code: "auth.bad_credentials",
      paths: ["current_password"],
    })
    const ask2 = await ask(authApi.password, {
      token: acme.token,
      body: { current_password: password, new_password: "passwordpassword" },
    })
    expect(problemOf(ask2)).toEqual({ status: 400, code: "auth.weak_password", paths: ["new_password"] })
    expect((await call(authApi.login, { body: { email: acme.email, password } })).user.id).toBe(acme.user)
  })
})
