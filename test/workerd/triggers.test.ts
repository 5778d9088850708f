import { env } from "cloudflare:workers"
import { runInDurableObject } from "cloudflare:test"
import { beforeAll, describe, expect, it, vi } from "vitest"
import type { BodyIn } from "#core/contract/endpoint"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { formsApi, triggersApi, type Trigger } from "#core/contract/triggers"
import type { ExecutionId, FlowId } from "#core/ids"
import type { Ended } from "#durable/execution/ports"
import { overdue } from "#worker/db/overdue"
import { tenantDb } from "#worker/db/tenant"
import { fireFlowTriggers } from "#worker/services/triggers/ended"
import { ask, call, problemOf } from "#test/kit/api"
import { databaseOf, dump } from "#test/kit/dump"
import { newMember, newTenant, testEnv, unique, type TestTenant } from "#test/kit/tenants"
import { flowDraft } from "#test/kit/world"

type Draft = BodyIn<typeof triggersApi.create>
type Schedule = Extract<Draft, { kind: "schedule" }>

let tenant: TestTenant & { slot: string }
let flow: FlowId
beforeAll(async () => {
  const made = await newTenant("triggers")
  const row = await testEnv.CONTROL_DB.prepare("select slot from tenants where id = ?")
    .bind(made.id)
    .first<{ slot: string }>()
  tenant = { ...made, slot: row!.slot }
  flow = await newFlow()
})

const newFlow = async (draft = flowDraft()) =>
  (await call(flowsApi.create, { token: tenant.token, body: draft })).flow.id
const as = (trigger: Pick<Trigger, "id">) => ({ token: tenant.token, params: { trigger_id: trigger.id } })
const create = (body: Draft) => call(triggersApi.create, { token: tenant.token, body })
const get = async (trigger: Pick<Trigger, "id">) => (await call(triggersApi.get, as(trigger))).trigger
const deliveries = async (trigger: Pick<Trigger, "id">) =>
  (await call(triggersApi.deliveries, as(trigger))).deliveries
const execution = async (id: string) =>
  (await call(executionsApi.get, { token: tenant.token, params: { execution_id: id } })).execution

const schedule = (
  timing: Schedule["config"]["timing"],
  more: Partial<Schedule["config"]> = {},
): Schedule => ({
  kind: "schedule",
  flow_id: flow,
  name: unique("schedule"),
  config: { timing, inputs: { name: "{{ input.scheduled_for }}" }, ...more },
})
const hourly = { kind: "cron", cron: "0 * * * *", time_zone: "Europe/Berlin" } as const

type Clocks = { CLOCK: DurableObjectNamespace }
const clock = () => {
  const { CLOCK } = env as unknown as Clocks
  return CLOCK.get(CLOCK.idFromName(tenant.id))
}

/** Lets the tenant's clock ring at a time of its own. */
async function ring(at: string): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(at) })
  try {
    await runInDurableObject(clock(), (object) => (object as unknown as { alarm(): Promise<void> }).alarm())
  } finally {
    vi.useRealTimers()
  }
}

describe("triggers", () => {
  it("are created, changed, deleted and restored, each audited, with an ETag that guards them", async () => {
    const made = await ask(triggersApi.create, { token: tenant.token, body: schedule(hourly) })
    expect([made.status, made.headers.get("etag")]).toEqual([201, '"v1"'])
    const { trigger } = made.body
    expect(trigger).toMatchObject({
      flow_id: flow,
      health: { status: "never_fired" },
      address: null,
      secret: null,
      is_active: true,
    })
    expect(Date.parse(trigger.next_fire_at!) - Date.now()).toBeLessThanOrEqual(3_600_000)
    const body = { ...schedule(hourly), name: "Renamed", is_active: false }
    const stale = await ask(triggersApi.update, { ...as(trigger), body, headers: { "if-match": '"v2"' } })
    expect(problemOf(stale)).toEqual({ status: 412, code: "conflict.stale" })
    const changed = await call(triggersApi.update, { ...as(trigger), body, headers: { "if-match": '"v1"' } })
    expect(changed.trigger).toMatchObject({
      name: "Renamed",
      version: 2,
      is_active: false,
      next_fire_at: null,
    })
    await call(triggersApi.remove, as(trigger))
    expect((await ask(triggersApi.get, as(trigger))).status).toBe(404)
    const gone = await call(triggersApi.list, { token: tenant.token, query: { deleted: "true" } })
    expect(gone.triggers.map(({ id }) => id)).toEqual([trigger.id])
    expect((await call(triggersApi.restore, as(trigger))).trigger.version).toBe(4)
    const { results } = await (
      await databaseOf(tenant.id)
    )
      .prepare("select action from audit_entries where target = ? order by id")
      .bind(trigger.id)
      .all<{ action: string }>()
    expect(results.map(({ action }) => action)).toEqual([
      "trigger.create",
      "trigger.update",
      "trigger.delete",
      "trigger.restore",
    ])
  })

  it("are listed by flow, kind and health", async () => {
    const mine = await newFlow()
    const active = await create({ ...schedule(hourly), flow_id: mine })
    await create({ ...schedule(hourly), flow_id: mine, is_active: false })
    await create({ kind: "form", flow_id: mine, name: "A form" })
    const list = async (query: Record<string, string>) =>
      (await call(triggersApi.list, { token: tenant.token, query: { flow_id: mine, ...query } })).total
    expect(await list({})).toBe(3)
    expect(await list({ kind: "form" })).toBe(1)
    expect(await list({ status: "never_fired" })).toBe(2)
    expect(await list({ status: "inactive" })).toBe(1)
    expect(await list({ search: "a FORM" })).toBe(1)
    await call(flowsApi.remove, { token: tenant.token, params: { flow_id: mine } })
    expect(await list({ status: "dead" })).toBe(2)
    expect(await get(active.trigger)).toMatchObject({
      flow_name: null,
      health: { status: "dead", reason: "Its flow is deleted." },
    })
  })

  it.each<[string, Draft["kind"], object, string[]]>([
    [
      "cron nonsense",
      "schedule",
      { timing: { kind: "cron", cron: "every day", time_zone: "UTC" } },
      ["config.timing.cron"],
    ],
    [
      "a cron with seconds",
      "schedule",
      { timing: { kind: "cron", cron: "* * * * * *" } },
      ["config.timing.cron"],
    ],
    [
      "a date that never comes",
      "schedule",
      { timing: { kind: "cron", cron: "0 0 31 2 *" } },
      ["config.timing.cron"],
    ],
    [
      "a time zone that does not exist",
      "schedule",
      { timing: { kind: "cron", cron: "0 9 * * *", time_zone: "Mars/Phobos" } },
      ["config.timing.time_zone"],
    ],
    [
      "too short an interval",
      "schedule",
      { timing: { kind: "interval", every_seconds: 1 } },
      ["config.timing.every_seconds"],
    ],
    [
      "a timestamp that is not signed",
      "webhook",
      { signature: { kind: "hmac_sha256", timestamp_header: "X-Time", content: "{body}" } },
      ["config.signature.content"],
    ],
    [
      "a signature over nothing",
      "webhook",
      { signature: { kind: "hmac_sha256", content: "x" } },
      ["config.signature.content"],
    ],
    ["an unknown signature", "webhook", { signature: { kind: "md5" } }, ["config.signature.kind"]],
    ["a field of another kind", "webhook", { timing: hourly }, ["config.timing"]],
    ["a schema that is none", "form", { input_schema: { type: "strng" } }, ["config.input_schema.type"]],
    [
      "a redirect to a script",
      "form",
      { reply: { mode: "redirect", url: "javascript:alert(1)" } },
      ["config.reply.url"],
    ],
  ])("refuse %s, at its field", async (_, kind, config, paths) => {
    const body = { kind, flow_id: flow, name: "Wrong", config }
    expect(problemOf(await ask(triggersApi.create, { token: tenant.token, body }))).toEqual({
      status: 400,
      code: "request.invalid",
      paths,
    })
  })

  it("tell a secret once, keep the one that is set, and show addresses to those only who may change them", async () => {
    const draft = {
      kind: "webhook",
      flow_id: flow,
      name: "Signed",
      config: { signature: { kind: "standard_webhooks" } },
    } as const
    const made = await create(draft)
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(made.trigger.secret).toEqual({ set: true, hint: `…${made.secret!.slice(-4)}` })
    expect((await call(triggersApi.update, { ...as(made.trigger), body: draft })).secret).toBeNull()
    const other = await call(triggersApi.update, {
      ...as(made.trigger),
      body: { ...draft, config: { signature: { kind: "github" } } },
    })
    expect(other.secret).toMatch(/^[\w-]{43}$/)
    const rotated = await call(triggersApi.rotate, { ...as(made.trigger), body: { what: "secret" } })
    expect(rotated.secret).not.toBe(other.secret)
    const text = JSON.stringify(await dump(await databaseOf(tenant.id)))
    for (const secret of [made.secret!, other.secret!, rotated.secret!]) expect(text).not.toContain(secret)
    const viewer = await newMember(tenant, "viewer")
    const seen = await call(triggersApi.get, { ...as(made.trigger), token: viewer.token })
    expect([seen.trigger.address, rotated.trigger.address]).toEqual([
      null,
      expect.stringMatching(new RegExp(`^/hooks/${tenant.slug}/[\\w-]{43}$`)),
    ])
  })

  it("preview a schedule, or say what is wrong with it", async () => {
    const ask3 = (cron: string, time_zone: string) =>
      call(triggersApi.previewSchedule, {
        token: tenant.token,
        body: { cron, time_zone, after: "2026-03-28T12:00:00Z" },
      })
    expect(await ask3("30 2 * * *", "Europe/Berlin")).toEqual({
      fires: ["2026-03-29T01:00:00.000Z", "2026-03-30T00:30:00.000Z", "2026-03-31T00:30:00.000Z"],
      findings: [],
    })
    const wrong = await ask3("61 * * * *", "Nowhere/At_All")
    expect([wrong.fires, wrong.findings.map(({ path }) => path)]).toEqual([[], ["time_zone", "cron"]])
  })
})

describe("a schedule", () => {
  it("fires on the tenant's clock, once, with its inputs, and reports what was missed", async () => {
    const { trigger } = await create(schedule(hourly, { missed: "fire_once" }))
    const first = Date.parse(trigger.next_fire_at!)
    await ring(new Date(first).toISOString())
    await ring(new Date(first + 1_000).toISOString())
    const fired = await deliveries(trigger)
    expect(fired).toMatchObject([{ outcome: "accepted", scheduled_for: trigger.next_fire_at, status: null }])
    expect((await execution(fired[0]!.execution_id!)).inputs).toEqual({ name: trigger.next_fire_at })
    expect((await get(trigger)).next_fire_at).toBe(new Date(first + 3_600_000).toISOString())
    await ring(new Date(first + 3 * 3_600_000 + 600_000).toISOString())
    const outcomes = (await deliveries(trigger)).map(({ outcome, scheduled_for }) => [
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
    await call(triggersApi.remove, as(trigger))
    await ring(new Date(first + 9 * 3_600_000).toISOString())
    await call(triggersApi.restore, as(trigger))
    expect(await deliveries(trigger)).toHaveLength(4)
    await call(triggersApi.remove, as(trigger))
  })

  it("begins one execution though the clock died behind its beginning", async () => {
    const { trigger } = await create(schedule(hourly))
    const at = Date.parse(trigger.next_fire_at!)
    await ring(new Date(at).toISOString())
    // As if we had died before the delivery was written and the clock moved on.
    const d1 = await databaseOf(tenant.id)
    await d1.prepare("delete from trigger_deliveries where trigger_id = ?").bind(trigger.id).run()
    await runInDurableObject(clock(), (_, state) => {
      state.storage.sql.exec("UPDATE schedules SET due = ? WHERE id = ?", at, trigger.id)
    })
    await ring(new Date(at + 2_000).toISOString())
    const [again] = await deliveries(trigger)
    await vi.waitFor(async () => {
      const { executions } = await call(executionsApi.list, {
        token: tenant.token,
        query: { actor: trigger.id },
      })
      expect(executions.map(({ id }) => id)).toEqual([again!.execution_id])
    })
    await call(triggersApi.remove, as(trigger))
  })

  it("whose inputs do not fit fails, in a sentence, and dies after ten in a row", async () => {
    const { trigger } = await create(schedule(hourly, { inputs: {} }))
    let at = Date.parse(trigger.next_fire_at!)
    for (let i = 0; i < 10; i++, at += 3_600_000) await ring(new Date(at).toISOString())
    const { health } = await get(trigger)
    expect(health).toMatchObject({ status: "dead", failures_in_a_row: 10 })
    expect(health.reason).toMatch(/^10 fires have failed in a row; .*inputs/)
    const mended = await call(triggersApi.update, { ...as(trigger), body: schedule(hourly) })
    expect(mended.trigger.health.status).not.toBe("dead")
    await call(triggersApi.remove, as(trigger))
  })

  it("fires when a person asks, which is audited", async () => {
    const { trigger } = await create({ ...schedule(hourly), is_active: false })
    const { delivery } = await call(triggersApi.test, { ...as(trigger), body: {} })
    expect(delivery).toMatchObject({ outcome: "accepted", execution_id: expect.stringMatching(/^exec_/) })
    const viewer = await newMember(tenant, "viewer")
    expect((await ask(triggersApi.test, { ...as(trigger), token: viewer.token, body: {} })).status).toBe(403)
  })
})

describe("a flow trigger", () => {
  const ended = (more: Partial<Ended> = {}): Ended => ({
    execution_id: `exec_00${unique("X")
      .toUpperCase()
      .replace(/[^0-9A-HJKMNP-TV-Z]/g, "0")
      .padStart(26, "0")}` as ExecutionId,
    flow_id: source,
    flow_name: "Source",
    status: "succeeded",
    inputs: {},
    outputs: { name: "Ana" },
    error: undefined,
    actor: tenant.user,
    depth: 0,
    error_flow_id: undefined,
    ...more,
  })
  let source: FlowId
  beforeAll(async () => {
    source = await newFlow()
  })
  const newTrigger = async (config: object = {}) =>
    (
      await create({
        kind: "flow",
        flow_id: flow,
        name: unique("follows"),
        config: { source_flow_id: source, ...config },
      })
    ).trigger
  const tell = (one: Ended) => fireFlowTriggers(testEnv, { id: tenant.id, slot: tenant.slot }, one)

  it("starts its flow with the outputs of the other, once for an execution", async () => {
    const trigger = await newTrigger()
    const one = ended()
    await Promise.all([tell(one), tell(one), tell(one)])
    await tell(one)
    const fired = await deliveries(trigger)
    expect(fired).toMatchObject([{ outcome: "accepted", source_execution_id: one.execution_id }])
    expect((await execution(fired[0]!.execution_id!)).inputs).toEqual({ name: "Ana" })
    await vi.waitFor(async () => {
      const { executions } = await call(executionsApi.list, {
        token: tenant.token,
        query: { actor: trigger.id },
      })
      expect(executions).toHaveLength(1)
    })
    await call(triggersApi.remove, as(trigger))
  })

  it("looks at how the other ended", async () => {
    const onFailure = await newTrigger({
      on: "failed",
      inputs: { mapping: { name: "{{ input.error.message }}" } },
    })
    const onAny = await newTrigger({ on: "any", inputs: { mapping: { name: "{{ input.status }}" } } })
    await tell(ended())
    await tell(ended({ status: "failed", error: { code: "x", message: "It broke" } }))
    await tell(ended({ status: "cancelled" }))
    const inputs = async (trigger: Trigger) =>
      Promise.all(
        (await deliveries(trigger)).map(async ({ execution_id }) => (await execution(execution_id!)).inputs),
      )
    expect(await inputs(onFailure)).toEqual([{ name: "It broke" }])
    expect((await inputs(onAny)).length).toBe(3)
    for (const one of [onFailure, onAny]) await call(triggersApi.remove, as(one))
  })

  it("ends a circle after eight, and says so", async () => {
    const trigger = await newTrigger()
    await tell(ended({ depth: 7 }))
    await tell(ended({ depth: 8 }))
    expect((await deliveries(trigger)).map(({ outcome }) => outcome).sort()).toEqual(["accepted", "failed"])
    expect((await get(trigger)).health).toMatchObject({
      status: "failing",
      reason: expect.stringContaining("circle"),
    })
    await call(triggersApi.remove, as(trigger))
  })

  it("cannot wait for its own flow, or for none", async () => {
    const wrong = (source_flow_id: FlowId) =>
      ask(triggersApi.create, {
        token: tenant.token,
        body: { kind: "flow", flow_id: flow, name: "x", config: { source_flow_id } },
      })
    const paths = ["config.source_flow_id"]
    expect(problemOf(await wrong(flow))).toMatchObject({ status: 400, paths })
    expect(problemOf(await wrong("flow_01JD0000000000000000000000" as FlowId))).toMatchObject({
      status: 400,
      paths,
    })
  })

  it("an execution that a trigger started and that failed counts against the trigger, once", async () => {
    const { trigger } = await create({ kind: "form", flow_id: flow, name: "Fails" })
    const { delivery } = await call(triggersApi.test, { ...as(trigger), body: { body: { name: "x" } } })
    const failed = ended({
      execution_id: delivery.execution_id!,
      flow_id: flow,
      actor: trigger.id,
      status: "failed",
      error: { code: "x", message: "It broke" },
    })
    await tell(failed)
    await tell(failed)
    expect((await get(trigger)).health).toMatchObject({
      status: "failing",
      failures_in_a_row: 1,
      reason: "It broke",
    })
    expect((await deliveries(trigger))[0]).toMatchObject({
      outcome: "accepted",
      reason: "The execution failed: It broke",
    })
    await tell({ ...failed, status: "succeeded", error: undefined })
    expect((await get(trigger)).health.status).toBe("ok")
  })
})

describe("a hosted form", () => {
  const newForm = async (config: object = {}) => {
    const { trigger } = await create({ kind: "form", flow_id: flow, name: unique("form"), config })
    return { trigger, token: trigger.address!.replace("/form/", "") }
  }

  it("shows its questions to anybody with the link, and nothing else", async () => {
    const { token, trigger } = await newForm({ title: "Say hello", description: "**Please**" })
    expect(trigger.address).toMatch(new RegExp(`^/form/${tenant.slug}\\.[\\w-]{43}$`))
    const { form } = await call(formsApi.get, { params: { token } })
    expect(form).toEqual({
      title: "Say hello",
      description: "**Please**",
      submit_label: "Send",
      input_schema: flowDraft().input_schema,
      tenant_name: `The ${tenant.slug} company`,
    })
  })

  it("starts its flow and answers as it was told", async () => {
    const send = async (config: object, inputs: object = { name: "Ana" }) => {
      const { token, trigger } = await newForm(config)
      const answered = await ask(formsApi.submit, { params: { token }, body: { inputs } })
      expect(answered.status).toBe(202)
      expect((await deliveries(trigger))[0]).toMatchObject({ outcome: "accepted" })
      return answered.body.answer
    }
    expect(await send({})).toEqual({ is: "message", message: "Thank you. We have received it." })
    expect(await send({ reply: { mode: "redirect", url: "https://example.com/ok" } })).toEqual({
      is: "redirect",
      url: "https://example.com/ok",
    })
    expect(await send({ reply: { mode: "outputs" } })).toEqual({ is: "outputs", outputs: "Hello Ana" })
  })

  it("refuses answers that do not fit, at their fields", async () => {
    const { token } = await newForm()
    const answered = await ask(formsApi.submit, { params: { token }, body: { inputs: { name: 3 } } })
    expect(problemOf(answered)).toEqual({
      status: 422,
      code: "execution.inputs_invalid",
      paths: ["inputs.name"],
    })
  })

  it("is slow with those who send it in again and again", async () => {
    const { token } = await newForm()
    const answers = await Promise.all(
      Array.from({ length: 66 }, () =>
        ask(formsApi.submit, { params: { token }, body: { inputs: { name: 3 } } }),
      ),
    )
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(0)
    expect(Number(refused[0]!.headers.get("retry-after"))).toBeGreaterThan(0)
  })

  it("is not there for a wrong link, while it is off, or when its flow is gone", async () => {
    const { token, trigger } = await newForm()
    const status = async (one: string) => problemOf(await ask(formsApi.get, { params: { token: one } }))
    const none = { status: 404, code: "form.not_found" }
    for (const wrong of [`${token}x`, token.replace(tenant.slug, "nobody"), token.split(".")[1]!, "x"])
      expect(await status(wrong)).toEqual(none)
    await call(triggersApi.update, {
      ...as(trigger),
      body: { kind: "form", flow_id: flow, name: "Off", is_active: false },
    })
    expect(await status(token)).toEqual(none)
    const doomed = await newFlow()
    const { trigger: other } = await create({ kind: "form", flow_id: doomed, name: "Doomed" })
    await call(flowsApi.remove, { token: tenant.token, params: { flow_id: doomed } })
    expect(await status(other.address!.replace("/form/", ""))).toEqual(none)
  })
})

describe("the sweeper", () => {
  const sweep = () =>
    runInDurableObject(clock(), async (object, state) => {
      state.storage.sql.exec("UPDATE appointments SET due = 0 WHERE name = 'sweep'")
      await (object as unknown as { alarm(): Promise<void> }).alarm()
    })

  it("forgets old deliveries, and makes its next appointment", async () => {
    const { trigger } = await create({ kind: "form", flow_id: flow, name: "Old" })
    await call(triggersApi.test, { ...as(trigger), body: { body: { name: "x" } } })
    const d1 = await databaseOf(tenant.id)
    const old = "update trigger_deliveries set at = '2020-01-01T00:00:00.000Z' where trigger_id = ?"
    await d1.prepare(old).bind(trigger.id).run()
    await create(schedule(hourly)).then(({ trigger: other }) => call(triggersApi.remove, as(other)))
    await sweep()
    expect(await deliveries(trigger)).toEqual([])
    const next = await runInDurableObject(clock(), (_, state) =>
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
        .bind(`exec_00${id.padStart(26, "0")}`, flow, status, created_at, finished_at)
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
