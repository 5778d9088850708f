import type { WebhookConfig } from "#core/contract/trigger-config"
import { Failure } from "#core/errors"
import { isSettled } from "#core/execution/status"
import { newId, type DeliveryId, type ExecutionId } from "#core/ids"
import { isoTime } from "#worker/context"
import * as deliveries from "#worker/db/trigger-deliveries"
import type { DeliveryRow } from "#worker/db/trigger-deliveries"
import * as receipts from "#worker/db/trigger-receipts"
import * as triggers from "#worker/db/triggers"
import type { TriggerRow } from "#worker/db/triggers"
import type { Env } from "#worker/env"
import { marksOf } from "./dedupe.ts"
import { begin, deliveryRow, isSenders, note, sentenceOf, type Begun, type Site } from "./fire.ts"
import type { Occasion } from "./inputs.ts"

type Started = Extract<Begun, { ok: true }>["started"]

/** How a webhook's sender is answered. */
export type HookAnswer =
  | { is: "accepted"; execution_id: ExecutionId; status: 202 }
  | { is: "ended"; execution_id: ExecutionId; started: Started; status: 200 }
  | { is: "duplicate"; execution_id: ExecutionId; status: 200 }
  | { is: "captured"; status: 202 }

/** A delivery whose signature is right. */
export type Admitted = {
  row: TriggerRow
  config: WebhookConfig
  headers: Headers
  occasion: Extract<Occasion, { is: "webhook" }>
  /** SHA-256 of the raw body. */
  digest: string
  /** Where the sender reached us. */
  origin: string
}

/**
 * Starts one execution for all deliveries that are the same. The claim is written before the execution is begun, under a key
 * that its lane remembers: whoever comes while the first is under way, or after it has died, gets the same execution.
 */
export async function takeDelivery(env: Env, site: Site, admitted: Admitted): Promise<HookAnswer> {
  const { row, config, occasion, digest, origin } = admitted
  const id = newId<DeliveryId>("dlv", site.now, site.chance)
  const delivery = (facts: Partial<DeliveryRow> & Pick<DeliveryRow, "outcome">) =>
    deliveryRow(site, row, occasion, { id, digest, ...facts })

  const isHeard = row.listen_until !== null && (await triggers.hear(site.db, row.id, id, isoTime(site.now)))
  if (isHeard && !row.listen_starts) {
    await deliveries.add(site.db, delivery({ outcome: "captured", status: 202 }))
    return { is: "captured", status: 202 }
  }
  const receipt = await receiptOf(site, id, admitted)
  const key = `delivery ${receipt.claim}`
  const begun: Begun = receipt.execution_id
    ? { ok: true, started: { is: "started", execution_id: receipt.execution_id, status: "running" } }
    : await begin(env, site, row, occasion, { key, origin })
  if (!begun.ok) {
    await receipts.release(site.db, row.id, receipt.claim)
    const { failure } = begun
    const outcome = isSenders(failure) ? "refused" : "failed"
    const reason = sentenceOf(failure)
    await deliveries.add(site.db, delivery({ outcome, reason, status: failure.status }))
    await note(site, row, begun, outcome === "refused")
    throw failure
  }
  const { execution_id } = begun.started
  const written = (facts: Partial<DeliveryRow> & Pick<DeliveryRow, "outcome">) =>
    receipts.settle(site.db, receipt.claim, { ...delivery(facts), execution_id })
  if (receipt.claim !== id) {
    // The first has the body; a hundred copies of it would say nothing new.
    await written({ outcome: "duplicate", status: 200, ...(isHeard ? {} : { body: null }) })
    return { is: "duplicate", execution_id, status: 200 }
  }
  const answer = await answerOf(config, begun.started, async (waitMs) => {
    const again = await begin(env, site, row, occasion, { key, waitMs, origin })
    return again.ok ? again.started : begun.started
  })
  await written({ outcome: "accepted", status: answer.status })
  await note(site, row, begun)
  if (answer instanceof Failure) throw answer
  return answer
}

/** The claim that this delivery stands under: its own, when it is the first of its kind or nothing is to be known again. */
async function receiptOf(
  site: Site,
  id: DeliveryId,
  { row, config, headers, occasion, digest }: Admitted,
): Promise<receipts.Receipt> {
  const [mark, ...marks] = marksOf(config, headers, occasion.envelope, digest, site.now)
  if (!mark) return { claim: id, execution_id: null }
  const known = await receipts.known(site.db, row.id, [mark, ...marks], site.now)
  return known ?? receipts.claim(site.db, row.id, id, [mark, ...marks], site.now)
}

/** At once, or with the outputs. Waiting is asked for under the same key, when the execution has long been begun. */
async function answerOf(
  { reply }: WebhookConfig,
  started: Started,
  wait: (ms: number) => Promise<Started>,
): Promise<HookAnswer | Failure> {
  const { execution_id } = started
  if (reply.mode === "accepted") return { is: "accepted", execution_id, status: 202 }
  const ended = await wait(reply.wait_seconds * 1000)
  if (isSettled(ended.status)) return { is: "ended", execution_id, started: ended, status: 200 }
  if (reply.on_timeout === "accepted") return { is: "accepted", execution_id, status: 202 }
  return new Failure("hook.no_outputs_yet", { more: { execution_id } })
}
