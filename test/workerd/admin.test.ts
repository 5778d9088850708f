import { afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { adminApi } from "#core/contract/admin"
import { allEndpoints } from "#core/contract/all"
import { auditApi } from "#core/contract/audit"
import { authApi } from "#core/contract/auth"
import { chatApi } from "#core/contract/chat"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { workspaceApi } from "#core/contract/workspace"
import { FlowId, type ImpersonationId, type TenantId, type UserId } from "#core/ids"
import { ask, call, problemOf } from "#test/kit/api"
import { makePlatformAdmin, newKey, newMember, newTenant, password, type TestTenant } from "#test/kit/tenants"
import { flowDraft, guarded, nameOf, nowhere } from "#test/kit/world"

const reason = "Ticket 4711: the flow does not start"

let operator: TestTenant
let tenant: TestTenant
let flow_id: string
beforeAll(async () => {
  operator = await newTenant("operator")
  await makePlatformAdmin(operator)
  tenant = await newTenant()
  flow_id = (await call(flowsApi.create, { token: tenant.token, body: flowDraft() })).flow.id
})

afterEach(() => {
  vi.useRealTimers()
})

type Whom = { user: UserId; may_write?: boolean; by?: TestTenant; in?: TenantId }

const impersonate = ({ user, may_write = false, by = operator, in: where = tenant.id }: Whom) =>
  ask(adminApi.impersonate, {
    token: by.token,
    body: { user_id: user, tenant_id: where, reason, may_write },
  })

async function begun(whom: Whom) {
  const answered = await impersonate(whom)
  expect([answered.status, answered.text]).toEqual([201, expect.any(String)])
  return answered.body as { access_token: string; impersonation: { id: ImpersonationId } }
}

/** What a tenant's log says of some actions, the oldest first, once so many are told there. */
const logged = (of: TestTenant, actions: readonly string[], most = 1) =>
  vi.waitFor(
    async () => {
      const { entries } = await call(auditApi.list, { token: of.token, query: { limit: 200 } })
      const found = entries.filter(({ action }) => actions.includes(action)).toReversed()
      expect(found.length).toBeGreaterThanOrEqual(most)
      return found
    },
    { timeout: 10_000, interval: 100 },
  )

describe("the admin panel", () => {
  it("is closed to everybody but platform admins in their own name", async () => {
    const key = await newKey(operator, "flow.read", "workspace.edit")
    const routes = allEndpoints.filter(({ needs }) => needs === "platform")
    expect(routes.length).toBe(Object.keys(adminApi).length)
    for (const endpoint of routes) {
      for (const token of [tenant.token, key]) {
        const answered = await ask(endpoint, { token, params: nowhere })
        expect([nameOf(endpoint), problemOf(answered)]).toEqual([
          nameOf(endpoint),
          { status: 403, code: "access.denied" },
        ])
      }
    }
  })

  it("lists tenants with what they use, and finds them", async () => {
    const { tenants, total } = await call(adminApi.tenants, { token: operator.token, query: { limit: 50 } })
    expect(total).toBeGreaterThanOrEqual(2)
    expect(tenants.find(({ id }) => id === tenant.id)).toMatchObject({
      slug: tenant.slug,
      status: "active",
      support_access: "read",
      slot: expect.stringMatching(/^TENANT_DB_\d+$/),
      members: 1,
      api_keys: 0,
      usage: { flows: 1, executions_today: 0, executions_open: 0, cost_micros_30_days: 0 },
    })
    expect(tenants.find(({ id }) => id === tenant.id)!.usage!.bytes).toBeGreaterThan(4_096)
    for (const search of [tenant.slug, tenant.slug.toUpperCase(), tenant.id]) {
      const found = await call(adminApi.tenants, { token: operator.token, query: { search } })
      expect([search, found.tenants.map(({ id }) => id)]).toEqual([search, [tenant.id]])
    }
    const none = await call(adminApi.tenants, { token: operator.token, query: { status: "suspended" } })
    expect(none).toMatchObject({ tenants: [], total: 0 })
  })

  it("has a state that is changed with a reason, which stands in the tenant's log", async () => {
    const other = await newTenant("late")
    const params = { tenant_id: other.id }
    const wrong = await ask(adminApi.updateTenant, {
      token: operator.token,
      params,
      body: { status: "suspended", reason: "because" },
    })
    expect(problemOf(wrong)).toEqual({ status: 400, code: "request.invalid", paths: ["reason"] })
    const body = { status: "suspended", reason: "The invoice of August is open" } as const
    const { tenant: stopped } = await call(adminApi.updateTenant, { token: operator.token, params, body })
    expect(stopped.status).toBe("suspended")
    const again = await call(adminApi.updateTenant, { token: operator.token, params, body })
    expect(again.tenant.status).toBe("suspended")
    await call(adminApi.updateTenant, {
      token: operator.token,
      params,
      body: { status: "active", reason: "The invoice has been paid" },
    })
    const said = await logged(other, ["tenant.suspend", "tenant.activate"], 2)
    expect(said.map(({ actor, action }) => [actor, action])).toEqual([
      [operator.user, "tenant.suspend"],
      [operator.user, "tenant.activate"],
    ])
    expect(JSON.stringify(said[0]!.detail)).toContain("invoice of August")
  })

  it("knows everybody and their tenants, and keeps one platform admin", async () => {
    const { users } = await call(adminApi.users, { token: operator.token, query: { search: tenant.email } })
    expect(users).toMatchObject([
      {
        id: tenant.user,
        is_platform_admin: false,
        tenants: [{ id: tenant.id, role: "admin", status: "active" }],
      },
    ])
    const make = (user_id: UserId, is_platform_admin: boolean) =>
      ask(adminApi.updateUser, { token: operator.token, params: { user_id }, body: { is_platform_admin } })
    expect(problemOf(await make(operator.user, false))).toEqual({
      status: 409,
      code: "admin.last_platform_admin",
    })
    expect(problemOf(await make(`user_${"0".repeat(26)}`, true))).toEqual({
      status: 404,
      code: "member.not_found",
    })
    const second = await newMember(tenant, "viewer")
    expect((await make(second.user, true)).body).toMatchObject({ user: { is_platform_admin: true } })
    expect((await ask(adminApi.slots, { token: second.token })).status).toBe(200)
    const admins = await call(adminApi.users, { token: operator.token, query: { platform_admins: "true" } })
    expect(admins.users.map(({ id }) => id).toSorted()).toEqual([operator.user, second.user].toSorted())
    expect((await make(second.user, false)).status).toBe(200)
    expect((await ask(adminApi.slots, { token: second.token })).status).toBe(403)
  })

  it("shows the databases, the checks and the queues", async () => {
    const { slots, free, total } = await call(adminApi.slots, { token: operator.token })
    expect(slots.length).toBe(total)
    const own = slots.find((one) => one.tenant?.id === tenant.id)
    expect(own).toMatchObject({ is_current: true, is_bound: true })
    expect(free).toBe(slots.filter((one) => one.tenant === null).length)
    const { checks, queues } = await call(adminApi.health, { token: operator.token })
    expect(checks.map(({ name }) => name).toSorted()).toEqual([
      "control_database",
      "sandbox",
      "slots",
      "tenant_databases",
    ])
    expect(checks.find(({ name }) => name === "tenant_databases")).toMatchObject({ status: "ok" })
    expect(queues.find((one) => one.tenant.id === tenant.id)).toMatchObject({ queued: 0, running: 0 })
  })

  it("switches features off for everybody, and on again", async () => {
    const set = (is_on: boolean) =>
      call(adminApi.setSwitch, { token: operator.token, params: { name: "registration" }, body: { is_on } })
    const { switches } = await set(false)
    expect(switches.find(({ name }) => name === "registration")).toMatchObject({
      is_on: false,
      updated_by: operator.user,
    })
    const refused = await ask(authApi.register, {
      body: { email: "late@example.com", password, tenant_name: "Late", tenant_slug: "too-late" },
    })
    expect(problemOf(refused)).toEqual({ status: 403, code: "feature.off" })
    await set(true)
    expect((await newTenant("again")).id).toMatch(/^tenant_/)
  })
})

describe("acting in somebody's name", () => {
  it("shows what that person sees, and says so", async () => {
    const editor = await newMember(tenant, "editor")
    const { access_token: token, impersonation } = await begun({ user: editor.user })
    const me = await call(authApi.me, { token })
    expect(me).toMatchObject({
      user: { id: editor.user },
      tenant: { id: tenant.id },
      is_platform_admin: false,
      support: { admin: { id: operator.user }, impersonation_id: impersonation.id, reason, may_write: false },
    })
    expect(Date.parse(me.support!.expires_at) - Date.now()).toBeLessThanOrEqual(30 * 60_000)
    expect(me.capabilities.every((one) => one.endsWith(".read"))).toBe(true)
    expect((await call(flowsApi.list, { token })).total).toBe(1)
  })

  it("reads and nothing else: no route that writes, no export, no secret, no second hop", async () => {
    const { access_token: token } = await begun({ user: tenant.user })
    for (const endpoint of guarded) {
      const { status } = await ask(endpoint, {
        token,
        params: { ...nowhere, flow_id },
        ...(endpoint.method === "GET" || endpoint.method === "DELETE" ? {} : { body: { no_such_field: 1 } }),
      })
      const isOwn = ["session", "member", "platform"].includes(endpoint.needs)
      const may = isOwn
        ? endpoint.support === "allowed"
        : endpoint.needs.endsWith(".read") && endpoint.support !== "withheld"
      expect([nameOf(endpoint), status !== 403]).toEqual([nameOf(endpoint), may])
    }
    // What takes data away by its name is withheld by the contract.
    const exports = allEndpoints.filter(({ path }) => path.endsWith("/export"))
    expect(exports.length).toBeGreaterThan(3)
    for (const endpoint of exports)
      expect([nameOf(endpoint), endpoint.support]).toEqual([nameOf(endpoint), "withheld"])
  })

  it("changes the work itself where the tenant lets support do so, and neither people nor keys nor secrets", async () => {
    const refused = await impersonate({ user: tenant.user, may_write: true })
    expect(problemOf(refused)).toEqual({ status: 403, code: "tenant.no_support" })
    await call(workspaceApi.update, { token: tenant.token, body: { support_access: "write" } })
    const { access_token: token } = await begun({ user: tenant.user, may_write: true })
    const made = await call(flowsApi.create, { token, body: flowDraft() })
    for (const endpoint of guarded.filter(({ needs }) =>
      ["key.edit", "credential.edit", "provider.edit", "user.edit", "workspace.edit"].includes(needs),
    )) {
      const body = endpoint.method === "GET" || endpoint.method === "DELETE" ? {} : { body: {} }
      const { status } = await ask(endpoint, { token, params: nowhere, ...body })
      expect([nameOf(endpoint), status]).toEqual([nameOf(endpoint), 403])
    }
    // Letting less in ends what is open.
    await call(workspaceApi.update, { token: tenant.token, body: { support_access: "read" } })
    expect((await ask(flowsApi.list, { token })).status).toBe(401)
    await call(flowsApi.remove, { token: tenant.token, params: { flow_id: made.flow.id } })
    await call(workspaceApi.update, { token: tenant.token, body: { support_access: "none" } })
    expect(problemOf(await impersonate({ user: tenant.user }))).toEqual({
      status: 403,
      code: "tenant.no_support",
    })
    await call(workspaceApi.update, { token: tenant.token, body: { support_access: "read" } })
  })

  it("[A47] has what it starts, stops and says in the log by both names, and nobody else's", async () => {
    const own = await newTenant()
    await call(workspaceApi.update, { token: own.token, body: { support_access: "write" } })
    const { access_token: token } = await begun({ user: own.user, in: own.id, may_write: true })
    const { flow } = await call(flowsApi.create, { token: own.token, body: flowDraft() })
    const params = { flow_id: flow.id }
    await call(flowsApi.publish, { token: own.token, params })
    const input = { params, body: { inputs: { name: "Ada" } } }
    const { body } = await ask(executionsApi.execute, { token, ...input })
    const execution_id = (body as { execution_id: string }).execution_id
    expect((await ask(executionsApi.execute, { token: own.token, ...input })).status).toBe(202)
    await ask(executionsApi.cancel, { token, params: { execution_id } })
    const { session } = await call(chatApi.create, { token, body: { flow_id: FlowId.parse(flow.id) } })
    const said = { params: { chat_id: session.id }, body: { content: "Ada" } }
    expect((await ask(chatApi.send, { token, ...said })).status).toBe(202)
    expect((await ask(flowsApi.list, { token })).status).toBe(200)
    const told = await logged(own, ["support.change"], 4)
    expect(told.map(({ actor, target, detail }) => [actor, target, detail])).toEqual(
      [
        ["POST /flows/:flow_id/execute", params],
        ["POST /executions/:execution_id/cancel", { execution_id }],
        ["POST /chat/sessions", {}],
        ["POST /chat/sessions/:chat_id/messages", { chat_id: session.id }],
      ].map(([target, after]) => [
        own.user,
        target,
        expect.objectContaining({ after, impersonated_by: operator.user }),
      ]),
    )
  })

  it("is refused for platform admins, strangers and those who left", async () => {
    const second = await newMember(tenant, "viewer")
    await makePlatformAdmin(second)
    expect((await impersonate({ user: second.user })).status).toBe(403)
    expect((await impersonate({ user: operator.user, in: operator.id })).status).toBe(403)
    expect(problemOf(await impersonate({ user: operator.user }))).toEqual({
      status: 404,
      code: "member.not_found",
    })
    await call(adminApi.updateUser, {
      token: operator.token,
      params: { user_id: second.user },
      body: { is_platform_admin: false },
    })
  })

  it("lasts half an hour, and as long as the platform admin is one", async () => {
    const deputy = await newTenant("deputy")
    await makePlatformAdmin(deputy)
    const first = await begun({ user: tenant.user, by: deputy })
    const renewed = await call(adminApi.renewImpersonation, {
      token: deputy.token,
      params: { impersonation_id: first.impersonation.id },
    })
    expect((await ask(flowsApi.list, { token: renewed.access_token })).status).toBe(200)
    const foreign = await ask(adminApi.renewImpersonation, {
      token: operator.token,
      params: { impersonation_id: first.impersonation.id },
    })
    expect(problemOf(foreign)).toEqual({ status: 404, code: "impersonation.not_found" })
    await call(adminApi.updateUser, {
      token: operator.token,
      params: { user_id: deputy.user },
      body: { is_platform_admin: false },
    })
    expect((await ask(flowsApi.list, { token: renewed.access_token })).status).toBe(401)

    const second = await begun({ user: tenant.user })
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 9 * 60_000 })
    expect((await ask(flowsApi.list, { token: second.access_token })).status).toBe(200)
    vi.setSystemTime(Date.now() + 22 * 60_000)
    const late = await ask(adminApi.renewImpersonation, {
      token: operator.token,
      params: { impersonation_id: second.impersonation.id },
    })
    // The operator's own token has run out as well by now.
    expect(late.status).toBe(401)
    expect((await ask(flowsApi.list, { token: second.access_token })).status).toBe(401)
  })

  it("ends when it is ended, and both names are in the log", async () => {
    const { access_token: token, impersonation } = await begun({ user: tenant.user })
    await call(authApi.logout, { token })
    expect((await ask(flowsApi.list, { token })).status).toBe(401)
    const { impersonations } = await call(adminApi.impersonations, { token: operator.token })
    expect(impersonations.find(({ id }) => id === impersonation.id)).toMatchObject({
      admin: { id: operator.user },
      user: { id: tenant.user },
      tenant: { id: tenant.id },
      reason,
      ended_at: expect.any(String),
    })
    const begins = await logged(tenant, ["user.impersonate"])
    expect(begins.find(({ detail }) => JSON.stringify(detail).includes(impersonation.id))).toMatchObject({
      actor: operator.user,
      target: tenant.user,
    })
    const ends = await logged(tenant, ["session.end"])
    expect(ends.find(({ detail }) => JSON.stringify(detail).includes(operator.user))).toMatchObject({
      actor: tenant.user,
    })
  })
})
