import { runInDurableObject } from "cloudflare:test"
import { beforeAll, describe, expect, it, vi } from "vitest"
import { executionsApi } from "#core/contract/executions"
import { triggersApi } from "#core/contract/triggers"
import { overdue } from "#worker/db/overdue"
import { tenantDb } from "#worker/db/tenant"
import { ask, call } from "#test/kit/api"
import { databaseOf } from "#test/kit/dump"
import { newMember, testEnv } from "#test/kit/tenants"
import { hourly, TriggerWorld } from "#test/kit/triggers"

let world: TriggerWorld
let tenant: TriggerWorld["tenant"]
beforeAll(async () => {
  world = await TriggerWorld.make()
  tenant = world.tenant
})

describe("a schedule", () => {
  it("fires on the tenant's clock, once, with its inputs, and reports what was missed", async () => {
    const { trigger } = await world.create(world.schedule(hourly, { missed: "fire_once" }))
    const first = Date.parse(trigger.next_fire_at!)
    await world.ring(new Date(first).toISOString())
    await world.ring(new Date(first + 1_000).toISOString())
    const fired = await world.deliveries(trigger)
    expect(fired).toMatchObject([{ outcome: "accepted", scheduled_for: trigger.next_fire_at, status: null }])
    expect((await world.execution(fired[0]!.execution_id!)).inputs).toEqual({ name: trigger.next_fire_at })
    expect((await world.get(trigger)).next_fire_at).toBe(new Date(first + 3_600_000).toISOString())
    await world.ring(new Date(first + 3 * 3_600_000 + 600_000).toISOString())
    const outcomes = (await world.deliveries(trigger)).map(({ outcome, scheduled_for }) => [
      outcome,
      Date.parse(scheduled_for!),
    ])
    expect(new Set(outcomes.map(String))).toEqual(
      new Set(
        [
          ["accepted", first],
          ["missed", first + 3_600_000],
          ["missed", first + 2 * 3_600_000],
          ["accepted", first + 3 * 3_600_000],
        ].map(String),
      ),
    )
    await call(triggersApi.remove, world.as(trigger))
    await world.ring(new Date(first + 9 * 3_600_000).toISOString())
    await call(triggersApi.restore, world.as(trigger))
    expect(await world.deliveries(trigger)).toHaveLength(4)
    await call(triggersApi.remove, world.as(trigger))
  })

  it("begins one execution though the clock died behind its beginning", async () => {
    const { trigger } = await world.create(world.schedule(hourly))
    const at = Date.parse(trigger.next_fire_at!)
    await world.ring(new Date(at).toISOString())
    // As if we had died before the delivery was written and the clock moved on.
    const d1 = await databaseOf(tenant.id)
    await d1.prepare("delete from trigger_deliveries where trigger_id = ?").bind(trigger.id).run()
    await runInDurableObject(world.clock, (_, state) => {
      state.storage.sql.exec("UPDATE schedules SET due = ? WHERE id = ?", at, trigger.id)
    })
    await world.ring(new Date(at + 2_000).toISOString())
    const [again] = await world.deliveries(trigger)
    await vi.waitFor(
      async () => {
        const { executions } = await call(executionsApi.list, {
          token: tenant.token,
          query: { actor: trigger.id },
        })
        expect(executions.map(({ id }) => id)).toEqual([again!.execution_id])
      },
      { timeout: 10_000 },
    )
    await call(triggersApi.remove, world.as(trigger))
  })

  it("whose inputs do not fit fails, in a sentence, and dies after ten in a row", async () => {
    const { trigger } = await world.create(world.schedule(hourly, { inputs: {} }))
    let at = Date.parse(trigger.next_fire_at!)
    for (let i = 0; i < 10; i++, at += 3_600_000) await world.ring(new Date(at).toISOString())
    const { health } = await world.get(trigger)
    expect(health).toMatchObject({ status: "dead", failures_in_a_row: 10 })
    expect(health.reason).toMatch(/^10 fires have failed in a row; .*inputs/)
    const mended = await call(triggersApi.update, { ...world.as(trigger), body: world.schedule(hourly) })
    expect(mended.trigger.health.status).not.toBe("dead")
    await call(triggersApi.remove, world.as(trigger))
  })

  it("fires when a person asks, which is audited", async () => {
    const { trigger } = await world.create({ ...world.schedule(hourly), is_active: false })
    const { delivery } = await call(triggersApi.test, { ...world.as(trigger), body: {} })
    expect(delivery).toMatchObject({ outcome: "accepted", execution_id: expect.stringMatching(/^exec_/) })
    const viewer = await newMember(tenant, "viewer")
    expect(
      (await ask(triggersApi.test, { ...world.as(trigger), token: viewer.token, body: {} })).status,
    ).toBe(403)
  })
})

describe("the sweeper", () => {
  const sweep = async () => {
    await runInDurableObject(world.clock, (_, state) => {
      state.storage.sql.exec("UPDATE appointments SET due = 0 WHERE name = 'sweep'")
    })
    await world.ring()
  }

  it("forgets old deliveries, and makes its next appointment", async () => {
    const { trigger } = await world.create({ kind: "form", flow_id: world.flow, name: "Old" })
    await call(triggersApi.test, { ...world.as(trigger), body: { body: { name: "x" } } })
    const d1 = await databaseOf(tenant.id)
    const old = "update trigger_deliveries set at = '2020-01-01T00:00:00.000Z' where trigger_id = ?"
    await d1.prepare(old).bind(trigger.id).run()
    await world
      .create(world.schedule(hourly))
      .then(({ trigger: other }) => call(triggersApi.remove, world.as(other)))
    await sweep()
    expect(await world.deliveries(trigger)).toEqual([])
    const next = await runInDurableObject(world.clock, (_, state) =>
      state.storage.sql.exec<{ due: number }>("SELECT due FROM appointments WHERE name = 'sweep'").one(),
    )
    expect(next.due - Date.now()).toBeGreaterThan(200_000)
  })

  it("looks after executions that should be going on, not after young ones, waiting ones and ended ones", async () => {
    const d1 = await databaseOf(tenant.id)
    const long = "2020-01-01T00:00:00.000Z"
    const row = (id: string, status: string, created_at: string, finished_at: string | null = null) =>
      d1
        .prepare(
          `insert into executions (id, flow_id, flow_name, status, actor, created_at, finished_at, input_tokens, output_tokens, cost_micros)
           values (?, ?, 'Swept', ?, 'x', ?, ?, 0, 0, 0)`,
        )
        .bind(`exec_00${id.padStart(26, "0")}`, world.flow, status, created_at, finished_at)
        .run()
    await row("1", "running", long)
    await row("2", "queued", long)
    await row("3", "waiting", long)
    await row("4", "succeeded", long, long)
    await row("5", "running", new Date().toISOString())
    await row("6", "cancelling", long)
    const db = await tenantDb(testEnv, tenant.slot)
    const before = new Date(Date.now() - 60_000).toISOString()
    const ends = (ids: string[]) => ids.map((id) => id.slice(-1))
    expect(ends(await overdue(db, before, "", 100))).toEqual(["1", "2", "6"])
    const [first] = await overdue(db, before, "", 1)
    expect(ends(await overdue(db, before, first!, 1))).toEqual(["2"])
    // None of them is known to its lane; the sweep goes on all the same.
    await sweep()
    await d1.prepare("delete from executions where flow_name = 'Swept'").run()
  })
})
