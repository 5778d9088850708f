import { exports } from "cloudflare:workers"
import { beforeAll, describe, expect, it } from "vitest"
import { adminApi } from "#core/contract/admin"
import { apiKeysApi } from "#core/contract/api-keys"
import { approvalsApi } from "#core/contract/approvals"
import { authApi } from "#core/contract/auth"
import { chatApi } from "#core/contract/chat"
import type { Endpoint } from "#core/contract/endpoint"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { membersApi } from "#core/contract/members"
import { privacyApi } from "#core/contract/privacy"
import { ssoApi } from "#core/contract/sso"
import { formsApi, triggersApi } from "#core/contract/triggers"
import { widgetApi } from "#core/contract/widget"
import { workspaceApi } from "#core/contract/workspace"
import { erasedAt } from "#core/tenant"
import { addressOf, ask, call, fetchText, origin, problemOf, type Answered } from "#test/kit/api"
import { askDeletion, deletedAgo, deleteTenant, liftHolds, restoreTenant, settled } from "#test/kit/deletion"
import { databaseOf } from "#test/kit/dump"
import { newSite } from "#test/kit/principals"
import { restingDraft } from "#test/kit/suspension"
import {
  makePlatformAdmin,
  newKey,
  newMember,
  newTenant,
  password,
  testEnv,
  unique,
  type TestTenant,
} from "#test/kit/tenants"
import { endOf, flowDraft, newQuestion, newWorld, nowhere, webhookDraft } from "#test/kit/world"

const signedOut = { status: 401, code: "auth.invalid" }

let operator: TestTenant
beforeAll(async () => {
  operator = await newTenant("operator")
  await makePlatformAdmin(operator)
})

const others = (of: Answered<unknown>) => {
  const { request_id: _, instance: __, ...said } = (of.body ?? {}) as Record<string, unknown>
  return { status: of.status, ...said }
}

/** A platform admin acts in the name of a tenant's own. */
async function actIn({ id, user }: TestTenant): Promise<string> {
  const body = { user_id: user, tenant_id: id, reason: "They asked for help" }
  return (await call(adminApi.impersonate, { token: operator.token, body })).access_token
}

/** Every way by which somebody could come to something of a tenant, as it is known before its deletion. */
async function waysInto(own: TestTenant) {
  const world = await newWorld(own)
  const key = await newKey(own, "flow.read", "execution.start")
  const site = await newSite(own)
  const { trigger } = await call(triggersApi.create, {
    token: own.token,
    body: webhookDraft(world.flow_id),
  })
  const { invite_url } = await call(membersApi.invite, {
    token: own.token,
    body: { email: `${unique("late")}@example.com`, role: "viewer" },
  })
  const place = { execution_id: world.asking_id }
  const stream = addressOf(executionsApi.stream, { params: place })
  const { ticket } = await call(authApi.ticket, {
    token: own.token,
    body: { resource: new URL(stream).pathname },
  })
  const support = await actIn(own)
  const invitation = invite_url.slice(invite_url.indexOf("eci_"))
  const headers = site.site
  const byTicket = `${stream}?ticket=${ticket}`
  return {
    world,
    signed: [
      () => ask(authApi.me, { token: own.token }),
      () => ask(authApi.refresh, { body: { refresh_token: own.refresh } }),
      () => ask(authApi.logout, { token: own.token }),
      () => ask(flowsApi.list, { token: support }),
      () => ask(flowsApi.list, { token: key }),
      () => ask(flowsApi.create, { token: key, body: flowDraft() }),
      () => ask(widgetApi.begin, { token: site.secret, headers, body: {} }),
      () => ask(widgetApi.messages, { token: site.token, headers }),
      () => fetchText(`${origin}/v1/models`, { headers: { authorization: `Bearer ${key}` } }),
    ],
    ticket: () => fetchText(byTicket),
    /** Each beside the same that leads nowhere. */
    addresses: [
      [
        "a webhook",
        post(`${origin}${trigger.address}`),
        post(`${origin}/hooks/${own.slug}/${"A".repeat(43)}`),
      ],
      [
        "a form",
        to(formsApi.get, { token: world.form_token }),
        to(formsApi.get, { token: `${own.slug}.${"A".repeat(43)}` }),
      ],
      [
        "a link to a question",
        to(approvalsApi.byLink, { token: world.token }),
        to(approvalsApi.byLink, { token: nowhere.token }),
      ],
      [
        "a shared chat",
        to(chatApi.shared, { token: world.share_token }),
        to(chatApi.shared, { token: `${world.share_token.slice(0, -2)}AA` }),
      ],
      [
        "an invitation",
        () => ask(authApi.invitation, { body: { token: invitation } }),
        () => ask(authApi.invitation, { body: { token: `eci_${"A".repeat(43)}` } }),
      ],
      [
        "a provider's sign-in",
        () => ask(ssoApi.start, { body: { tenant_slug: own.slug } }),
        () => ask(ssoApi.start, { body: { tenant_slug: "nobody" } }),
      ],
    ] as const,
  }
}

const to = (endpoint: Endpoint, params: Record<string, string>) => () => ask(endpoint, { params })
const post = (url: string) => () =>
  fetchText(url, { method: "POST", body: "{}", headers: { "content-type": "application/json" } })

describe("a deleted tenant", () => {
  it("[TD1] is gone by every way that leads to it, and whole again once it is restored", async () => {
    const own = await newTenant("leaves")
    const { world, signed, ticket, addresses } = await waysInto(own)
    await liftHolds(own.token)
    const before = await settled(own.id)
    const known = await Promise.all(addresses.slice(1, 4).map(([, way]) => way()))
    expect(known.map(({ status }) => status)).toEqual([200, 200, 200])
    await deleteTenant(operator, own)
    for (const [i, way] of signed.entries()) {
      const answered = await way()
      expect([i, answered.status, answered.text]).toEqual([
        i,
        401,
        expect.stringMatching(/auth.invalid|invalid_api_key/),
      ])
    }
    expect(problemOf(await ticket())).toEqual({ status: 401, code: "ticket.invalid" })
    for (const [name, way, elsewhere] of addresses) {
      const [answered, nothing] = [await way(), await elsewhere()]
      expect([name, others(answered)]).toEqual([name, others(nothing)])
      expect([name, answered.status]).not.toEqual([name, 200])
    }
    expect(await settled(own.id)).toEqual(before)
    expect((await restoreTenant(operator, own)).status).toBe(200)
    expect(await settled(own.id)).toEqual(before)
    expect((await ask(authApi.me, { token: own.token })).status).toBe(200)
    const again = await Promise.all(addresses.slice(1, 4).map(([, way]) => way()))
    expect(again.map(({ text }) => text)).toEqual(known.map(({ text }) => text))
    const params = { execution_id: world.asking_id, approval_id: world.approval_id }
    await call(approvalsApi.answer, { token: own.token, params, body: { button: "yes" } })
  })

  it("[TD2] is not offered at the sign-in, which says why where there is nothing else", async () => {
    const own = await newTenant("only")
    const both = await newMember(own, "viewer")
    const other = await newTenant("stays")
    await testEnv.CONTROL_DB.prepare(
      "insert into memberships (identity_id, tenant_id, role, created_at) values (?, ?, 'viewer', ?)",
    )
      .bind(both.user, other.id, new Date().toISOString())
      .run()
    await deleteTenant(operator, own)
    const { tenant } = await call(adminApi.tenant, { token: operator.token, params: { tenant_id: own.id } })
    expect(tenant).toMatchObject({
      status: "deleted",
      status_reason: "The contract ended in August",
      status_by: { id: operator.user, email: operator.email },
      erased_at: erasedAt(tenant.status_at!),
    })
    for (const body of [{}, { tenant_slug: own.slug }]) {
      const refused = await ask(authApi.login, { body: { email: own.email, password, ...body } })
      expect(problemOf(refused)).toEqual({ status: 403, code: "tenant.deleted" })
      expect(refused.body).toMatchObject({
        detail: expect.stringContaining(
          `can be restored until ${tenant.erased_at!.slice(0, 10)}. Ask ${operator.email}.`,
        ),
        erased_at: tenant.erased_at,
        contact: operator.email,
      })
    }
    const wrong = await ask(authApi.login, { body: { email: own.email, password: "wrong-kite-77-sky" } })
    expect(problemOf(wrong)).toEqual({ status: 401, code: "auth.bad_credentials" })
    const signed = await call(authApi.login, { body: { email: both.email, password } })
    const me = await call(authApi.me, { token: signed.access_token })
    expect([me.tenant.id, me.tenants.map(({ id }) => id)]).toEqual([other.id, [other.id]])
    const back = await ask(authApi.switch, { token: signed.access_token, body: { tenant_id: own.id } })
    expect(problemOf(back)).toEqual({ status: 404, code: "tenant.not_found" })
    const taken = await ask(authApi.register, {
      body: { email: other.email, password, tenant_name: "Again", tenant_slug: own.slug },
    })
    expect(problemOf(taken)).toEqual({ status: 409, code: "tenant.slug_taken" })
  })

  it("[TD3] ends within 5 s what is open, and pauses what goes on until it is restored", async () => {
    const own = await newTenant("open")
    const { flow } = await call(flowsApi.create, { token: own.token, body: restingDraft() })
    await call(flowsApi.publish, { token: own.token, params: { flow_id: flow.id } })
    const question = await newQuestion(own.token)
    const params = { execution_id: question.execution_id }
    const response = await exports.default.fetch(
      new Request(addressOf(executionsApi.stream, { params }), {
        headers: { authorization: `Bearer ${own.token}`, upgrade: "websocket", origin },
      }),
    )
    const socket = response.webSocket!
    const closed = new Promise<number>((resolve) =>
      socket.addEventListener("close", ({ code }) => resolve(code)),
    )
    socket.accept()
    const begun = await ask(executionsApi.execute, {
      token: own.token,
      params: { flow_id: flow.id },
      body: { inputs: { name: "Ada" } },
    })
    expect(begun.status).toBe(202)
    const at = Date.now()
    await deleteTenant(operator, own)
    expect([await closed, Date.now() - at < 5_500]).toEqual([4403, true])
    const lines = await (
      await databaseOf(own.id)
    )
      .prepare("select finished_at from executions where id = ?")
      .bind(begun.body.execution_id)
      .first<{ finished_at: string | null }>()
    expect(lines?.finished_at ?? null).toBeNull()
    await restoreTenant(operator, own)
    expect((await endOf(own.token, begun.body.execution_id)).status).toBe("succeeded")
  })

  it("[TD4] is deleted by its slug alone, by platform admins alone, and not by one who is signed in to it", async () => {
    const own = await newTenant("whole")
    const params = { tenant_id: own.id }
    for (const confirm of ["", `${own.slug}x`, own.slug.toUpperCase(), own.id]) {
      const refused = await askDeletion(operator, own, confirm)
      expect([confirm, problemOf(refused)]).toEqual([
        confirm,
        { status: 400, code: "request.invalid", paths: ["confirm"] },
      ])
    }
    const bare = await ask(adminApi.updateTenant, {
      token: operator.token,
      params,
      body: { status: "deleted", reason: "The contract ended in August" },
    })
    expect(problemOf(bare)).toEqual({ status: 400, code: "request.invalid", paths: ["confirm"] })
    expect(problemOf(await askDeletion(own, own))).toEqual({ status: 403, code: "access.denied" })
    expect(problemOf(await askDeletion(operator, operator))).toEqual({ status: 409, code: "tenant.own" })
    const { hold } = await call(privacyApi.hold, {
      token: own.token,
      body: { target: "workspace", reason: "A dispute" },
    })
    expect(problemOf(await askDeletion(operator, own))).toEqual({ status: 409, code: "privacy.held" })
    expect((await ask(authApi.me, { token: own.token })).status).toBe(200)
    await call(privacyApi.lift, { token: own.token, params: { hold_id: hold.id } })
    await deleteTenant(operator, own)
    await deleteTenant(operator, own)
    const listed = await call(adminApi.tenants, {
      token: operator.token,
      query: { status: "deleted", search: own.id },
    })
    expect(listed.tenants.map(({ id }) => id)).toEqual([own.id])
    const active = await call(adminApi.tenants, {
      token: operator.token,
      query: { status: "active", search: own.id },
    })
    expect(active.total).toBe(0)
    const acted = await ask(adminApi.impersonate, {
      token: operator.token,
      body: { user_id: own.user, tenant_id: own.id, reason: "Ticket 4711: look" },
    })
    expect(problemOf(acted)).toEqual({ status: 403, code: "tenant.deleted" })
  })

  it("[TD5] cannot be restored once its erasure has begun", async () => {
    const own = await newTenant("late")
    const support = await actIn(own)
    await deleteTenant(operator, own)
    await deletedAgo(own.id, 31)
    await testEnv.CONTROL_DB.prepare("update tenants set status = 'erasing' where id = ?").bind(own.id).run()
    expect(problemOf(await restoreTenant(operator, own))).toEqual({ status: 410, code: "tenant.erased" })
    const refused = await ask(authApi.login, { body: { email: own.email, password } })
    expect(problemOf(refused)).toEqual({ status: 404, code: "tenant.not_found" })
    expect(problemOf(await ask(apiKeysApi.list, { token: own.token }))).toEqual(signedOut)
    // Nor does support come in, or stay.
    expect(problemOf(await ask(flowsApi.list, { token: support }))).toEqual(signedOut)
    const body = { user_id: own.user, tenant_id: own.id, reason: "They asked for help" }
    const acted = await ask(adminApi.impersonate, { token: operator.token, body })
    expect(problemOf(acted)).toEqual({ status: 410, code: "tenant.erased" })
  })
})

describe("a workspace that its own admin deletes", () => {
  const wish = (token: string, confirm: string) => ask(workspaceApi.remove, { token, body: { confirm } })

  it("[TD6] is gone as any other, and a platform admin's to restore", async () => {
    const own = await newTenant("self")
    const editor = await newMember(own, "editor")
    const key = await newKey(own, "workspace.edit")
    expect(problemOf(await wish(own.token, "something else"))).toEqual({
      status: 400,
      code: "request.invalid",
      paths: ["confirm"],
    })
    expect(problemOf(await wish(editor.token, own.slug))).toEqual({ status: 403, code: "access.denied" })
    expect(problemOf(await wish(key, own.slug))).toEqual({ status: 403, code: "access.denied" })
    const done = await wish(own.token, own.slug)
    expect(done.status).toBe(200)
    expect(problemOf(await ask(authApi.me, { token: own.token }))).toEqual(signedOut)
    const refused = await ask(authApi.login, { body: { email: own.email, password } })
    expect(refused.body).toMatchObject({
      code: "tenant.deleted",
      detail: expect.stringContaining("Ask whoever runs this installation"),
      erased_at: done.body.erased_at,
    })
    const { tenant } = await call(adminApi.tenant, { token: operator.token, params: { tenant_id: own.id } })
    expect(tenant).toMatchObject({
      status: "deleted",
      status_by: { id: own.user },
      erased_at: done.body.erased_at,
    })
    expect((await restoreTenant(operator, own)).status).toBe(200)
    expect((await ask(authApi.me, { token: own.token })).status).toBe(200)
  })

  it("[TD7] stays where no platform admin could sign in any more", async () => {
    await testEnv.CONTROL_DB.prepare("update identities set is_platform_admin = 0 where id <> ?")
      .bind(operator.user)
      .run()
    expect(problemOf(await wish(operator.token, operator.slug))).toEqual({
      status: 409,
      code: "tenant.only_way",
    })
  })
})
