import type { Delivery } from "#core/contract/triggers"
import { Failure, found } from "#core/errors"
import type { DeliveryId, TriggerId } from "#core/ids"
import type { Json } from "#core/json"
import { audit } from "#worker/audit/record"
import { allow, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as deliveries from "#worker/db/trigger-deliveries"
import * as triggers from "#worker/db/triggers"
import type { Env } from "#worker/env"
import { fire } from "./fire.ts"
import { occasionOf, sampleOccasion } from "./occasion.ts"
import { canRedeliver, deliveryOf } from "./shape.ts"

/** Fires a trigger as a person asks, with what they made up. */
export async function testTrigger(
  env: Env,
  ctx: Ctx,
  id: TriggerId,
  body: Json,
  origin: string,
): Promise<{ delivery: Delivery }> {
  allow(ctx.actor, "trigger.edit")
  const row = found(await triggers.byId(ctx.db, id), "trigger.not_found")
  // Noted first: who fires is known, also when we die in the middle.
  await commit({ db: ctx.db }, undefined, audit(ctx, "trigger.test", { target: id }, true))
  const source = {
    execution_id: null,
    flow_id: row.source_flow_id ?? row.flow_id,
    status: "succeeded",
    outputs: null,
    error: null,
  } as const
  const { delivery } = await fire(env, ctx, row, sampleOccasion(row, body, ctx.now, source), { origin })
  return { delivery: deliveryOf(delivery) }
}

/** Delivers once more what came before, past every check for duplicates. */
export async function redeliver(
  env: Env,
  ctx: Ctx,
  id: TriggerId,
  deliveryId: DeliveryId,
  origin: string,
): Promise<{ delivery: Delivery }> {
  allow(ctx.actor, "trigger.edit")
  const row = found(await triggers.byId(ctx.db, id), "trigger.not_found")
  const before = found(await deliveries.byId(ctx.db, id, deliveryId), "delivery.not_found")
  if (!canRedeliver(before)) throw new Failure("delivery.not_kept")
  const occasion = occasionOf(row, before)
  const deed = { target: id, after: { delivery_id: deliveryId } }
  await commit({ db: ctx.db }, undefined, audit(ctx, "trigger.redeliver", deed, true))
  const facts = { redelivery_of: deliveryId }
  const { delivery } = await fire(env, ctx, row, occasion, { origin, facts })
  return { delivery: deliveryOf(delivery) }
}
