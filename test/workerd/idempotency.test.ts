import { afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { apiKeysApi } from "#core/contract/api-keys"
import { approvalsApi } from "#core/contract/approvals"
import { auditWebhookApi } from "#core/contract/audit-webhook"
import { authApi } from "#core/contract/auth"
import { budgetsApi } from "#core/contract/budgets"
import type { Endpoint } from "#core/contract/endpoint"
import { flowsApi } from "#core/contract/flows"
import { triggersApi } from "#core/contract/triggers"
import { ask, call, problemOf, type Ask } from "#test/kit/api"
import { askingDraft } from "#test/kit/asking"
import { databaseOf, dump, dumpControl } from "#test/kit/dump"
import { newMember, newTenant, password, unique, type TestTenant } from "#test/kit/tenants"
import { flowDraft, newQuestion } from "#test/kit/world"

let tenant: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
})
afterEach(() => {
  vi.useRealTimers()
})

const create = (key: string, body = flowDraft("Same"), token = tenant.token) =>
  ask(flowsApi.create, { token, body, headers: { "idempotency-key": key } })
const named = async (name: string) =>
  (await call(flowsApi.list, { token: tenant.token, query: { search: name, limit: 200 } })).total

describe("an Idempotency-Key", () => {
  it("gives the stored answer again, and the effect once", async () => {
    const [key, draft] = [unique("key"), flowDraft(unique("once"))]
    const first = await create(key, draft)
    const second = await create(key, draft)
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.body).toEqual(first.body)
    expect(second.headers.get("etag")).toBe('"v1"')
    expect([first.headers.get("idempotency-replayed"), second.headers.get("idempotency-replayed")]).toEqual([
      null,
      "true",
    ])
    expect(await named(draft.name)).toBe(1)
  })

  it("[26] has one effect when twenty use it at once", async () => {
    const [key, draft] = [unique("key"), flowDraft(unique("parallel"))]
    const all = await Promise.all(Array.from({ length: 20 }, () => create(key, draft)))
    for (const one of all) {
      expect([201, 409]).toContain(one.status)
      if (one.status === 409) expect(problemOf(one).code).toBe("idempotency.in_flight")
    }
    expect(new Set(all.filter((one) => one.status === 201).map((one) => one.body.flow.id)).size).toBe(1)
    expect(await named(draft.name)).toBe(1)
  })

  it("[26] is refused with another body, and on another path", async () => {
    const key = unique("key")
    const { body } = await create(key)
    const other = await create(key, flowDraft("Another"))
    expect(problemOf(other)).toEqual({ status: 422, code: "idempotency.mismatch" })
    const headers = { "idempotency-key": unique("key") }
    const publish = (flow_id: string) =>
      ask(flowsApi.publish, { token: tenant.token, params: { flow_id }, headers })
    expect((await publish(body.flow.id)).status).toBe(200)
    const { flow } = await call(flowsApi.create, { token: tenant.token, body: flowDraft() })
    expect(problemOf(await publish(flow.id)).code).toBe("idempotency.mismatch")
    expect((await publish(body.flow.id)).body).toEqual({ version: 1 })
  })

  it("belongs to one person and one route", async () => {
    const key = unique("key")
    const editor = await newMember(tenant, "editor")
    const [mine, theirs] = [await create(key), await create(key, flowDraft("Same"), editor.token)]
    expect(theirs.status).toBe(201)
    expect(theirs.body.flow.id).not.toBe(mine.body.flow.id)
    const content = { format: "edgecrew.flow", format_version: 1, flow: { name: "x" } }
    const imported = await ask(flowsApi.import, {
      token: tenant.token,
      body: { content },
      headers: { "idempotency-key": key },
    })
    expect(imported.status).toBe(201)
  })

  it("is free again after a refusal", async () => {
    const key = unique("key")
    const { flow } = await call(flowsApi.create, { token: tenant.token, body: flowDraft() })
    const save = (version: string) =>
      ask(flowsApi.update, {
        token: tenant.token,
        params: { flow_id: flow.id },
        body: flowDraft("Saved"),
        headers: { "idempotency-key": key, "if-match": version },
      })
    expect((await save('"v9"')).status).toBe(412)
    const saved = await save('"v1"')
    expect(saved.status).toBe(200)
    expect(await save('"v1"')).toMatchObject({ status: 200, body: saved.body })
  })

  it("works for what answers nothing", async () => {
    const { flow } = await call(flowsApi.create, { token: tenant.token, body: flowDraft() })
    const remove = () =>
      ask(flowsApi.remove, {
        token: tenant.token,
        params: { flow_id: flow.id },
        headers: { "idempotency-key": `remove-${flow.id}` },
      })
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 204])
  })

  it("of a request that died is taken over after a minute, and only then", async () => {
    const [key, draft] = [unique("key"), flowDraft(unique("died"))]
    await create(key, draft)
    const d1 = await databaseOf(tenant.id)
    const { results } = await d1
      .prepare("select key from idempotency_answers order by rowid desc limit 1")
      .all<{ key: string }>()
    // As if the isolate had gone before its commit.
    await d1.prepare("delete from idempotency_answers where key = ?").bind(results[0]!.key).run()
    expect(problemOf(await create(key, draft)).code).toBe("idempotency.in_flight")
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 })
    expect((await create(key, draft)).status).toBe(201)
  })

  it("is new again after a day", async () => {
    const [key, draft] = [unique("key"), flowDraft(unique("day"))]
    const first = await create(key, draft)
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 86_400_001 })
    const { access_token: token } = await call(authApi.login, { body: { email: tenant.email, password } })
    await expect
      .poll(async () => (await create(key, draft, token)).body.flow.id, { timeout: 10_000 })
      .not.toBe(first.body.flow.id)
  })

  it("does not keep a secret for later", async () => {
    const headers = { "idempotency-key": unique("key") }
    const make = () =>
      ask(apiKeysApi.create, { token: tenant.token, headers, body: { name: "Once", scopes: ["flow.read"] } })
    const keys = async () => (await dumpControl())["api_keys"]!.length
    const first = await make()
    expect(first.status).toBe(201)
    const before = await keys()
    expect(problemOf(await make())).toEqual({ status: 409, code: "conflict.duplicate" })
    expect(await keys()).toBe(before)
    expect(JSON.stringify(await dump(await databaseOf(tenant.id)))).not.toContain(first.body.secret)
  })

  it("[A62] does not keep a secret either that is written with its effect, and does not show it again", async () => {
    const own = await newTenant()
    const { flow } = await call(flowsApi.create, { token: own.token, body: flowDraft() })
    const { execution_id, approval_id } = await newQuestion(own.token, askingDraft())
    const trigger = {
      kind: "webhook",
      flow_id: flow.id,
      name: unique("hook"),
      config: { inputs: "body", signature: { kind: "standard_webhooks" } },
    }
    const alert_webhook_url = "https://a.example.com/"
    const makes: [Endpoint, Ask][] = [
      [
        budgetsApi.create,
        { body: { name: unique("cap"), scope: "tenant", limit_micros: 5, alert_webhook_url } },
      ],
      [auditWebhookApi.put, { body: { url: "https://audit.example.com/a" } }],
      [triggersApi.create, { body: trigger }],
      [approvalsApi.link, { params: { execution_id, approval_id }, body: {} }],
    ]
    for (const [endpoint, input] of makes) {
      const headers = { "idempotency-key": unique("secret") }
      const tell = () => ask(endpoint, { ...input, token: own.token, headers })
      const { status, text } = await tell()
      const secret = /whsec_[\w+/=]+|(?<=\/approve\/)[\w.-]+/.exec(text)?.[0]
      expect([endpoint.path, status < 300, secret]).toEqual([endpoint.path, true, expect.any(String)])
      expect(problemOf(await tell())).toEqual({ status: 409, code: "conflict.duplicate" })
      const kept = JSON.stringify(await dump(await databaseOf(own.id)))
      expect([endpoint.path, kept.includes(secret!)]).toEqual([endpoint.path, false])
    }
  })

  it("keeps no token or ticket either", async () => {
    const other = await newTenant()
    const kept = async () => JSON.stringify([await dump(await databaseOf(other.id)), await dumpControl()])
    const headers = () => ({ "idempotency-key": unique("key") })
    const ticket = await call(authApi.ticket, {
      token: other.token,
      headers: headers(),
      body: { resource: "/api/v1/executions/x/stream" },
    })
    const slug = unique("second")
    const second = await call(authApi.register, {
      body: { email: other.email, password, tenant_name: "Second", tenant_slug: slug },
    })
    const switched = await call(authApi.switch, {
      token: other.token,
      headers: headers(),
      body: { tenant_id: second.tenant_id },
    })
    const all = await kept()
    for (const secret of [ticket.ticket, switched.access_token, switched.refresh_token]) {
      expect(all).not.toContain(secret)
    }
  })

  it.each(["", " ", "x".repeat(256), "ü", "a b"])("is refused as %j", async (key) => {
    const answered = await create(key)
    expect([400, 201]).toContain(answered.status)
    if (key.trim() !== "")
      expect(problemOf(answered)).toMatchObject({ status: 400, paths: ["Idempotency-Key"] })
  })
})
