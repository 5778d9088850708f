import type { Trigger, TriggerDraft } from "#core/contract/triggers"
import { Failure, found } from "#core/errors"
import type { TriggerId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, assertVersion, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as triggers from "#worker/db/triggers"
import type { Env } from "#worker/env"
import { syncClock, wakeClock } from "./clock.ts"
import { chooseSecret } from "./secret.ts"
import { factsOf, oneOf, type TriggerSettings } from "./shape.ts"
import { assertWhole, nextFireOf } from "./whole.ts"

/** Changes a trigger; its kind and address stay. It is given another chance: earlier failures count no more. */
export async function updateTrigger(
  env: Env,
  ctx: Ctx,
  settings: TriggerSettings,
  id: TriggerId,
  was: number | undefined,
  draft: TriggerDraft,
): Promise<{ trigger: Trigger; secret: string | null }> {
  allow(ctx.actor, "trigger.edit")
  const before = found(await triggers.byId(ctx.db, id), "trigger.not_found")
  assertVersion(before.version, was)
  if (draft.kind !== before.kind) {
    const message = `This trigger is a ${before.kind} and stays one`
    throw new Failure("request.invalid", { errors: [{ path: "kind", message }] })
  }
  const { flow_name } = await assertWhole(ctx, draft)
  const { kept, told } = await chooseSecret(ctx, settings, id, draft, before)
  const change = {
    flow_id: draft.flow_id,
    name: draft.name,
    config: draft.config,
    is_active: draft.is_active,
    ...kept,
    source_flow_id: draft.kind === "flow" ? draft.config.source_flow_id : null,
    next_fire_at: nextFireOf(draft, ctx.now),
    failures_in_a_row: 0,
    ...(draft.is_active ? {} : { listen_until: null }),
    updated_at: isoTime(ctx.now),
  }
  const after = { ...before, ...change, flow_name, source_gone: false, version: before.version + 1 }
  const facts = {
    before: factsOf(before),
    after: { ...factsOf(after), new_secret: kept.secret !== before.secret },
  }
  if (draft.kind === "schedule") await wakeClock(env, ctx.tenant)
  const reply = await commit(
    ctx,
    { trigger: await oneOf(ctx, settings, after), secret: told },
    triggers.save(ctx.db, id, before.version, change),
    audit(ctx, "trigger.update", { target: id, ...facts }),
  )
  if (draft.kind === "schedule") await syncClock(env, ctx.tenant)
  return reply
}
