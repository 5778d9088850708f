import type { BodyOf, ReplyOf } from "#core/contract/endpoint"
import type { triggersApi } from "#core/contract/triggers"
import { Failure, found } from "#core/errors"
import type { TriggerId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as deliveries from "#worker/db/trigger-deliveries"
import * as triggers from "#worker/db/triggers"
import { envelopeOf } from "./envelope.ts"
import { deliveryOf } from "./shape.ts"

type Listening = ReplyOf<typeof triggersApi.heard>

const listenMs = 120_000
const askMs = 500

/** Waits for a webhook's next delivery, to show it; a listening that is under way begins anew. */
export async function listenToTrigger(
  ctx: Ctx,
  id: TriggerId,
  { start, stop }: BodyOf<typeof triggersApi.listen>,
): Promise<Listening> {
  allow(ctx.actor, "trigger.edit")
  const row = found(await triggers.byId(ctx.db, id), "trigger.not_found")
  if (row.kind !== "webhook" || (!row.is_active && !stop)) throw new Failure("trigger.not_listenable")
  const until = stop ? null : isoTime(ctx.now + listenMs)
  const reply = { is_listening: !stop, until, delivery: null, sample: null }
  return commit(
    ctx,
    reply,
    triggers.listen(ctx.db, id, until, start),
    audit(ctx, "trigger.listen", { target: id, after: { until, start } }),
  )
}

/** What was heard; with `waitSeconds` not before there is something, the listening has ended, or that time is over. */
export async function heardByTrigger(ctx: Ctx, id: TriggerId, waitSeconds: number): Promise<Listening> {
  allow(ctx.actor, "trigger.read")
  for (const end = Date.now() + waitSeconds * 1000; ;) {
    const row = found(await triggers.byId(ctx.db, id), "trigger.not_found")
    const isOver = row.listen_until === null || row.listen_until <= isoTime(Date.now())
    if (isOver || Date.now() + askMs > end) return heardIn(ctx, row, !isOver)
    await new Promise((resolve) => setTimeout(resolve, askMs))
  }
}

async function heardIn(ctx: Ctx, row: triggers.TriggerRow, is_listening: boolean): Promise<Listening> {
  const heard =
    row.heard_delivery === null ? undefined : await deliveries.byId(ctx.db, row.id, row.heard_delivery)
  const until = is_listening ? row.listen_until : null
  if (!heard) return { is_listening, until, delivery: null, sample: null }
  const { headers, query, method, body } = heard
  const sample = envelopeOf(body ?? "", { headers, query, method: method ?? "POST" })
  return { is_listening, until, delivery: deliveryOf(heard), sample }
}
