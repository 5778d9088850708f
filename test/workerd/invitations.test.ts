import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { authApi } from "#core/contract/auth"
import { invitationsApi, membersApi } from "#core/contract/members"
import { ask, call, origin, problemOf } from "#test/kit/api"
import { dumpControl } from "#test/kit/dump"
import { newMember, newTenant, password, testEnv, unique, type TestTenant } from "#test/kit/tenants"
import { inviteDraft } from "#test/kit/world-people"

let acme: TestTenant
beforeEach(async () => {
  acme = await newTenant()
})
afterEach(() => {
  vi.useRealTimers()
})

const tokenIn = (url: string): string => url.slice(url.indexOf("#") + 1)

async function invite(body: object = {}) {
  const { invitation, invite_url } = await call(membersApi.invite, {
    token: acme.token,
    body: { ...inviteDraft(), ...body },
  })
  return { ...invitation, url: invite_url, token: tokenIn(invite_url) }
}

const accept = (token: string, body: object = {}) =>
  ask(authApi.acceptInvite, { body: { token, name: "Bo", password, ...body } })
const look = (token: string) => ask(authApi.invitation, { body: { token } })
const resend = (invitation_id: string) =>
  ask(invitationsApi.resend, { token: acme.token, params: { invitation_id } })
const members = async () => (await call(membersApi.list, { token: acme.token })).users

describe("an invitation", () => {
  it("is a link that is shown once, kept as a digest, and stands behind the # of its address", async () => {
    const { url, token, email } = await invite()
    expect(url).toBe(`${origin}/invite#${token}`)
    expect(token).toMatch(/^eci_[\w-]{43}$/)
    expect(JSON.stringify(await dumpControl())).not.toContain(token)
    const { invitations } = await call(invitationsApi.list, { token: acme.token })
    expect(invitations).toMatchObject([{ email, role: "viewer", status: "pending" }])
    expect(JSON.stringify(invitations)).not.toContain(token)
  })

  it("is looked at by whoever has the link, and says neither whether there is an account", async () => {
    const stranger = await invite()
    const known = await newTenant()
    const other = await invite({ email: known.email })
    for (const one of [stranger, other]) {
      const { email, role, expires_at } = one
      const seen = await call(authApi.invitation, { body: { token: one.token } })
      expect(seen).toEqual({
        email,
        role,
        expires_at,
        tenant: { name: `The ${acme.slug} company`, slug: acme.slug },
        invited_by: acme.email.split("@")[0],
      })
    }
  })

  it("makes a member with a new account", async () => {
    const { email, token } = await invite({ role: "editor" })
    const made = await accept(token)
    expect(made.status).toBe(200)
    expect(made.headers.get("set-cookie")).toContain("HttpOnly")
    const me = await call(authApi.me, { token: made.body.access_token })
    expect([me.user.email, me.user.name, me.role, me.tenant.id]).toEqual([email, "Bo", "editor", acme.id])
    expect(problemOf(await accept(token))).toEqual({ status: 410, code: "invitation.used" })
    expect(problemOf(await look(token)).code).toBe("invitation.used")
    expect((await ask(authApi.login, { body: { email, password } })).status).toBe(200)
  })

  it("makes a member of an account that is there, by its password or signed in", async () => {
    const known = await newTenant()
    const byPassword = await invite({ email: known.email })
    const made = await accept(byPassword.token)
    expect([made.status, made.body.user_id]).toEqual([200, known.user])
    const other = await newTenant()
    const signedIn = await invite({ email: other.email })
    const joined = await call(authApi.join, { token: other.token, body: { token: signedIn.token } })
    expect(joined.tenant.id).toBe(acme.id)
    const switched = await call(authApi.switch, { token: other.token, body: { tenant_id: acme.id } })
    expect((await call(authApi.me, { token: switched.access_token })).role).toBe("viewer")
  })

  it("with the word that there is an account makes none, and refuses a wrong password", async () => {
    const known = await newTenant()
    for (const email of [known.email, `${unique("nobody")}@example.com`]) {
      const { token } = await invite({ email })
      const answered = await accept(token, { existing: true, password: "not-the-password-77" })
      expect(problemOf(answered)).toEqual({ status: 401, code: "auth.bad_credentials" })
      expect((await look(token)).status).toBe(200)
    }
    expect((await members()).length).toBe(1)
  })

  it("is for one address: another account is refused, and it stays open", async () => {
    const known = await newTenant()
    const { token } = await invite()
    const answered = await ask(authApi.join, { token: known.token, body: { token } })
    expect(problemOf(answered)).toEqual({ status: 403, code: "invitation.other_account" })
    expect((await accept(token)).status).toBe(200)
  })

  it("[11] works once, whoever of twenty is faster", async () => {
    const { token, email } = await invite()
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, i) => accept(token, { password: `${password}-${i % 5}` })),
    )
    const statuses = all.map((one) => one.status)
    expect(statuses.filter((one) => one === 200)).toHaveLength(1)
    expect(statuses.every((one) => [200, 410, 429, 409].includes(one))).toBe(true)
    expect((await members()).filter((one) => one.email === email)).toHaveLength(1)
    const accounts = (await dumpControl())["identities"]!.filter((one) => one["email"] === email)
    expect(accounts).toHaveLength(1)
  })

  it("expires, and is sent anew; then the old link is none", async () => {
    const { id, token } = await invite({ expires_in_days: 1 })
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 86_400_001 })
    expect(problemOf(await accept(token))).toEqual({ status: 410, code: "invitation.expired" })
    vi.useRealTimers()
    const again = await resend(id)
    expect(again.status).toBe(200)
    const fresh = tokenIn(again.body.invite_url)
    expect(fresh).not.toBe(token)
    expect(problemOf(await accept(token))).toEqual({ status: 404, code: "invitation.not_found" })
    expect((await accept(fresh)).status).toBe(200)
    expect(problemOf(await resend(id)).code).toBe("invitation.not_found")
  })

  it("is withdrawn, also by a newer one for the same address", async () => {
    const { id, token } = await invite()
    const revoke = () => ask(invitationsApi.revoke, { token: acme.token, params: { invitation_id: id } })
    expect((await revoke()).status).toBe(204)
    expect(problemOf(await accept(token))).toEqual({ status: 410, code: "invitation.withdrawn" })
    expect(problemOf(await revoke()).code).toBe("invitation.not_found")
    const email = `${unique("twice")}@example.com`
    const first = await invite({ email })
    const second = await invite({ email: email.toUpperCase() })
    expect(problemOf(await look(first.token)).code).toBe("invitation.withdrawn")
    expect((await look(second.token)).status).toBe(200)
    expect((await call(invitationsApi.list, { token: acme.token })).total).toBe(1)
  })

  it("falls with the rights of who made it", async () => {
    const admin = await newMember(acme, "admin")
    const { invite_url } = await call(membersApi.invite, { token: admin.token, body: inviteDraft() })
    // By hand, so that nothing withdraws it: the acceptance itself must ask.
    await testEnv.CONTROL_DB.prepare("update memberships set role = 'viewer' where identity_id = ?")
      .bind(admin.user)
      .run()
    expect(problemOf(await accept(tokenIn(invite_url))).status).toBe(410)
    expect((await members()).length).toBe(2)
  })

  it("is refused for a member, a role that is none, a wrong address or a life of years", async () => {
    const ofMember = await ask(membersApi.invite, {
      token: acme.token,
      body: { email: acme.email, role: "viewer" },
    })
    expect(problemOf(ofMember)).toEqual({ status: 409, code: "member.exists", paths: ["email"] })
    for (const body of [
      { email: "x", role: "viewer" },
      { email: "a@example.com", role: "owner" },
      { email: "a@example.com", role: "viewer", expires_in_days: 365 },
      { email: "a@example.com", role: "viewer", expires_in_days: 0 },
    ])
      expect(problemOf(await ask(membersApi.invite, { token: acme.token, body })).code).toBe(
        "request.invalid",
      )
  })

  it("brings back who was removed, with the role that is given now", async () => {
    const member = await newMember(acme, "admin")
    await call(membersApi.remove, { token: acme.token, params: { user_id: member.user } })
    const { token } = await invite({ email: member.email, role: "executor" })
    expect((await accept(token)).body.user_id).toBe(member.user)
    const back = (await members()).find((one) => one.id === member.user)
    expect([back?.role, back?.status]).toEqual(["executor", "active"])
  })

  it("[51] opens nothing but itself", async () => {
    const { token } = await invite()
    expect((await ask(authApi.me, { token })).status).toBe(401)
    expect((await ask(authApi.refresh, { body: { refresh_token: token } })).status).toBe(401)
    for (const wrong of [`${token}A`, token.slice(0, -1), token.replace("eci_", "eck_"), "", null, [], {}]) {
      const answered = await ask(authApi.invitation, { body: { token: wrong } })
      expect([wrong, answered.status]).toEqual([wrong, 400])
    }
  })
})
