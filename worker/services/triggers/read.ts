import { pageInfo, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import type { triggersApi } from "#core/contract/triggers"
import { found } from "#core/errors"
import { nextFires, timingFaults } from "#core/schedule/timing"
import type { BodyOf } from "#core/contract/endpoint"
import type { TriggerId } from "#core/ids"
import { allow, isoTime, type Ctx } from "#worker/context"
import * as deliveries from "#worker/db/trigger-deliveries"
import * as triggers from "#worker/db/triggers"
import { deliveryOf, oneOf, triggersOf, type TriggerSettings } from "./shape.ts"

/** A page of the tenant's triggers. */
export async function listTriggers(
  ctx: Ctx,
  settings: TriggerSettings,
  query: QueryOf<typeof triggersApi.list>,
): Promise<ReplyOf<typeof triggersApi.list>> {
  allow(ctx.actor, "trigger.read")
  const { rows, total } = await triggers.list(ctx.db, query)
  return {
    triggers: await triggersOf(ctx, settings, rows),
    total,
    page_info: pageInfo(query.page, query.limit, total),
  }
}

export async function getTrigger(ctx: Ctx, settings: TriggerSettings, id: TriggerId) {
  allow(ctx.actor, "trigger.read")
  const row = found(await triggers.byId(ctx.db, id), "trigger.not_found")
  return { trigger: await oneOf(ctx, settings, row) }
}

/** The last deliveries of a trigger. */
export async function listDeliveries(
  ctx: Ctx,
  id: TriggerId,
  query: QueryOf<typeof triggersApi.deliveries>,
): Promise<ReplyOf<typeof triggersApi.deliveries>> {
  allow(ctx.actor, "trigger.read")
  found(await triggers.byId(ctx.db, id), "trigger.not_found")
  const { rows, total } = await deliveries.list(ctx.db, id, query)
  return { deliveries: rows.map(deliveryOf), total, page_info: pageInfo(query.page, query.limit, total) }
}

/** The next fires of a schedule that is being written. The browser asks core the same and needs no server for it. */
export async function previewSchedule(
  ctx: Ctx,
  { cron, time_zone, after }: BodyOf<typeof triggersApi.previewSchedule>,
): Promise<ReplyOf<typeof triggersApi.previewSchedule>> {
  allow(ctx.actor, "trigger.read")
  const from = after === undefined ? ctx.now : Date.parse(after)
  const timing = { kind: "cron", cron, time_zone } as const
  const findings = timingFaults(timing, from)
  return { fires: findings.length > 0 ? [] : nextFires(timing, from, 3).map(isoTime), findings }
}
