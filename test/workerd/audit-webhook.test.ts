import { beforeAll, describe, expect, it } from "vitest"
import { auditApi } from "#core/contract/audit"
import { auditWebhookApi } from "#core/contract/audit-webhook"
import { flowsApi } from "#core/contract/flows"
import { ask, call, problemOf } from "#test/kit/api"
import { databaseOf, dump } from "#test/kit/dump"
import { newKey, newMember, newTenant, type TestTenant } from "#test/kit/tenants"
import { flowDraft } from "#test/kit/world"

/** The guard lets nobody there: what is tried is seen, and no packet leaves. */
const inside = { url: "https://audit.internal/a" }

let tenant: TestTenant
let as: { token: string }
beforeAll(async () => {
  tenant = await newTenant()
  as = { token: tenant.token }
})

const look = async () => (await call(auditWebhookApi.get, as)).webhook

describe("the webhook of checkpoints", () => {
  it("is set by who may change the workspace, read by who may read the log, and each change is in the log", async () => {
    expect(await look()).toBeNull()
    const { webhook, secret } = await call(auditWebhookApi.put, { ...as, body: inside })
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(webhook).toMatchObject({
      ...inside,
      version: 1,
      secret: { set: true, hint: `…${secret!.slice(-4)}` },
    })
    const again = await call(auditWebhookApi.put, { ...as, body: inside })
    expect([again.secret, again.webhook.version]).toEqual([null, 2])
    const moved = { url: "https://audit.internal/b" }
    const stale = await ask(auditWebhookApi.put, { ...as, body: moved, headers: { "if-match": '"v1"' } })
    expect(problemOf(stale)).toEqual({ status: 412, code: "conflict.stale" })
    const other = await call(auditWebhookApi.put, { ...as, body: moved })
    expect(other.secret).toMatch(/^whsec_/)
    expect(other.secret).not.toBe(secret)
    const kept = JSON.stringify([await dump(await databaseOf(tenant.id)), await look()])
    for (const one of [secret, other.secret]) expect(kept).not.toContain(one)
    expect((await ask(auditWebhookApi.remove, as)).status).toBe(204)
    expect(await look()).toBeNull()
    for (const endpoint of [auditWebhookApi.remove, auditWebhookApi.test])
      expect(problemOf(await ask(endpoint, as))).toEqual({ status: 404, code: "audit.no_webhook" })
    const { entries } = await call(auditApi.list, { ...as, query: { action: "audit" } })
    expect(entries.map(({ action, detail }) => [action, detail])).toEqual([
      ["audit.remove_webhook", expect.objectContaining({ before: moved })],
      ["audit.set_webhook", expect.objectContaining({ before: inside, after: moved })],
      ["audit.set_webhook", expect.objectContaining({ before: inside, after: inside })],
      ["audit.set_webhook", expect.objectContaining({ after: inside })],
    ])
  })

  it("is no business of others", async () => {
    for (const role of ["editor", "viewer", "executor"] as const) {
      const { token } = await newMember(tenant, role)
      for (const [endpoint, body] of [
        [auditWebhookApi.get, undefined],
        [auditWebhookApi.put, inside],
        [auditWebhookApi.remove, undefined],
        [auditWebhookApi.test, {}],
      ] as const)
        expect(problemOf(await ask(endpoint, { token, body }))).toEqual({
          status: 403,
          code: "access.denied",
        })
    }
    const token = await newKey(tenant, "audit.read")
    expect((await ask(auditWebhookApi.get, { token })).status).toBe(200)
    expect((await ask(auditWebhookApi.put, { token, body: inside })).status).toBe(403)
  })

  it("wants https, and says so", async () => {
    for (const url of [
      "http://example.com/a",
      "ftp://example.com",
      "not a url",
      `https://e.com/${"a".repeat(2_000)}`,
    ])
      expect([url, problemOf(await ask(auditWebhookApi.put, { ...as, body: { url } }))]).toEqual([
        url,
        { status: 400, code: "request.invalid", paths: ["url"] },
      ])
  })
})

it("shows that a checkpoint did not arrive, and the log is sealed all the same", async () => {
  const own = await newTenant()
  const { token } = own
  await call(auditWebhookApi.put, { token, body: inside })
  const delivery = async () => (await call(auditWebhookApi.get, { token })).webhook?.delivery
  await expect.poll(delivery, { timeout: 10_000 }).toMatchObject({
    state: "failed",
    attempts: 1,
    error: { code: "egress.refused" },
  })
  const { next_at, at } = (await delivery())!
  expect(Date.parse(next_at!) - Date.parse(at)).toBeGreaterThanOrEqual(5_000)
  const { flow } = await call(flowsApi.create, { token, body: flowDraft() })
  const entry = async () =>
    (await call(auditApi.list, { token, query: { target: flow.id } })).entries.map(({ seq }) => seq)
  await expect.poll(entry, { timeout: 10_000 }).toEqual([expect.any(Number)])
  expect(await call(auditWebhookApi.test, { token })).toMatchObject({
    ok: false,
    error: { code: "egress.refused" },
  })
})
