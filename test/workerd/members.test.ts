import { beforeEach, describe, expect, it } from "vitest"
import { allCapabilities } from "#core/access/capabilities"
import { apiKeysApi } from "#core/contract/api-keys"
import { authApi } from "#core/contract/auth"
import { flowsApi } from "#core/contract/flows"
import { invitationsApi, membersApi } from "#core/contract/members"
import { ask, call, problemOf } from "#test/kit/api"
import { dumpControl } from "#test/kit/dump"
import { newKey, newMember, newTenant, password, testEnv, type TestTenant } from "#test/kit/tenants"
import { inviteDraft } from "#test/kit/world-people"

let acme: TestTenant
beforeEach(async () => {
  acme = await newTenant()
})

type Body = { role?: string; status?: string }
const update = (token: string, user_id: string, body: Body) =>
  ask(membersApi.update, { token, params: { user_id }, body })
const remove = (token: string, user_id: string) => ask(membersApi.remove, { token, params: { user_id } })
const auditOf = async (target: string) => {
  const { audit_entries: entries = [] } = await dumpControl()
  return entries.filter((one) => one["target"] === target).map((one) => one["action"])
}

describe("the members of a tenant", () => {
  it("are listed with role, state and when they were last here; searched, filtered and sorted", async () => {
    const viewer = await newMember(acme, "viewer")
    const editor = await newMember(acme, "editor")
    const list = async (query: Record<string, string>) =>
      (await call(membersApi.list, { token: acme.token, query })).users.map((one) => one.id)
    expect((await list({ sort: "role" })).at(0)).toBe(acme.user)
    expect(await list({ role: "viewer" })).toEqual([viewer.user])
    expect(await list({ search: editor.email.toUpperCase() })).toEqual([editor.user])
    expect(await list({ status: "disabled" })).toEqual([])
    const { user } = await call(membersApi.get, { token: acme.token, params: { user_id: viewer.user } })
    expect(user).toMatchObject({ email: viewer.email, role: "viewer", status: "active" })
    expect(Date.parse(user.last_seen_at ?? "")).toBeGreaterThan(Date.now() - 60_000)
    const page = await call(membersApi.list, { token: acme.token, query: { limit: 2, sort: "email" } })
    expect([page.users.length, page.total, page.page_info.has_next]).toEqual([2, 3, true])
  })

  it("change roles, at once for what their sessions and keys may do", async () => {
    const member = await newMember(acme, "editor")
    const key = await newKey({ ...acme, token: (await newMember(acme, "admin")).token }, "flow.edit")
    const wider = await update(acme.token, member.user, { role: "admin" })
    expect([wider.status, wider.body.user.role]).toEqual([200, "admin"])
    // Whoever gains stays signed in, and may at once.
    expect((await ask(membersApi.list, { token: member.token })).status).toBe(200)
    expect((await update(acme.token, member.user, { role: "viewer" })).status).toBe(200)
    // Whoever loses signs in anew.
    expect((await ask(flowsApi.list, { token: member.token })).status).toBe(401)
    expect(problemOf(await ask(authApi.refresh, { body: { refresh_token: member.refresh } })).status).toBe(
      401,
    )
    const again = await call(authApi.login, { body: { email: member.email, password } })
    const me = await call(authApi.me, { token: again.access_token })
    expect(me.role).toBe("viewer")
    expect(await auditOf(member.user)).toEqual(["member.update", "member.update"])
    expect((await ask(flowsApi.create, { token: key, body: { name: "By a key" } })).status).toBe(201)
  })

  it("who are disabled are out everywhere here until they are enabled", async () => {
    const member = await newMember(acme, "admin")
    const key = await newKey({ ...acme, token: member.token }, "flow.read")
    expect((await update(acme.token, member.user, { status: "disabled" })).body.user.status).toBe("disabled")
    expect((await ask(flowsApi.list, { token: member.token })).status).toBe(401)
    expect((await ask(flowsApi.list, { token: key })).status).toBe(401)
    expect((await ask(authApi.refresh, { body: { refresh_token: member.refresh } })).status).toBe(401)
    const signIn = () => ask(authApi.login, { body: { email: member.email, password } })
    expect(problemOf(await signIn())).toEqual({ status: 404, code: "tenant.not_found" })
    expect((await update(acme.token, member.user, { status: "active" })).status).toBe(200)
    expect((await signIn()).status).toBe(200)
    // The old session does not come back; the key, which is theirs, does.
    expect((await ask(flowsApi.list, { token: member.token })).status).toBe(401)
    expect((await ask(flowsApi.list, { token: key })).status).toBe(200)
  })

  it("who are removed lose sessions, keys and invitations, and are listed no more", async () => {
    const member = await newMember(acme, "admin")
    const key = await newKey({ ...acme, token: member.token }, "flow.read")
    const { invitation } = await call(membersApi.invite, { token: member.token, body: inviteDraft() })
    expect((await remove(acme.token, member.user)).status).toBe(204)
    expect((await ask(flowsApi.list, { token: member.token })).status).toBe(401)
    expect((await ask(flowsApi.list, { token: key })).status).toBe(401)
    const { users } = await call(membersApi.list, { token: acme.token })
    expect(users.map((one) => one.id)).toEqual([acme.user])
    const { invitations } = await call(invitationsApi.list, { token: acme.token })
    expect(invitations.map((one) => one.id)).not.toContain(invitation.id)
    const { api_keys } = await call(apiKeysApi.list, { token: acme.token })
    expect(api_keys).toEqual([])
    expect(problemOf(await remove(acme.token, member.user))).toEqual({
      status: 404,
      code: "member.not_found",
    })
    expect(await auditOf(member.user)).toEqual(["member.remove"])
  })
})

describe("the last admin", () => {
  it("can neither go nor become less", async () => {
    const { user, token } = acme
    await newMember(acme, "editor")
    for (const body of [{ role: "viewer" }, { status: "disabled" }, { role: "editor", status: "disabled" }]) {
      expect(problemOf(await update(token, user, body))).toEqual({ status: 409, code: "member.last_admin" })
    }
    expect(problemOf(await remove(token, user))).toEqual({ status: 409, code: "member.last_admin" })
    const other = await newMember(acme, "admin")
    expect((await update(token, other.user, { status: "disabled" })).status).toBe(200)
    expect(problemOf(await remove(token, user)).code).toBe("member.last_admin")
  })

  it("[11] stays, whoever of many is faster: admins who all remove each other leave one", async () => {
    const admins = [acme, ...(await Promise.all([1, 2, 3].map(() => newMember(acme, "admin"))))]
    const acts = admins.flatMap((by) =>
      admins.filter((one) => one !== by).map((one) => remove(by.token, one.user)),
    )
    const statuses = (await Promise.all(acts)).map((one) => one.status)
    expect(statuses.every((one) => [204, 401, 403, 404, 409, 412].includes(one))).toBe(true)
    const { results } = await testEnv.CONTROL_DB.prepare(
      "select identity_id from memberships where tenant_id = ? and role = 'admin' and status = 'active'",
    )
      .bind(acme.id)
      .all()
    expect(results).toHaveLength(1)
    expect(statuses.filter((one) => one === 204)).toHaveLength(3)
  })

  it("stays when two admins step down at once", async () => {
    const other = await newMember(acme, "admin")
    const both = await Promise.all([
      update(acme.token, acme.user, { role: "viewer" }),
      update(other.token, other.user, { role: "viewer" }),
    ])
    expect(both.map((one) => one.status).toSorted((a, b) => a - b)).toEqual([200, 409])
  })
})

describe("nobody gives more than they have", () => {
  it("neither by a key whose scopes are fewer than the role's", async () => {
    const member = await newMember(acme, "viewer")
    const key = await newKey(acme, "user.edit", "user.read")
    for (const answered of [
      await update(key, member.user, { role: "admin" }),
      await update(key, acme.user, { role: "viewer" }),
      await remove(key, acme.user),
      await ask(membersApi.invite, { token: key, body: { ...inviteDraft(), role: "admin" } }),
    ])
      expect(problemOf(answered)).toEqual({ status: 403, code: "member.beyond_you" })
    const whole = await newKey(acme, ...allCapabilities)
    expect((await update(whole, member.user, { role: "editor" })).status).toBe(200)
  })

  it("nor by the word of somebody who is no admin any more", async () => {
    const other = await newMember(acme, "admin")
    const third = await newMember(acme, "viewer")
    await testEnv.CONTROL_DB.prepare("update memberships set role = 'viewer' where identity_id = ?")
      .bind(other.user)
      .run()
    // The isolate remembers them as an admin for some seconds; the statement asks the database.
    await ask(membersApi.list, { token: other.token })
    const answered = await update(other.token, third.user, { role: "admin" })
    expect([403, 412]).toContain(answered.status)
    const { user } = await call(membersApi.get, { token: acme.token, params: { user_id: third.user } })
    expect(user.role).toBe("viewer")
  })

  it("and a change of nothing is refused, an unknown role or state too", async () => {
    const member = await newMember(acme, "viewer")
    for (const body of [{}, { role: "owner" }, { status: "removed" }, { status: null }]) {
      const answered = await update(acme.token, member.user, body as Body)
      expect([body, problemOf(answered).code]).toEqual([body, "request.invalid"])
    }
  })
})
