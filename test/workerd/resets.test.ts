import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { auditApi } from "#core/contract/audit"
import { authApi } from "#core/contract/auth"
import { membersApi } from "#core/contract/members"
import { createApp } from "#worker/app"
import { ask, call, problemOf } from "#test/kit/api"
import { dumpControl } from "#test/kit/dump"
import { newMember, newTenant, password, testEnv, unique, type TestTenant } from "#test/kit/tenants"

type Mail = { from: string; to: string; subject: string; text: string }

let acme: TestTenant
let sent: Mail[] = []
beforeEach(async () => {
  acme = await newTenant()
  sent = []
})
afterEach(() => {
  vi.useRealTimers()
})

const better = "cobalt-fern-lantern-12"
const site = "https://crew.example.com"

/** An installation that sends mail, into this list. */
const posting = () => ({
  ...testEnv,
  MAIL_FROM: "crew@example.com",
  PUBLIC_ORIGIN: site,
  MAIL: {
    send: (mail: Mail) => {
      sent.push(mail)
      return Promise.resolve({ messageId: "1" })
    },
  },
})

async function post(path: string, body: object, token?: string, more: Record<string, string> = {}) {
  const ctx = createExecutionContext()
  const headers = {
    "content-type": "application/json",
    host: "evil.example",
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...more,
  }
  const request = new Request(`https://evil.example/api/v1${path}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  })
  const response = await createApp().fetch(request, posting(), ctx)
  const text = await response.text()
  await waitOnExecutionContext(ctx)
  return { status: response.status, text }
}

const request = (email: string) => post("/auth/reset-request", { email })
const linkIn = (text = ""): string => /\/reset#(ecp_[\w-]{43})/.exec(text)?.[1] ?? ""
const set = (token: unknown, next = better) => ask(authApi.reset, { body: { token, password: next } })
const signIn = (email: string, secret: string) =>
  ask(authApi.login, { body: { email, password: secret } }).then((one) => one.status)

describe("a forgotten password", () => {
  it("is set anew by a link that was mailed, works once, and ends every session", async () => {
    expect(await request(acme.email)).toEqual({ status: 204, text: "" })
    expect(sent).toMatchObject([{ to: acme.email, from: "crew@example.com" }])
    const token = linkIn(sent[0]?.text)
    // [A34] the host is the installation's own, whatever the request said.
    expect(sent[0]?.text).toContain(`${site}/reset#${token}`)
    expect(sent[0]?.text).not.toContain("evil.example")
    expect(JSON.stringify(await dumpControl())).not.toContain(token)
    expect((await set(token)).status).toBe(204)
    expect([await signIn(acme.email, password), await signIn(acme.email, better)]).toEqual([401, 200])
    expect((await ask(authApi.me, { token: acme.token })).status).toBe(401)
    expect((await ask(authApi.refresh, { body: { refresh_token: acme.refresh } })).status).toBe(401)
    expect(problemOf(await set(token, "another-harbour-77"))).toEqual({
      status: 400,
      code: "auth.reset_invalid",
    })
  })

  it("[A33] is asked for with the same answer, whether there is an account or not", async () => {
    const [known, unknown] = [await request(acme.email), await request(`${unique("nobody")}@example.com`)]
    expect(known).toEqual(unknown)
    expect(sent.map((one) => one.to)).toEqual([acme.email])
  })

  it("[A13] is mailed three times an hour at most, and an unknown address is counted alike", async () => {
    const nobody = `${unique("nobody")}@example.com`
    for (const email of [acme.email, nobody]) {
      const statuses: number[] = []
      for (let i = 0; i < 5; i++) statuses.push((await request(email)).status)
      expect(statuses).toEqual([204, 204, 204, 429, 429])
    }
    expect(sent).toHaveLength(3)
    const once = linkIn(sent[2]?.text)
    expect((await set(once)).status).toBe(204)
    // The links before it are void with it.
    expect(problemOf(await set(linkIn(sent[0]?.text), "another-harbour-77")).code).toBe("auth.reset_invalid")
  })

  it("[A34] is not set by null, nothing, a list, an old link or another's", async () => {
    for (const wrong of [null, "", [], {}, undefined, "ecp_", `ecp_${"A".repeat(42)}`])
      expect([wrong, (await set(wrong)).status]).toEqual([wrong, 400])
    expect(problemOf(await set(`ecp_${"A".repeat(43)}`)).code).toBe("auth.reset_invalid")
    await request(acme.email)
    const token = linkIn(sent[0]?.text)
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 30 * 60_000 + 1 })
    expect(problemOf(await set(token)).code).toBe("auth.reset_invalid")
    expect(await signIn(acme.email, password)).toBe(200)
  })

  it("[A67] that is asked for and set stands in the log of every workspace of theirs", async () => {
    const slug = unique("second")
    const second = await call(authApi.register, {
      body: { email: acme.email, password, tenant_name: "Second", tenant_slug: slug },
    })
    await request(acme.email)
    expect((await set(linkIn(sent[0]?.text))).status).toBe(204)
    for (const tenant_slug of [acme.slug, slug]) {
      const body = { email: acme.email, password: better, tenant_slug }
      const { access_token: token } = await call(authApi.login, { body })
      const told = async () =>
        (await call(auditApi.list, { token, query: { target: acme.user } })).entries
          .filter(({ seq }) => seq !== null)
          .map(({ action, actor }) => [action, actor])
      await expect.poll(told, { timeout: 10_000 }).toEqual(
        expect.arrayContaining([
          ["user.password_reset", acme.user],
          ["user.reset_request", acme.user],
        ]),
      )
    }
    expect(second.user_id).toBe(acme.user)
  })

  it("[A13] is asked for from one address thirty times an hour at most, whomever it is about", async () => {
    const from = (address: string) =>
      post("/auth/reset-request", { email: `${unique("any")}@example.com` }, undefined, {
        "cf-connecting-ip": address,
      })
    const [here, there] = ["198.51.100.7", "198.51.100.8"]
    const statuses: number[] = []
    for (let i = 0; i < 32; i++) statuses.push((await from(here)).status)
    expect(statuses).toEqual([...Array<number>(30).fill(204), 429, 429])
    expect((await from(there)).status).toBe(204)
    expect(sent).toEqual([])
  })

  it("[11] is set once by a link that twenty use at the same moment", async () => {
    await request(acme.email)
    const token = linkIn(sent[0]?.text)
    const all = await Promise.all(Array.from({ length: 20 }, (_, i) => set(token, `${better}-${i}`)))
    expect(all.filter((one) => one.status === 204)).toHaveLength(1)
    expect(all.filter((one) => one.status === 400)).toHaveLength(19)
  })

  it("is void when the password was changed meanwhile, and must be a strong one", async () => {
    await request(acme.email)
    const token = linkIn(sent[0]?.text)
    expect(problemOf(await set(token, "password1234")).code).toBe("auth.weak_password")
    await call(authApi.password, {
      token: acme.token,
      body: { current_password: password, new_password: "amber-lantern-river-21" },
    })
    expect(problemOf(await set(token)).code).toBe("auth.reset_invalid")
  })
})

describe("[A35] an admin", () => {
  const start = (user_id: string) => ask(membersApi.reset, { token: acme.token, params: { user_id } })

  it("makes a link where no mail is sent, and never sets the password", async () => {
    const member = await newMember(acme, "viewer")
    const answered = await start(member.user)
    expect(answered.status).toBe(201)
    expect(answered.body.emailed).toBe(false)
    expect((await set(linkIn(answered.body.reset_url ?? ""))).status).toBe(204)
    expect(await signIn(member.email, better)).toBe(200)
    expect((await ask(authApi.me, { token: member.token })).status).toBe(401)
  })

  it("is not shown the link where mail is sent", async () => {
    const member = await newMember(acme, "viewer")
    const answered = await post(`/users/${member.user}/reset`, {}, acme.token)
    expect(answered.status).toBe(201)
    expect(answered.text).not.toContain("ecp_")
    expect(sent.map((one) => one.to)).toEqual([member.email])
  })

  it("makes none for somebody who belongs to another tenant too, and one that was made stops then", async () => {
    const member = await newMember(acme, "viewer")
    const link = linkIn((await start(member.user)).body.reset_url ?? "")
    await call(authApi.register, {
      body: { email: member.email, password, tenant_name: "Own", tenant_slug: unique("own") },
    })
    expect(problemOf(await set(link)).code).toBe("auth.reset_invalid")
    expect(problemOf(await start(member.user))).toEqual({ status: 409, code: "member.elsewhere" })
    expect(await signIn(member.email, better)).toBe(401)
  })
})

describe("[A33] registering", () => {
  it("answers alike for an address that is known and one that is not, and touches no account", async () => {
    const register = (email: string) =>
      ask(authApi.register, {
        body: { email, password: better, tenant_name: "New", tenant_slug: unique("new") },
      })
    const known = await register(acme.email)
    const unknown = await register(`${unique("new")}@example.com`)
    expect([known.status, Object.keys(known.body).toSorted()]).toEqual([
      unknown.status,
      Object.keys(unknown.body).toSorted(),
    ])
    expect(known.body.user_id).not.toBe(acme.user)
    const [old, fresh] = await Promise.all(
      [password, better].map((secret) =>
        call(authApi.login, { body: { email: acme.email, password: secret } }),
      ),
    )
    expect([old?.user.id, fresh?.user.id]).toEqual([acme.user, known.body.user_id])
    expect([old?.tenant.id, fresh?.tenant.id]).toEqual([acme.id, known.body.tenant_id])
  })

  it("makes few accounts of one address", async () => {
    const email = `${unique("many")}@example.com`
    const statuses: number[] = []
    for (let i = 0; i < 7; i++) {
      const body = { email, password: `${better}-${i}`, tenant_name: "Many", tenant_slug: unique("many") }
      statuses.push((await ask(authApi.register, { body })).status)
    }
    expect(statuses).toEqual([201, 201, 201, 201, 201, 429, 429])
  })
})
