import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { authApi } from "#core/contract/auth"
import { ssoApi } from "#core/contract/sso"
import { startFresh, type Server } from "#test/kit/server"
import { desk, launch, overflowOf, phone, settle, violationsOf, Visitor } from "./kit/browser.ts"
import { Client, problemOf } from "./kit/client.ts"
import { inControl } from "./kit/control.ts"
import { inTurn } from "./kit/in-turn.ts"
import { client, Liar, openIdProvider, type Issuer, type Lie } from "./kit/oidc.ts"
import { signIn } from "./kit/sign-in.ts"
import { register, unique, type Tenant } from "./kit/world.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let browser: Browser
let stranger: Client
let provider: Issuer
let liar: Liar
/** Ports that are known before the server is there, which must let them through. */
beforeAll(async () => {
  liar = await Liar.start()
  // The provider must know where to lead back, and the server whom it may call: the server's port comes first.
  const port = Number(process.env["EDGECREW_TEST_PORT"] ?? 9020) + 100
  provider = await openIdProvider(`http://127.0.0.1:${port}/sso`)
  const hosts = [provider, liar].map(({ url }) => new URL(url).host).join(",")
  const started = await startFresh({ port, settings: { EDGECREW_EGRESS_ALLOW: hosts } })
  server = started.server
  end = started.end
  expect(server.address).toBe(`http://127.0.0.1:${port}`)
  browser = await launch()
  stranger = await Client.of(server.address)
})
afterAll(async () => {
  await browser?.close()
  await end()
  provider?.close()
  liar?.close()
})

const domain = "example.com"
const connect = (tenant: Tenant, issuer: string, more: object = {}) =>
  tenant.admin.send("PUT", "/sso", { body: { issuer, ...client, domains: [domain], ...more } })

async function arrive(): Promise<Page> {
  const { page } = await Visitor.arrive(browser, server.address, desk)
  await page.emulateMedia({ reducedMotion: "reduce" })
  return page
}

async function isFit(page: Page): Promise<void> {
  for (const view of [phone, desk]) {
    await page.setViewportSize(view)
    await settle(page)
    expect(await violationsOf(page)).toEqual([])
    expect(await overflowOf(page)).toBeLessThanOrEqual(0)
  }
}

/** Signs in at the provider's own page, as whoever is named, and is led back. */
async function companyAccount(page: Page, tenant: Tenant, name: string): Promise<void> {
  await page.goto("/login/company")
  await page.getByLabel("Tenant address").fill(tenant.slug)
  await page.keyboard.press("Enter")
  await page.waitForURL(`${provider.url}/**`)
  await page.locator("input[name=login]").fill(name)
  await page.locator("input[name=password]").fill("any")
  await page.locator("button[type=submit]").click()
  await page.locator("button[type=submit]").click()
  await page.waitForURL(`${server.address}/**`)
}

describe("a tenant's OpenID provider", () => {
  inTurn()
  let acme: Tenant

  it("is set up by its admin, and its secret shown to nobody", async () => {
    acme = await register(stranger)
    const page = await arrive()
    await signIn(page, acme)
    await page.goto("/settings/sso")
    await isFit(page)
    await page.getByLabel("Issuer").fill(provider.url)
    await page.getByLabel("Client ID").fill(client.client_id)
    await page.getByLabel("Client secret").fill(client.client_secret)
    await page.getByLabel("Email domains").fill(domain)
    await page.getByRole("button", { name: "Set up" }).click()
    await page.getByText(`${server.address}/sso`).waitFor()
    await isFit(page)
    const { text } = await acme.admin.send("GET", "/sso")
    expect(text).not.toContain(client.client_secret)
    const stored = inControl(server, (database) =>
      JSON.stringify(database.prepare("select * from sso_connections").all()),
    )
    expect(stored).not.toContain(client.client_secret)
    await page.context().close()
  })

  it("signs in a member by their verified address", async () => {
    const page = await arrive()
    await page.goto("/login/company")
    await isFit(page)
    await companyAccount(page, acme, acme.email)
    await page.waitForURL("**/flows")
    await page.getByText(`The ${acme.slug} company`).first().waitFor()
    await page.context().close()
  })

  it("makes a member of who is invited, and of nobody else", async () => {
    const email = `${unique("new")}@${domain}`
    const page = await arrive()
    await companyAccount(page, acme, email)
    await page.getByRole("heading", { name: "Not signed in" }).waitFor()
    await isFit(page)
    await acme.admin.send("POST", "/users/invite", { body: { email, role: "viewer" } })
    const again = await arrive()
    await companyAccount(again, acme, email)
    await again.waitForURL("**/flows")
    await page.context().close()
    await again.context().close()
  })

  it.each([
    ["an address that it has not verified", () => `unproven-${acme.email}`],
    ["an address of another domain", () => "somebody@evil.example"],
  ])("signs in nobody by %s", async (_, name) => {
    const page = await arrive()
    await companyAccount(page, acme, name())
    await page.getByText("no verified address of a domain").waitFor()
    await page.context().close()
  })
})

describe("a provider that lies", () => {
  let acme: Tenant
  let email: string
  beforeEach(async () => {
    acme = await register(stranger, "liars")
    email = acme.email
    liar.lie = {}
    expect((await connect(acme, liar.url)).status).toBe(200)
  })

  const cookieIn = (response: Response): string =>
    /__Host-edgecrew_sso=[^;]+/.exec(response.headers.get("set-cookie") ?? "")?.[0] ?? ""
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${server.address}/api/v1${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: server.address, ...headers },
      body: JSON.stringify(body),
    })

  async function begin(): Promise<{ state: string; cookie: string }> {
    const response = await post("/auth/sso/start", { tenant_slug: acme.slug })
    expect(response.status).toBe(200)
    const { authorization_url } = ssoApi.start.reply.parse(await response.json())
    liar.asked = new URL(authorization_url).searchParams
    expect(liar.asked.get("code_challenge_method")).toBe("S256")
    return { state: liar.asked.get("state") ?? "", cookie: cookieIn(response) }
  }
  const finish = (state: string, cookie: string, more: object = {}) =>
    post("/auth/sso/finish", { state, code: "any", ...more }, { cookie })

  async function outcome(lie: Lie): Promise<[number, string | undefined]> {
    liar.lie = { ...lie, claims: { email, email_verified: true, ...lie.claims } }
    const { state, cookie } = await begin()
    const response = await finish(state, cookie)
    const body = (await response.json()) as { code?: string }
    return [response.status, body.code]
  }

  it("is believed when it says what is so, and after it has changed its keys", async () => {
    expect(await outcome({})).toEqual([200, undefined])
    liar.turn()
    // Keys are asked for again when one is not known, but not all the time.
    await expect.poll(() => outcome({}), { timeout: 20_000, interval: 2_000 }).toEqual([200, undefined])
  })

  it.each<[string, Lie]>([
    ["an issuer that it is not", { claims: { iss: "https://evil.example" } }],
    ["another client", { claims: { aud: "else" } }],
    ["another sign-in's nonce", { claims: { nonce: "another" } }],
    ["no nonce", { claims: { nonce: undefined } }],
    ["a token of long ago", { claims: { iat: 1_000, exp: 2_000 } }],
    ["a token that nobody signed", { by: "nobody" }],
    ["a token that nobody signed, in other letters", { by: "nobody", header: { alg: "NoNe" } }],
    ["a token that another signed", { by: "another" }],
    ["a token signed with its public key", { by: "the public key" }],
  ])("is refused with %s", async (_, lie) => {
    expect(await outcome(lie)).toEqual([401, "sso.refused"])
  })

  it("is refused where the address is not verified", async () => {
    expect(await outcome({ claims: { email_verified: false } })).toEqual([403, "sso.no_member"])
    expect(await outcome({ claims: { email_verified: undefined } })).toEqual([403, "sso.no_member"])
    expect(await outcome({ claims: { email: undefined } })).toEqual([403, "sso.no_member"])
  })

  it("signs in once by a state, in the browser that began, and in no other", async () => {
    liar.lie = { claims: { email, email_verified: true } }
    const [one, two] = [await begin(), await begin()]
    expect((await finish(one.state, two.cookie)).status).toBe(401)
    expect((await finish(two.state, "")).status).toBe(401)
    expect((await finish(two.state, two.cookie, { iss: "https://evil.example" })).status).toBe(401)
    const last = await begin()
    const all = await Promise.all([1, 2, 3, 4, 5].map(() => finish(last.state, last.cookie)))
    expect(all.map((one) => one.status).toSorted((a, b) => a - b)).toEqual([200, 401, 401, 401, 401])
  })

  it("[A18] is not finished by another site's page", async () => {
    liar.lie = { claims: { email, email_verified: true } }
    const { state, cookie } = await begin()
    const response = await post(
      "/auth/sso/finish",
      { state, code: "any" },
      { cookie, origin: "https://evil.example" },
    )
    expect(response.status).toBe(403)
  })

  it("reaches no other tenant of the person whom it names", async () => {
    const slug = unique("second")
    const second = await stranger.ask(authApi.register.reply, "POST", "/auth/register", {
      body: { email, password: "violet-harbour-kite-77", tenant_name: "Second", tenant_slug: slug },
    })
    liar.lie = { claims: { email, email_verified: true } }
    const { state, cookie } = await begin()
    const { access_token } = ssoApi.finish.reply.parse(await (await finish(state, cookie)).json())
    const inside = stranger.as(access_token)
    const me = await inside.ask(authApi.me.reply, "GET", "/auth/me")
    expect([me.tenant.id, me.tenants.map((one) => one.id)]).toEqual([acme.id, [acme.id]])
    const switched = await inside.send("POST", "/auth/switch", { body: { tenant_id: second.tenant_id } })
    expect([switched.status, problemOf(switched).code]).toEqual([403, "sso.confined"])
    const { sessions } = await inside.ask(authApi.sessions.reply, "GET", "/auth/sessions")
    expect(sessions.every((one) => one.tenant_id === acme.id)).toBe(true)
  })

  it("[SU14] lets the people of a suspended tenant in, who read, and nobody who is new", async () => {
    const invited = `${unique("late")}@${domain}`
    await acme.admin.send("POST", "/users/invite", { body: { email: invited, role: "viewer" } })
    inControl(server, (database) =>
      database.prepare("update tenants set status = 'suspended' where slug = ?").run(acme.slug),
    )
    // So long the server remembers that it was not.
    await new Promise((resolve) => setTimeout(resolve, 5_500))
    expect(await outcome({})).toEqual([200, undefined])
    const claims = { email: invited, sub: "somebody new" }
    expect(await outcome({ claims })).toEqual([403, "tenant.suspended"])
  })

  it("is not asked when it calls itself by another name, is inside, or is off", async () => {
    const other = await register(stranger, "named")
    await connect(other, `${liar.url}/`)
    const start = (tenant: Tenant) => post("/auth/sso/start", { tenant_slug: tenant.slug })
    expect((await start(other)).status).toBe(502)
    const before = liar.received
    await connect(other, "http://127.0.0.1:1")
    expect((await start(other)).status).toBe(502)
    await connect(other, liar.url, { is_active: false })
    expect((await start(other)).status).toBe(404)
    expect((await post("/auth/sso/start", { tenant_slug: "nobody-here" })).status).toBe(404)
    expect(liar.received).toBe(before)
  })
})
