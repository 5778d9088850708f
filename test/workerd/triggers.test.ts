import { beforeAll, describe, expect, it } from "vitest"
import { flowsApi } from "#core/contract/flows"
import { triggersApi } from "#core/contract/triggers"
import { ask, call, problemOf } from "#test/kit/api"
import { databaseOf, dump } from "#test/kit/dump"
import { newMember } from "#test/kit/tenants"
import { hourly, type TriggerDraft, TriggerWorld } from "#test/kit/triggers"

let world: TriggerWorld
let tenant: TriggerWorld["tenant"]
beforeAll(async () => {
  world = await TriggerWorld.make()
  tenant = world.tenant
})

describe("triggers", () => {
  it("are created, changed, deleted and restored, each audited, with an ETag that guards them", async () => {
    const made = await ask(triggersApi.create, { token: tenant.token, body: world.schedule(hourly) })
    expect([made.status, made.headers.get("etag")]).toEqual([201, '"v1"'])
    const { trigger } = made.body
    expect(trigger).toMatchObject({
      flow_id: world.flow,
      health: { status: "never_fired" },
      address: null,
      secret: null,
      is_active: true,
    })
    expect(Date.parse(trigger.next_fire_at!) - Date.now()).toBeLessThanOrEqual(3_600_000)
    const body = { ...world.schedule(hourly), name: "Renamed", is_active: false }
    const stale = await ask(triggersApi.update, {
      ...world.as(trigger),
      body,
      headers: { "if-match": '"v2"' },
    })
    expect(problemOf(stale)).toEqual({ status: 412, code: "conflict.stale" })
    const changed = await call(triggersApi.update, {
      ...world.as(trigger),
      body,
      headers: { "if-match": '"v1"' },
    })
    expect(changed.trigger).toMatchObject({
      name: "Renamed",
      version: 2,
      is_active: false,
      next_fire_at: null,
    })
    await call(triggersApi.remove, world.as(trigger))
    expect((await ask(triggersApi.get, world.as(trigger))).status).toBe(404)
    const gone = await call(triggersApi.list, { token: tenant.token, query: { deleted: "true" } })
    expect(gone.triggers.map(({ id }) => id)).toEqual([trigger.id])
    expect((await call(triggersApi.restore, world.as(trigger))).trigger.version).toBe(4)
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
    const mine = await world.newFlow()
    const active = await world.create({ ...world.schedule(hourly), flow_id: mine })
    await world.create({ ...world.schedule(hourly), flow_id: mine, is_active: false })
    await world.create({ kind: "form", flow_id: mine, name: "A form" })
    const list = async (query: Record<string, string>) =>
      (await call(triggersApi.list, { token: tenant.token, query: { flow_id: mine, ...query } })).total
    expect(await list({})).toBe(3)
    expect(await list({ kind: "form" })).toBe(1)
    expect(await list({ status: "never_fired" })).toBe(2)
    expect(await list({ status: "inactive" })).toBe(1)
    expect(await list({ search: "a FORM" })).toBe(1)
    const { triggers } = await call(triggersApi.list, { token: tenant.token, query: { flow_id: mine } })
    expect(triggers.find(({ id }) => id === active.trigger.id)).toEqual(await world.get(active.trigger))
    await call(flowsApi.remove, { token: tenant.token, params: { flow_id: mine } })
    expect(await list({ status: "dead" })).toBe(2)
    expect(await world.get(active.trigger)).toMatchObject({
      flow_name: null,
      health: { status: "dead", reason: "Its flow is deleted." },
    })
  })

  it.each<[string, TriggerDraft["kind"], object, string[]]>([
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
    const body = { kind, flow_id: world.flow, name: "Wrong", config }
    expect(problemOf(await ask(triggersApi.create, { token: tenant.token, body }))).toEqual({
      status: 400,
      code: "request.invalid",
      paths,
    })
  })

  it("tell a secret once, keep the one that is set, and show addresses to those only who may change them", async () => {
    const draft = {
      kind: "webhook",
      flow_id: world.flow,
      name: "Signed",
      config: { signature: { kind: "standard_webhooks" } },
    } as const
    const made = await world.create(draft)
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(made.trigger.secret).toEqual({ set: true, hint: `…${made.secret!.slice(-4)}` })
    expect((await call(triggersApi.update, { ...world.as(made.trigger), body: draft })).secret).toBeNull()
    const other = await call(triggersApi.update, {
      ...world.as(made.trigger),
      body: { ...draft, config: { signature: { kind: "github" } } },
    })
    expect(other.secret).toMatch(/^[\w-]{43}$/)
    const rotated = await call(triggersApi.rotate, { ...world.as(made.trigger), body: { what: "secret" } })
    expect(rotated.secret).not.toBe(other.secret)
    const text = JSON.stringify(await dump(await databaseOf(tenant.id)))
    for (const secret of [made.secret!, other.secret!, rotated.secret!]) expect(text).not.toContain(secret)
    const viewer = await newMember(tenant, "viewer")
    const seen = await call(triggersApi.get, { ...world.as(made.trigger), token: viewer.token })
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
