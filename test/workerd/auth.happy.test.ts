import { afterEach, describe, expect, it, vi } from "vitest"
import { auditApi } from "#core/contract/audit"
import { authApi } from "#core/contract/auth"
import { debuggingApi } from "#core/contract/debugging"
import { executionsApi } from "#core/contract/executions"
import { reportsApi } from "#core/contract/reports"
import { ask, call, fetchText, addressOf, origin, problemOf } from "#test/kit/api"
import { dumpControl } from "#test/kit/dump"
import { newTenant, password, testEnv, unique } from "#test/kit/tenants"
import { newWorld } from "#test/kit/world"

afterEach(() => {
  vi.useRealTimers()
})

const later = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms })

const cookieOf = (headers: Headers): string => headers.get("set-cookie") ?? ""

describe("register", () => {
  it("makes a tenant whose first admin may do everything", async () => {
    const acme = await newTenant()
    const me = await call(authApi.me, { token: acme.token })
    expect(me).toMatchObject({
      user: { id: acme.user, email: acme.email, preferences: {} },
      tenant: { id: acme.id, slug: acme.slug },
      role: "admin",
      tenants: [{ id: acme.id, role: "admin" }],
    })
    expect(me.capabilities).toContain("key.edit")
  })

  it("gives an account one more tenant when its password is right", async () => {
    const acme = await newTenant()
    const slug = unique("second")
    const second = await call(authApi.register, {
      body: { email: acme.email, password, tenant_name: "Second", tenant_slug: slug },
    })
    expect(second.user_id).toBe(acme.user)
    const choice = await ask(authApi.login, { body: { email: acme.email, password } })
    expect(choice.status).toBe(300)
    expect(choice.body).toEqual({
      tenants: [
        { id: second.tenant_id, name: "Second", slug, role: "admin" },
        { id: acme.id, name: `The ${acme.slug} company`, slug: acme.slug, role: "admin" },
      ],
    })
    const chosen = await call(authApi.login, { body: { email: acme.email, password, tenant_slug: slug } })
    expect(chosen.tenant.id).toBe(second.tenant_id)
    const switched = await call(authApi.switch, {
      token: chosen.access_token,
      body: { tenant_id: acme.id },
    })
    expect((await call(authApi.me, { token: switched.access_token })).tenant.id).toBe(acme.id)
    expect(problemOf(await ask(authApi.me, { token: chosen.access_token })).code).toBe("auth.invalid")
  })

  it("takes addresses without regard to case, and passwords to the last character", async () => {
    const slug = unique("case")
    const long = `${"violet harbour kite ".repeat(10)}\u0000end`
    const email = `${slug}@Example.COM`
    await call(authApi.register, {
      body: { email, password: long, tenant_name: "Case", tenant_slug: slug },
    })
    const upper = email.toUpperCase()
    expect((await ask(authApi.login, { body: { email: upper, password: long } })).status).toBe(200)
    for (const wrong of [long.slice(0, -1), long.slice(0, 72), long.toUpperCase(), `${long} `]) {
      expect((await ask(authApi.login, { body: { email, password: wrong } })).status).toBe(401)
    }
  })

  it("stores neither password nor token in the open", async () => {
    const acme = await newTenant()
    const { access_token, refresh_token } = await call(authApi.login, {
      body: { email: acme.email, password },
    })
    const all = JSON.stringify(await dumpControl())
    for (const secret of [password, access_token, refresh_token, acme.refresh])
      expect(all).not.toContain(secret)
    expect(all).toMatch(/\$argon2id\$v=19\$m=12288,t=3,p=1\$/)
  })
})

describe("a session", () => {
  it("goes on by its refresh token, in the body or in the cookie", async () => {
    const acme = await newTenant()
    const first = await ask(authApi.refresh, { body: { refresh_token: acme.refresh } })
    expect(first.status).toBe(200)
    expect((await ask(authApi.me, { token: first.body.access_token })).status).toBe(200)
    const cookie = cookieOf(first.headers)
    expect(cookie).toMatch(
      /^__Host-edgecrew_refresh=ecr_[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict; Max-Age=2592000$/,
    )
    const second = await ask(authApi.refresh, {
      headers: { cookie: `theme=dark; ${cookie.split(";")[0]}`, origin },
    })
    expect(second.status).toBe(200)
    expect(second.body.refresh_token).not.toBe(first.body.refresh_token)
  })

  it("[A40] gives parallel tabs the same next token, within ten seconds", async () => {
    const acme = await newTenant()
    // On a busy machine the ten seconds would be over before the last has its answer.
    later(0)
    const tabs = await Promise.all(
      Array.from({ length: 8 }, () => ask(authApi.refresh, { body: { refresh_token: acme.refresh } })),
    )
    expect(tabs.map((one) => one.status)).toEqual(Array(8).fill(200))
    expect(new Set(tabs.map((one) => one.body.refresh_token)).size).toBe(1)
    later(9_000)
    const late = await call(authApi.refresh, { body: { refresh_token: acme.refresh } })
    expect(late.refresh_token).toBe(tabs[0]!.body.refresh_token)
  })

  it("[A40] ends as a whole when a spent token comes back later", async () => {
    const acme = await newTenant()
    const next = await call(authApi.refresh, { body: { refresh_token: acme.refresh } })
    later(11_000)
    const stolen = await ask(authApi.refresh, { body: { refresh_token: acme.refresh } })
    expect(problemOf(stolen)).toEqual({ status: 401, code: "auth.refresh_reused" })
    const honest = await ask(authApi.refresh, { body: { refresh_token: next.refresh_token } })
    expect(problemOf(honest)).toEqual({ status: 401, code: "auth.invalid" })
    expect(problemOf(await ask(authApi.me, { token: next.access_token })).code).toBe("auth.invalid")
  })

  it("leaves no token behind once it is over and the person signs in again", async () => {
    const acme = await newTenant()
    const other = await newTenant()
    for (let i = 0, token = acme.refresh; i < 3; i++)
      token = (await call(authApi.refresh, { body: { refresh_token: token } })).refresh_token
    const tokensOf = async (user: string) => {
      const { sessions, refresh_tokens } = await dumpControl()
      const theirs = sessions!.filter((one) => one["identity_id"] === user).map((one) => one["id"])
      return refresh_tokens!.filter((one) => theirs.includes(one["session_id"])).length
    }
    expect([await tokensOf(acme.user), await tokensOf(other.user)]).toEqual([4, 1])
    expect((await ask(authApi.logout, { token: acme.token })).status).toBe(204)
    later(1)
    await call(authApi.login, { body: { email: acme.email, password } })
    expect([await tokensOf(acme.user), await tokensOf(other.user)]).toEqual([1, 1])
    const spent = await ask(authApi.refresh, { body: { refresh_token: acme.refresh } })
    expect(problemOf(spent)).toEqual({ status: 401, code: "auth.invalid" })
  })

  it("is forgotten ninety days after its end, once the person signs in again", async () => {
    const acme = await newTenant()
    const other = await newTenant()
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
    const ended = (at: string, user: string, id: string) =>
      testEnv.CONTROL_DB.prepare(
        `insert into sessions (id, identity_id, tenant_id, user_agent, created_at, used_at, expires_at, ended_at)
         select ?1 || identity_id, identity_id, tenant_id, '', ?2, ?2, ?2, ?2 from sessions where identity_id = ?3 limit 1`,
      )
        .bind(id, at, user)
        .run()
    for (const { user } of [acme, other]) {
      await ended(daysAgo(91), user, "old")
      await ended(daysAgo(89), user, "new")
    }
    await call(authApi.login, { body: { email: acme.email, password } })
    const { sessions } = await dumpControl()
    const left = (user: string) =>
      sessions!.filter((one) => one["identity_id"] === user && one["ended_at"]).map(({ id }) => id)
    expect(left(acme.user)).toEqual([`new${acme.user}`])
    expect(left(other.user)).toHaveLength(2)
  })

  it("[A37] ends with logout: neither token works any more, and the cookie goes as it came", async () => {
    const acme = await newTenant()
    const out = await ask(authApi.logout, { token: acme.token })
    expect(out.status).toBe(204)
    expect(cookieOf(out.headers)).toBe(
      "__Host-edgecrew_refresh=; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=0",
    )
    expect(problemOf(await ask(authApi.me, { token: acme.token })).code).toBe("auth.invalid")
    const again = await ask(authApi.refresh, { body: { refresh_token: acme.refresh } })
    expect(problemOf(again).code).toBe("auth.invalid")
  })

  it("[A38] can be ended from another one of the same person, and by nobody else", async () => {
    const acme = await newTenant()
    const other = await call(authApi.login, { body: { email: acme.email, password } })
    const { sessions } = await call(authApi.sessions, { token: acme.token })
    expect(sessions).toHaveLength(2)
    const theirs = sessions.find((one) => !one.current)!
    const stranger = await newTenant()
    const refused = await ask(authApi.endSession, {
      token: stranger.token,
      params: { session_id: theirs.id },
    })
    expect(problemOf(refused)).toEqual({ status: 404, code: "session.not_found" })
    expect((await ask(authApi.me, { token: other.access_token })).status).toBe(200)
    const ended = await ask(authApi.endSession, { token: acme.token, params: { session_id: theirs.id } })
    expect(ended.status).toBe(204)
    expect((await ask(authApi.me, { token: other.access_token })).status).toBe(401)
    expect((await ask(authApi.me, { token: acme.token })).status).toBe(200)
  })

  it("ends everywhere else when the password changes", async () => {
    const acme = await newTenant()
    const other = await call(authApi.login, { body: { email: acme.email, password } })
    const new_password = "amber-lantern-river-21"
    const changed = await ask(authApi.password, {
      token: acme.token,
      body: { current_password: password, new_password },
    })
    expect(changed.status).toBe(204)
    expect((await ask(authApi.me, { token: other.access_token })).status).toBe(401)
    expect((await ask(authApi.me, { token: acme.token })).status).toBe(200)
    expect((await ask(authApi.login, { body: { email: acme.email, password } })).status).toBe(401)
    expect((await ask(authApi.login, { body: { email: acme.email, password: new_password } })).status).toBe(
      200,
    )
  })
})

describe("me", () => {
  it("changes what is named and keeps the rest", async () => {
    const { token } = await newTenant()
    await call(authApi.updateMe, { token, body: { preferences: { theme: "dark" } } })
    const { user } = await call(authApi.updateMe, {
      token,
      body: { name: "Ana Ruiz", preferences: { density: "compact" } },
    })
    expect(user).toMatchObject({ name: "Ana Ruiz", preferences: { theme: "dark", density: "compact" } })
  })
})

describe("a ticket", () => {
  it("[A25] opens the one stream it names, once, within a minute", async () => {
    const acme = await newTenant()
    const { execution_id } = await newWorld(acme)
    const address = addressOf(executionsApi.stream, { params: { execution_id } })
    const ticketFor = async (resource: string) =>
      (await call(authApi.ticket, { token: acme.token, body: { resource } })).ticket
    const open = async (ticket: string) => (await fetchText(`${address}?ticket=${ticket}`)).status

    const resource = new URL(address).pathname
    const ticket = await ticketFor(resource)
    expect(await open(ticket)).toBe(200)
    expect(await open(ticket)).toBe(401)
    expect(await open(await ticketFor(`${resource}/other`))).toBe(401)
    const old = await ticketFor(resource)
    later(60_001)
    expect(await open(old)).toBe(401)
  })

  it.each([
    ["the audit log", auditApi.export],
    ["executions", debuggingApi.exportList],
    ["a report", reportsApi.soc2],
  ] as const)("lets a browser download %s", async (_, endpoint) => {
    const { token } = await newTenant()
    const address = addressOf(endpoint)
    const resource = new URL(address).pathname
    const { ticket } = await call(authApi.ticket, { token, body: { resource } })
    expect((await fetchText(`${address}?ticket=${ticket}`)).status).toBe(200)
    for (const more of ["nonsense=1", "ticket=x"]) {
      const other = await call(authApi.ticket, { token, body: { resource } })
      expect((await fetchText(`${address}?ticket=${other.ticket}&${more}`)).status).toBe(400)
    }
  })

  it("[A51] is no bearer token, and opens nothing but streams", async () => {
    const { token } = await newTenant()
    const { ticket } = await call(authApi.ticket, { token, body: { resource: "/api/v1/auth/me" } })
    expect((await ask(authApi.me, { token: ticket })).status).toBe(401)
    expect((await fetchText(`${addressOf(authApi.me)}?ticket=${ticket}`)).status).toBe(401)
  })
})
