import { runInDurableObject } from "cloudflare:test"
import { env } from "cloudflare:workers"
import { beforeAll, describe, expect, it } from "vitest"
import { chatApi } from "#core/contract/chat"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { privacyApi } from "#core/contract/privacy"
import { tracesApi } from "#core/contract/traces"
import { triggersApi } from "#core/contract/triggers"
import { FlowId, type ExecutionId } from "#core/ids"
import { defaultRetention } from "#core/privacy/retention"
import { sweepRetention } from "#worker/services/privacy/sweep"
import { siteOf } from "#worker/services/triggers/site"
import { ask, call, problemOf } from "#test/kit/api"
import { BLOBS, leaveFile } from "#test/kit/artifacts"
import { databaseOf, dump } from "#test/kit/dump"
import { keepSpans, spanDraft } from "#test/kit/spans"
import { newMember, newTenant, refOf, testEnv, type TestTenant } from "#test/kit/tenants"
import { flowDraft, indexed, newQuestion, webhookDraft } from "#test/kit/world"

const dayMs = 86_400_000
let tenant: TestTenant
let slot: string
let flow_id: string

beforeAll(async () => {
  tenant = await newTenant("kept")
  slot = (await refOf(tenant)).slot
  flow_id = (await call(flowsApi.create, { token: tenant.token, body: flowDraft() })).flow.id
})

const keepFor = (retention: Partial<typeof defaultRetention>) =>
  call(privacyApi.update, { token: tenant.token, body: { retention: { ...defaultRetention, ...retention } } })

/** One round of the tenant's clock, so many days from now; answers whether more is left. */
async function sweep(days: number): Promise<boolean> {
  const site = await siteOf(testEnv, { id: tenant.id, slot })
  return sweepRetention(testEnv, { ...site, now: Date.now() + days * dayMs })
}

async function execute(name: string): Promise<string> {
  const { body } = await ask(executionsApi.execute, {
    token: tenant.token,
    params: { flow_id },
    body: { inputs: { name } },
    headers: { prefer: "wait=10" },
  })
  await indexed(tenant.token, body.execution_id)
  return body.execution_id
}

const isThere = async (execution_id: string): Promise<boolean> =>
  (await ask(executionsApi.get, { token: tenant.token, params: { execution_id } })).status === 200

const swept = async (kind: string) => {
  const { settings } = await call(privacyApi.get, { token: tenant.token })
  return settings.swept.find((one) => one.kind === kind)
}

/** The journals of the tenant's lanes, as one text. */
async function journals(): Promise<string> {
  const { EXECUTION } = env as unknown as { EXECUTION: DurableObjectNamespace }
  const texts = await Promise.all(
    [0, 1, 2, 3].map((lane) =>
      runInDurableObject(EXECUTION.get(EXECUTION.idFromName(`${tenant.id}/${lane}`)), (_, { storage }) => {
        const known = storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'journal'").toArray()
        return known.length === 0 ? "" : JSON.stringify(storage.sql.exec("SELECT * FROM journal").toArray())
      }),
    ),
  )
  return texts.join("\n")
}

describe("how long things are kept", () => {
  it("[PR2] is for ever, but for deliveries, until an admin says otherwise, which is audited", async () => {
    const { settings } = await call(privacyApi.get, { token: tenant.token })
    expect(settings).toEqual({
      retention: defaultRetention,
      redaction: "full",
      updated_at: null,
      swept: [],
    })
    const changed = await call(privacyApi.update, {
      token: tenant.token,
      body: { retention: { chats: 90 } },
    })
    expect(changed.settings.retention).toEqual({ ...defaultRetention, chats: 90 })
    const entries = (await dump(await databaseOf(tenant.id)))["audit_entries"]!
    expect(entries.find(({ action }) => action === "privacy.update")?.["detail"]).toContain('"chats":90')
    const viewer = await newMember(tenant, "viewer")
    expect((await ask(privacyApi.get, { token: viewer.token })).status).toBe(200)
    const refused = await ask(privacyApi.update, { token: viewer.token, body: { retention: { chats: 1 } } })
    expect(problemOf(refused)).toEqual({ status: 403, code: "access.denied" })
    const wrong = await ask(privacyApi.update, { token: tenant.token, body: { retention: { chats: 0 } } })
    expect(problemOf(wrong)).toMatchObject({ status: 400, paths: ["retention.chats"] })
  })

  it("[PR3] executions go with journal, spans and files when their time is over, and no sooner", async () => {
    await keepFor({ executions: 10 })
    const id = await execute("canary-execution")
    await leaveFile(tenant.id, id as ExecutionId, "sums.csv", "canary-file")
    await sweep(9.9)
    expect(await isThere(id)).toBe(true)
    expect(await journals()).toContain("canary-execution")
    expect(await sweep(10.1)).toBe(false)
    expect(await isThere(id)).toBe(false)
    expect(await journals()).not.toContain("canary-execution")
    const tables = JSON.stringify(await dump(await databaseOf(tenant.id)))
    expect(tables).not.toContain(id)
    expect((await BLOBS.list({ prefix: `artifacts/${tenant.id}/${id}/` })).objects).toEqual([])
    expect((await swept("executions"))?.removed).toBeGreaterThan(0)
    const entries = (await dump(await databaseOf(tenant.id)))["audit_entries"]!
    expect(entries.find(({ action }) => action === "privacy.sweep")).toMatchObject({ actor: "system" })
  })

  it("[PR4] nothing goes that is going on", async () => {
    await keepFor({ executions: 1, traces: 1 })
    const { execution_id } = await newQuestion(tenant.token)
    await indexed(tenant.token, execution_id)
    await sweep(400)
    expect(await isThere(execution_id)).toBe(true)
  })

  it("[PR5] nothing goes that is legally held, until the hold is lifted", async () => {
    await keepFor({ executions: 1, traces: 1, tool_calls: 1 })
    const held = await execute("held")
    await leaveFile(tenant.id, held as ExecutionId, "proof.txt", "proof")
    await keepSpans(tenant.id, [spanDraft(held, { kind: "tool" })])
    const free = await execute("free")
    const place = (target: string) =>
      call(privacyApi.hold, { token: tenant.token, body: { target: target, reason: "A dispute" } })
    const { hold } = await place(held)
    await sweep(400)
    expect([await isThere(held), await isThere(free)]).toEqual([true, false])
    const { spans } = await call(tracesApi.ofExecution, {
      token: tenant.token,
      params: { execution_id: held },
    })
    expect(spans.some(({ kind }) => kind === "tool")).toBe(true)
    expect((await BLOBS.list({ prefix: `artifacts/${tenant.id}/${held}/` })).objects).toHaveLength(1)
    const others = [
      (await place(flow_id)).hold,
      (await place(tenant.user)).hold,
      (await place("workspace")).hold,
    ]
    const lift = (hold_id: string) => ask(privacyApi.lift, { token: tenant.token, params: { hold_id } })
    expect((await lift(hold.id)).status).toBe(204)
    for (const one of others) {
      await sweep(400)
      expect(await isThere(held)).toBe(true)
      await lift(one.id)
    }
    expect(problemOf(await lift(hold.id))).toEqual({ status: 404, code: "privacy.hold_not_found" })
    expect((await call(privacyApi.holds, { token: tenant.token })).holds).toEqual([])
    await sweep(400)
    expect(await isThere(held)).toBe(false)
  })

  it("[PR6] traces go alone, and the execution is still there", async () => {
    await keepFor({ traces: 5 })
    const id = await execute("traced")
    await keepSpans(tenant.id, [spanDraft(id, { start_time: new Date().toISOString() })])
    await sweep(6)
    expect(await isThere(id)).toBe(true)
    const d1 = await databaseOf(tenant.id)
    const left = await d1
      .prepare("select count(*) as n from spans where execution_id = ?")
      .bind(id)
      .first("n")
    expect(left).toBe(0)
  })

  it("[PR7] chats go, with what was said in them", async () => {
    await keepFor({ chats: 3 })
    const { session } = await call(chatApi.create, {
      token: tenant.token,
      body: { flow_id: FlowId.parse(flow_id) },
    })
    const params = { chat_id: session.id }
    await call(flowsApi.publish, { token: tenant.token, params: { flow_id } })
    await call(chatApi.send, { token: tenant.token, params, body: { content: "canary-said" } })
    for (const end = Date.now() + 10_000; Date.now() < end;) {
      const { messages } = await call(chatApi.messages, { token: tenant.token, params })
      if (messages[0]?.finished_at) break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await sweep(2.9)
    expect((await ask(chatApi.get, { token: tenant.token, params })).status).toBe(200)
    for (let round = 0; round < 20 && (await swept("chats")) === undefined; round++) {
      await sweep(3.1)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect((await ask(chatApi.get, { token: tenant.token, params })).status).toBe(404)
    const { chat_sessions, chat_messages } = await dump(await databaseOf(tenant.id))
    expect(JSON.stringify([chat_sessions, chat_messages])).not.toContain(session.id)
  })

  it("[PR8] deliveries go after their days, and stay for ever when nobody limits them", async () => {
    const { trigger } = await call(triggersApi.create, { token: tenant.token, body: webhookDraft(flow_id) })
    const params = { trigger_id: trigger.id }
    const { delivery } = await call(triggersApi.test, {
      token: tenant.token,
      params,
      body: { body: { name: "Ana" } },
    })
    await indexed(tenant.token, delivery.execution_id ?? "")
    const count = async () =>
      (await call(triggersApi.deliveries, { token: tenant.token, params })).deliveries.length
    await keepFor({ deliveries: null })
    await sweep(3_000)
    expect(await count()).toBe(1)
    await keepFor({ deliveries: 7 })
    await sweep(7.1)
    expect(await count()).toBe(0)
  })

  it("[PR9] what was deleted goes for good with all its versions; what was not stays", async () => {
    await keepFor({ deleted: 2 })
    const { flow } = await call(flowsApi.create, { token: tenant.token, body: flowDraft() })
    const params = { flow_id: flow.id }
    await call(flowsApi.publish, { token: tenant.token, params })
    await call(flowsApi.remove, { token: tenant.token, params })
    await sweep(1.9)
    const rows = async () => JSON.stringify((await dump(await databaseOf(tenant.id)))["flows"])
    expect(await rows()).toContain(flow.id)
    await sweep(2.1)
    expect(await rows()).not.toContain(flow.id)
    expect(await rows()).toContain(flow_id)
  })

  it("[PR10] files of tools go alone, and their execution stays", async () => {
    await keepFor({ tool_calls: 4 })
    const id = await execute("with a file")
    await leaveFile(tenant.id, id as ExecutionId, "left.txt", "left")
    await sweep(5)
    expect((await BLOBS.list({ prefix: `artifacts/${tenant.id}/${id}/` })).objects).toEqual([])
    expect(await isThere(id)).toBe(true)
  })

  it("[PR11] takes a portion at a time and says that more is left", async () => {
    await keepFor({ traces: 5 })
    const id = await execute("many spans")
    await keepSpans(
      tenant.id,
      Array.from({ length: 2_500 }, () => spanDraft(id, { start_time: new Date().toISOString() })),
    )
    expect(await sweep(6)).toBe(true)
    expect(await sweep(6)).toBe(false)
  })
})
