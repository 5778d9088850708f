import type { Trigger, TriggerDraft } from "#core/contract/triggers"
import { actorId } from "#core/access/roles"
import { newId, type TriggerId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as triggers from "#worker/db/triggers"
import { digestOf } from "#worker/digest"
import type { Env } from "#worker/env"
import { tokenOf } from "./address.ts"
import { syncClock, wakeClock } from "./clock.ts"
import { chooseSecret } from "./secret.ts"
import { factsOf, oneOf, type TriggerSettings } from "./shape.ts"
import { assertWhole, nextFireOf } from "./whole.ts"

/** Creates a trigger with its address, or its place on the clock. */
export async function createTrigger(
  env: Env,
  ctx: Ctx,
  settings: TriggerSettings,
  draft: TriggerDraft,
): Promise<{ trigger: Trigger; secret: string | null }> {
  allow(ctx.actor, "trigger.edit")
  const { flow_name } = await assertWhole(ctx, draft)
  const id = newId<TriggerId>("trig", ctx.now, ctx.chance)
  const at = isoTime(ctx.now)
  const { kept, told } = await chooseSecret(ctx, settings, id, draft)
  const hasAddress = draft.kind === "webhook" || draft.kind === "form"
  const row: triggers.TriggerRow = {
    id,
    flow_id: draft.flow_id,
    name: draft.name,
    kind: draft.kind,
    config: draft.config,
    is_active: draft.is_active,
    token_digest: hasAddress ? digestOf(tokenOf(settings, ctx.tenant.id, id, 1)) : null,
    token_number: 1,
    ...kept,
    source_flow_id: draft.kind === "flow" ? draft.config.source_flow_id : null,
    last_fired_at: null,
    next_fire_at: nextFireOf(draft, ctx.now),
    failures_in_a_row: 0,
    last_error: null,
    last_error_code: null,
    last_error_at: null,
    listen_until: null,
    listen_starts: false,
    heard_delivery: null,
    version: 1,
    created_by: actorId(ctx.actor),
    created_at: at,
    updated_at: at,
    deleted_at: null,
  }
  const seen = { ...row, flow_name, source_gone: false }
  if (draft.kind === "schedule") await wakeClock(env, ctx.tenant)
  const reply = await commit(
    ctx,
    { trigger: await oneOf(ctx, settings, seen), secret: told },
    triggers.insert(row),
    audit(ctx, "trigger.create", { target: id, after: factsOf(seen) }),
  )
  if (draft.kind === "schedule") await syncClock(env, ctx.tenant)
  return reply
}
