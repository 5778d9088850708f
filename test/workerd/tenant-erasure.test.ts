import { beforeAll, describe, expect, it } from "vitest"
import { adminApi } from "#core/contract/admin"
import { authApi } from "#core/contract/auth"
import { chatApi } from "#core/contract/chat"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { executionId, type Lane } from "#core/ids"
import { randomBytes } from "#worker/context"
import { controlDb, tenantDb } from "#worker/db/tenant"
import type { Env } from "#worker/env"
import { keepRows } from "#worker/services/privacy/traces"
import { lastRound } from "#worker/services/tenants/round"
import { laneStub } from "#worker/stubs"
import { ask, call, problemOf } from "#test/kit/api"
import { leaveFile } from "#test/kit/artifacts"
import { clockRound, deletedAgo, deleteTenant, liftHolds, restoreTenant, settled } from "#test/kit/deletion"
import { databaseOf, everythingIn, slotOf } from "#test/kit/dump"
import { storesOf, whereFound } from "#test/kit/stores"
import {
  makePlatformAdmin,
  newMember,
  newTenant,
  password,
  testEnv,
  unique,
  type TestTenant,
} from "#test/kit/tenants"
import { flowDraft, indexed, newWorld } from "#test/kit/world"

let operator: TestTenant
beforeAll(async () => {
  operator = await newTenant("operator")
  await makePlatformAdmin(operator)
})

/** A tenant with one of everything, each with a word that stands nowhere else. */
async function full(stem: string) {
  const own = await newTenant(stem)
  const word = unique("canary").replaceAll("-", "")
  await newWorld(own)
  const member = await newMember(own, "editor")
  await call(authApi.updateMe, { token: member.token, body: { name: `name${word}` } })
  const { flow } = await call(flowsApi.create, { token: own.token, body: flowDraft(`flow${word}`) })
  await call(flowsApi.publish, { token: own.token, params: { flow_id: flow.id } })
  const { body } = await ask(executionsApi.execute, {
    token: own.token,
    params: { flow_id: flow.id },
    body: { inputs: { name: `input${word}` } },
    headers: { prefer: "wait=10" },
  })
  await leaveFile(own.id, body.execution_id, "left.txt", `file${word}`)
  const { session } = await call(chatApi.create, {
    token: own.token,
    body: { flow_id: flow.id, title: `title${word}` },
  })
  await call(chatApi.send, {
    token: own.token,
    params: { chat_id: session.id },
    body: { content: `said${word}` },
  })
  await testEnv.BLOBS.put(`${own.id}/journals/old.ndjson`, `journal${word}`)
  await liftHolds(own.token)
  return { own, word, member, flow_id: flow.id, execution_id: body.execution_id }
}

/** An execution in a lane that nothing else is in: its journal, and its row in the index. */
async function inLane(own: TestTenant, lane: Lane, word: string): Promise<void> {
  const id = executionId(lane, Date.now(), randomBytes)
  const slot = String((await statusOf(own.id))["slot"])
  const graph = {
    nodes: [{ id: "in", type: "input", position: { x: 0, y: 0 }, data: {} }],
    edges: [],
    settings: {},
  }
  const started = await laneStub(testEnv, own.id, lane, id).start({
    tenant: { id: own.id, slot },
    execution_id: id,
    flow: { id: "flow_01JD0000000000000000000000", name: `lane${word}`, version: 1 },
    definition: `${word} ${String(lane)}`,
    graph: JSON.stringify(graph),
    actor: own.user,
    inputs: { note: `lane${word}` },
    timeout_ms: 60_000,
    depth: 0,
    wait_ms: 5_000,
  })
  expect(started).toMatchObject({ ok: true })
  await indexed(own.token, id)
}

const statusOf = async (id: string) =>
  (await testEnv.CONTROL_DB.prepare("select * from tenants where id = ?").bind(id).first())!

describe("the erasure of a tenant", () => {
  it("[TE1] leaves nothing of it in any store, thirty days after it was deleted and not before", async () => {
    const { own, word, member } = await full("erased")
    await inLane(own, "own", word)
    await inLane(own, 900, word)
    const other = await full("beside")
    await deleteTenant(operator, own)
    await deletedAgo(own.id, 29.9)
    await clockRound(own.id)
    expect((await restoreTenant(operator, own)).status).toBe(200)
    await deleteTenant(operator, own)
    const canaries = [word, own.slug, own.email, member.email, own.id]
    const there = whereFound(await storesOf(own.id), canaries)
    for (const store of [
      "EXECUTION",
      "CHAT",
      "CANVAS",
      "CLOCK",
      "GOVERNOR",
      "SEALER",
      "blob",
      "tenant",
      "control",
    ])
      expect([store, there.some((one) => one.includes(` in ${store}`))]).toEqual([store, true])
    expect(there.some((one) => one.startsWith(`${own.email} in control`))).toBe(true)
    const beside = await settled(other.own.id)
    await deletedAgo(own.id, 30.1)
    await clockRound(own.id)
    const stores = await storesOf(own.id)
    expect(whereFound(stores, canaries.slice(0, -1))).toEqual([])
    // Its id stands where it says that it was: in its row, in its slot and in the one entry.
    expect(whereFound(stores, [own.id]).toSorted()).toEqual(
      ["audit_entries", "slots", "tenants"].map((table) => `${own.id} in control ${table}`).toSorted(),
    )
    expect(await statusOf(own.id)).toMatchObject({ status: "erased", name: "", data_key: "", slug: own.id })
    const tables = Object.keys(await everythingIn(await databaseOf(own.id)))
    expect(tables.filter((name) => !name.startsWith("sqlite_"))).toEqual(["_migrations"])
    expect(await settled(other.own.id)).toEqual(beside)
    expect(
      (await ask(flowsApi.get, { token: other.own.token, params: { flow_id: other.flow_id } })).status,
    ).toBe(200)
    const { results } = await testEnv.CONTROL_DB.prepare(
      "select tenant_id, actor, target, detail from audit_entries where action = 'tenant.erased' and target = ?",
    )
      .bind(own.id)
      .all<{ detail: string }>()
    expect(results).toMatchObject([{ tenant_id: null, actor: "system", target: own.id }])
    expect(JSON.parse(results[0]!.detail)).toMatchObject({
      after: { deleted_by: operator.user, counts: { memberships: 3, chat_sessions: 3 } },
    })
  }, 180_000)

  it("[TE2] frees its address and keeps its database from everybody", async () => {
    const { own, member } = await full("frees")
    const { slot } = (await statusOf(own.id)) as { slot: string }
    const kept = await newMember(own, "viewer")
    const at = new Date().toISOString()
    await testEnv.CONTROL_DB.prepare(
      "insert into memberships (identity_id, tenant_id, role, created_at) values (?, ?, 'viewer', ?)",
    )
      .bind(kept.user, operator.id, at)
      .run()
    await deleteTenant(operator, own)
    await deletedAgo(own.id, 31)
    await clockRound(own.id)
    const gone = await ask(authApi.login, { body: { email: member.email, password } })
    expect(problemOf(gone)).toEqual({ status: 401, code: "auth.bad_credentials" })
    expect((await ask(authApi.login, { body: { email: kept.email, password } })).status).toBe(200)
    expect(problemOf(await restoreTenant(operator, own))).toEqual({ status: 410, code: "tenant.erased" })
    const { slots } = await call(adminApi.slots, { token: operator.token })
    expect(slots.find(({ name }) => name === slot)).toMatchObject({
      tenant: { id: own.id, name: "" },
      erased_at: expect.any(String),
    })
    const again = await call(authApi.register, {
      body: {
        email: `${unique("again")}@example.com`,
        password,
        tenant_name: "Again",
        tenant_slug: own.slug,
      },
    })
    expect((await statusOf(again.tenant_id))["slot"]).not.toBe(slot)
    // Whoever comes late, with the database open or not, writes nothing.
    const tenant = { id: own.id, slot }
    const rows = { executions: [], approvals: [], spans: [], uses: [] }
    await expect(keepRows(testEnv, tenant, rows)).rejects.toThrow()
    await expect(tenantDb(testEnv, slot)).rejects.toMatchObject({ code: "tenant.erased" })
    await expect(slotOf(slot).prepare("insert into flows (id) values ('late')").run()).rejects.toThrow()
    expect(await lastRound(testEnv, tenant)).toBe("gone")
  }, 120_000)

  it("[TE3] goes on from its beginning wherever it was cut off", async () => {
    const { own, word } = await full("cut")
    await deleteTenant(operator, own)
    await deletedAgo(own.id, 31)
    const { slot } = (await statusOf(own.id)) as { slot: string }
    const tenant = { id: own.id, slot }
    const broken = new Error("cut off")
    const failing = <T extends object>(whole: T, method: keyof T, after: number): T => {
      let calls = 0
      return new Proxy(whole, {
        get: (target, name) => {
          const value: unknown = Reflect.get(target, name)
          if (typeof value !== "function") return value
          return (...given: unknown[]) => {
            if (name === method && calls++ >= after) throw broken
            return (value as (...all: unknown[]) => unknown).apply(target, given)
          }
        },
      })
    }
    const cuts: Partial<Env>[] = [
      { EXECUTION: failing(testEnv.EXECUTION, "get", 30) },
      { BLOBS: failing(testEnv.BLOBS, "list", 0) },
      { BLOBS: failing(testEnv.BLOBS, "list", 1) },
      { [slot]: failing(slotOf(slot), "prepare", 20) },
      { [slot]: failing(slotOf(slot), "prepare", 12) },
    ]
    for (const cut of cuts) {
      await controlDb(testEnv)
      await expect(lastRound({ ...testEnv, ...cut }, tenant)).rejects.toThrow("cut off")
      expect((await statusOf(own.id))["status"]).toBe("erasing")
      expect(problemOf(await restoreTenant(operator, own))).toEqual({ status: 410, code: "tenant.erased" })
    }
    await clockRound(own.id)
    expect((await statusOf(own.id))["status"]).toBe("erased")
    expect(whereFound(await storesOf(own.id), [word, own.slug, own.email])).toEqual([])
    const { results } = await testEnv.CONTROL_DB.prepare(
      "select detail from audit_entries where action = 'tenant.erased' and target = ?",
    )
      .bind(own.id)
      .all<{ detail: string }>()
    expect(
      results.map(({ detail }) => (JSON.parse(detail) as { after: { counts: object } }).after.counts),
    ).toEqual([expect.objectContaining({ chat_sessions: 3, flows: expect.any(Number) })])
  }, 180_000)
})
