import { TriggerDraft, type Trigger } from "#core/contract/triggers"
import { found } from "#core/errors"
import type { TriggerId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as triggers from "#worker/db/triggers"
import type { Env } from "#worker/env"
import { syncClock, wakeClock } from "./clock.ts"
import { oneOf, type TriggerSettings } from "./shape.ts"
import { nextFireOf } from "./whole.ts"

/** Deletes a trigger softly: its address answers 404 and its schedule stops, until it is restored. */
export async function removeTrigger(env: Env, ctx: Ctx, id: TriggerId): Promise<void> {
  allow(ctx.actor, "trigger.edit")
  const row = found(await triggers.byId(ctx.db, id), "trigger.not_found")
  await commit(
    ctx,
    undefined,
    triggers.save(ctx.db, id, row.version, { deleted_at: isoTime(ctx.now), listen_until: null }),
    audit(ctx, "trigger.delete", { target: id, before: { name: row.name } }),
  )
  if (row.kind === "schedule") await syncClock(env, ctx.tenant)
}

/** Brings a deleted trigger back with its address and secret; a schedule goes on from now. */
export async function restoreTrigger(
  env: Env,
  ctx: Ctx,
  settings: TriggerSettings,
  id: TriggerId,
): Promise<{ trigger: Trigger }> {
  allow(ctx.actor, "trigger.edit")
  const row = found(await triggers.deletedById(ctx.db, id), "trigger.not_found")
  const { flow_id, name, kind, config, is_active } = row
  const draft = TriggerDraft.parse({ flow_id, name, kind, config, is_active })
  const change = { deleted_at: null, next_fire_at: nextFireOf(draft, ctx.now) }
  const back = { ...row, ...change, version: row.version + 1 }
  if (kind === "schedule") await wakeClock(env, ctx.tenant)
  const reply = await commit(
    ctx,
    { trigger: await oneOf(ctx, settings, back) },
    triggers.save(ctx.db, id, row.version, change),
    audit(ctx, "trigger.restore", { target: id, after: { name } }),
  )
  if (kind === "schedule") await syncClock(env, ctx.tenant)
  return reply
}
