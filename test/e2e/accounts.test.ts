import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { apiKeysApi } from "#core/contract/api-keys"
import { authApi } from "#core/contract/auth"
import { executionsApi } from "#core/contract/executions"
import { startFresh, type Server } from "#test/kit/server"
import { Client, problemOf } from "./kit/client.ts"
import { execute, keyOf, password, publish, register, start, sum, unique, type Tenant } from "./kit/world.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let stranger: Client
/** A refresh token that was spent when the file began: its grace is over when it is shown again. */
let spent: { tenant: Tenant; token: string; child: string; at: number }

const refresh = (token: string) => stranger.send("POST", "/auth/refresh", { body: { refresh_token: token } })

beforeAll(async () => {
  const started = await startFresh()
  server = started.server
  end = started.end
  stranger = await Client.of(server.address)
  const tenant = await register(stranger)
  const { refresh_token } = await stranger.ask(authApi.refresh.reply, "POST", "/auth/refresh", {
    body: { refresh_token: tenant.refresh },
  })
  spent = { tenant, token: tenant.refresh, child: refresh_token, at: Date.now() }
})
afterAll(() => end())

describe("an account", () => {
  it("is registered with its tenant, and may do everything there", async () => {
    const acme = await register(stranger)
    const me = await acme.admin.ask(authApi.me.reply, "GET", "/auth/me")
    expect(me).toMatchObject({
      user: { id: acme.user, email: acme.email },
      tenant: { id: acme.id, slug: acme.slug },
      role: "admin",
      tenants: [{ id: acme.id, role: "admin" }],
    })
    expect(me.capabilities.toSorted()).toEqual(
      Object.keys(stranger.reference.document["x-capabilities"]).sort(),
    )
  })

  it("signs in with its password, and with no other", async () => {
    const acme = await register(stranger)
    const { access_token } = await stranger.ask(authApi.login.reply, "POST", "/auth/login", {
      body: { email: acme.email.toUpperCase(), password },
    })
    const me = await stranger.as(access_token).ask(authApi.me.reply, "GET", "/auth/me")
    expect(me.user.id).toBe(acme.user)

    const wrong = await stranger.send("POST", "/auth/login", {
      body: { email: acme.email, password: "wrong" },
    })
    const unknown = await stranger.send("POST", "/auth/login", {
      body: { email: "nobody@example.com", password },
    })
    expect(wrong.status).toBe(401)
    expect(problemOf(wrong).code).toBe("auth.bad_credentials")
    // Nobody learns from the answer whether the account exists.
    const without = (answer: typeof wrong) => ({ ...problemOf(answer), request_id: "" })
    expect(without(unknown)).toEqual(without(wrong))
  })

  it("changes its name and its password; the other sessions end, this one goes on", async () => {
    const acme = await register(stranger)
    const other = await stranger.ask(authApi.login.reply, "POST", "/auth/login", {
      body: { email: acme.email, password },
    })
    const named = await acme.admin.ask(authApi.updateMe.reply, "PATCH", "/auth/me", {
      body: { name: "Ana", preferences: { theme: "dark" } },
    })
    expect(named.user).toMatchObject({ name: "Ana", preferences: { theme: "dark" } })

    const body = { current_password: password, new_password: "another-harbour-kite-78" }
    await acme.admin.do("POST", "/auth/password", { body })
    expect((await refresh(other.refresh_token)).status).toBe(401)
    expect((await acme.admin.send("GET", "/auth/me")).status).toBe(200)
    expect(
      (await stranger.send("POST", "/auth/login", { body: { email: acme.email, password } })).status,
    ).toBe(401)
    const fresh = { email: acme.email, password: body.new_password }
    expect((await stranger.send("POST", "/auth/login", { body: fresh })).status).toBe(200)
  })

  it("refuses a taken workspace and a weak password, and keeps nothing of them; an address is nobody's alone", async () => {
    const acme = await register(stranger)
    const attempt = (change: object) =>
      stranger.send("POST", "/auth/register", {
        body: {
          email: `${unique("new")}@example.com`,
          password,
          tenant_name: "New",
          tenant_slug: unique("new"),
          ...change,
        },
      })
    const other = await attempt({ email: acme.email, password: "some-other-harbour-1" })
    expect(other.status).toBe(201)
    const slug = await attempt({ tenant_slug: acme.slug })
    const weak = await attempt({ password: "password1234" })
    expect([slug, weak].map((one) => [one.status, problemOf(one).code])).toEqual([
      [409, "tenant.slug_taken"],
      [400, "auth.weak_password"],
    ])
    const me = await acme.admin.ask(authApi.me.reply, "GET", "/auth/me")
    expect(me.tenants).toHaveLength(1)
  })

  it("goes on in another of its tenants", async () => {
    const first = await register(stranger)
    const slug = unique("second")
    const second = await stranger.ask(authApi.register.reply, "POST", "/auth/register", {
      body: { email: first.email, password, tenant_name: "Second", tenant_slug: slug },
    })
    expect(second.user_id).toBe(first.user)

    const choice = await stranger.send("POST", "/auth/login", { body: { email: first.email, password } })
    expect(choice.status).toBe(300)
    const { tenants } = authApi.login.also[300].schema.parse(choice.body)
    expect(tenants.map((one) => one.slug).sort()).toEqual([first.slug, slug].sort())

    const login = { email: first.email, password, tenant_slug: slug }
    const chosen = await stranger.ask(authApi.login.reply, "POST", "/auth/login", { body: login })
    expect(chosen.tenant.id).toBe(second.tenant_id)

    const switched = await first.admin.ask(authApi.switch.reply, "POST", "/auth/switch", {
      body: { tenant_id: second.tenant_id },
    })
    const there = await stranger.as(switched.access_token).ask(authApi.me.reply, "GET", "/auth/me")
    expect(there.tenant.id).toBe(second.tenant_id)
    // The session that switched has ended with its tokens.
    expect((await first.admin.send("GET", "/auth/me")).status).toBe(401)
    expect((await refresh(first.refresh)).status).toBe(401)

    const outsider = await register(stranger)
    const foreign = await outsider.admin.send("POST", "/auth/switch", { body: { tenant_id: first.id } })
    expect([foreign.status, problemOf(foreign).code]).toEqual([404, "tenant.not_found"])
  })
})

describe("a session", () => {
  it("is listed, and ended by the other one", async () => {
    const acme = await register(stranger)
    const second = await stranger.ask(authApi.login.reply, "POST", "/auth/login", {
      body: { email: acme.email, password },
      headers: { "user-agent": "a phone" },
    })
    const { sessions } = await acme.admin.ask(authApi.sessions.reply, "GET", "/auth/sessions")
    const phone = sessions.find((one) => one.user_agent === "a phone")
    expect(sessions).toHaveLength(2)
    expect(phone?.current).toBe(false)
    await acme.admin.do("DELETE", `/auth/sessions/${phone?.id}`)
    expect((await stranger.as(second.access_token).send("GET", "/auth/me")).status).toBe(401)
    expect((await refresh(second.refresh_token)).status).toBe(401)
    expect((await acme.admin.send("GET", "/auth/me")).status).toBe(200)
  })

  it("ends at signing out, with every token of it", async () => {
    const acme = await register(stranger)
    const out = await acme.admin.send("POST", "/auth/logout")
    expect(out.status).toBe(204)
    expect(out.headers.get("set-cookie")).toContain("Max-Age=0")
    expect((await acme.admin.send("GET", "/auth/me")).status).toBe(401)
    expect((await refresh(acme.refresh)).status).toBe(401)
  })

  it("goes on by its cookie, for its own page only", async () => {
    const acme = await register(stranger)
    const login = await stranger.send("POST", "/auth/login", { body: { email: acme.email, password } })
    const set = login.headers.get("set-cookie") ?? ""
    expect(set).toMatch(/^__Host-\S+=ecr_\S+; /)
    for (const attribute of ["HttpOnly", "Secure", "SameSite=Strict", "Path=/"])
      expect(set).toContain(attribute)
    const cookie = set.slice(0, set.indexOf(";"))
    const from = (origin?: string) =>
      stranger.send("POST", "/auth/refresh", {
        headers: { cookie, ...(origin === undefined ? {} : { origin }) },
      })
    for (const origin of [
      undefined,
      "null",
      "https://evil.example",
      `${server.address}.evil.example`,
      "http://127.0.0.1",
    ])
      expect((await from(origin)).status, origin).toBe(403)
    expect((await from(server.address)).status).toBe(200)
  })

  it("gives parallel tabs the same next token", async () => {
    const acme = await register(stranger)
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(acme.refresh)))
    const tokens = answers.map((one) => authApi.refresh.reply.parse(one.body).refresh_token)
    expect(new Set(tokens).size).toBe(1)
    expect(tokens[0]).not.toBe(acme.refresh)
  })
})

describe("an API key", () => {
  it("does what its scopes say, and nothing else", async () => {
    const acme = await register(stranger)
    const flow = await publish(acme.admin, sum())
    const key = await keyOf(acme.admin, "execution.start")
    expect(await execute(key, flow, { a: 2, b: 3 })).toMatchObject({ status: "succeeded", outputs: 5 })
    const refused = await Promise.all([
      key.send("GET", "/flows"),
      key.send("GET", "/executions"),
      key.send("POST", "/flows", { body: sum() }),
      key.send("POST", "/api-keys", { body: { name: "more", scopes: ["key.edit"] } }),
      key.send("GET", "/auth/me"),
    ])
    expect(refused.map((one) => [one.status, problemOf(one).code])).toEqual(
      refused.map(() => [403, "access.denied"]),
    )
  })

  it("is shown once, listed by its hint, noted when used and dead when revoked", async () => {
    const acme = await register(stranger)
    const body = { name: "edge app", scopes: ["flow.read"] }
    const answer = await acme.admin.send("POST", "/api-keys", { body })
    const { secret, api_key } = apiKeysApi.create.reply.parse(answer.body)
    const key = acme.admin.as(secret)
    expect((await key.send("GET", "/flows")).status).toBe(200)
    const list = await acme.admin.send("GET", "/api-keys")
    expect(list.text).not.toContain(secret)
    const { api_keys } = apiKeysApi.list.reply.parse(list.body)
    expect(api_keys).toMatchObject([
      { id: api_key.id, name: "edge app", hint: secret.slice(-4), scopes: ["flow.read"] },
    ])
    expect(api_keys[0]?.used_at).not.toBeNull()
    await acme.admin.do("DELETE", `/api-keys/${api_key.id}`)
    expect((await key.send("GET", "/flows")).status).toBe(401)
    const { total } = await acme.admin.ask(apiKeysApi.list.reply, "GET", "/api-keys")
    expect(total).toBe(0)
  })

  it("cannot hold more than its maker, nor outlive its date", async () => {
    const acme = await register(stranger)
    const maker = await keyOf(acme.admin, "key.edit", "flow.read")
    const more = await maker.send("POST", "/api-keys", { body: { name: "more", scopes: ["flow.edit"] } })
    expect([more.status, problemOf(more).code]).toEqual([400, "key.scope"])
    const expires_at = new Date(Date.now() + 1_500).toISOString()
    const { secret } = await maker.ask(apiKeysApi.create.reply, "POST", "/api-keys", {
      body: { name: "brief", scopes: ["flow.read"], expires_at },
    })
    expect((await acme.admin.as(secret).send("GET", "/flows")).status).toBe(200)
    await sleep(1_600)
    expect((await acme.admin.as(secret).send("GET", "/flows")).status).toBe(401)
  })
})

describe("a ticket", () => {
  it("opens one stream, once, for the session that asked", async () => {
    const acme = await register(stranger)
    const flow = await publish(acme.admin, sum())
    const first = await start(acme.admin, flow, { a: 1, b: 1 })
    const second = await start(acme.admin, flow, { a: 2, b: 2 })
    const path = (execution: string): string => `/api/v1/executions/${execution}/stream`
    const ticketFor = async (resource: string): Promise<string> => {
      const { ticket } = await acme.admin.ask(authApi.ticket.reply, "POST", "/tickets", {
        body: { resource },
      })
      return ticket
    }
    const ticket = await ticketFor(path(first))
    expect((await stranger.send("GET", `${path(second)}?ticket=${ticket}`)).status).toBe(401)
    const opened = await stranger.open("GET", `${path(first)}?ticket=${await ticketFor(path(first))}`)
    expect(await opened.text()).toContain("execution.succeeded")
    const once = await ticketFor(path(first))
    const uses = await Promise.all(
      Array.from({ length: 5 }, () => stranger.open("GET", `${path(first)}?ticket=${once}`)),
    )
    await Promise.all(uses.map((one) => one.text()))
    expect(uses.map((one) => one.status).toSorted((a, b) => a - b)).toEqual([200, 401, 401, 401, 401])
    // A ticket is no key: it opens nothing but its stream.
    const other = await ticketFor(`/api/v1/executions/${first}`)
    expect((await stranger.send("GET", `/executions/${first}?ticket=${other}`)).status).toBe(401)
    expect((await stranger.as(other).send("GET", `/executions/${first}`)).status).toBe(401)
  })

  it("is for people: a key has headers", async () => {
    const acme = await register(stranger)
    const key = await keyOf(acme.admin, "execution.read")
    const refused = await key.send("POST", "/tickets", { body: { resource: "/api/v1/executions/x/stream" } })
    expect(refused.status).toBe(403)
  })
})

// Last: ten seconds have passed since the token was spent, or nearly.
describe("a stolen refresh token", () => {
  it("ends the whole family when it is shown again", async () => {
    const { tenant, token, child, at } = spent
    const { executions } = await tenant.admin.ask(executionsApi.list.reply, "GET", "/executions")
    expect(executions).toEqual([])
    await sleep(Math.max(0, at + 10_500 - Date.now()))
    const reused = await refresh(token)
    expect([reused.status, problemOf(reused).code]).toEqual([401, "auth.refresh_reused"])
    expect((await refresh(child)).status).toBe(401)
    expect((await tenant.admin.send("GET", "/auth/me")).status).toBe(401)
    expect(
      (await stranger.send("POST", "/auth/login", { body: { email: tenant.email, password } })).status,
    ).toBe(200)
  })
})
