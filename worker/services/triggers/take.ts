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
  const { row, config, headers, occasion, digest, origin } = admitted
  const id = newId<DeliveryId>("dlv", site.now, site.chance)
  const written = (facts: Partial<DeliveryRow> & Pick<DeliveryRow, "outcome">) =>
    deliveries.add(site.db, deliveryRow(site, row, occasion, { id, digest, ...facts }))

  const isHeard = row.listen_until !== null && (await triggers.hear(site.db, row.id, id, isoTime(site.now)))
  if (isHeard && !row.listen_starts) {
    await written({ outcome: "captured", status: 202 })
    return { is: "captured", status: 202 }
  }
  const [mark, ...marks] = marksOf(config, headers, occasion.envelope, digest, site.now)
  const receipt = mark && (await receipts.claim(site.db, row.id, id, [mark, ...marks], site.now))
  const duplicate = async (execution_id: ExecutionId): Promise<HookAnswer> => {
    // The first has the body; a hundred copies of it would say nothing new.
    await written({ outcome: "duplicate", execution_id, status: 200, ...(isHeard ? {} : { body: null }) })
    return { is: "duplicate", execution_id, status: 200 }
  }
  if (receipt?.execution_id) return duplicate(receipt.execution_id)

  const key = `delivery ${receipt?.claim ?? id}`
  const begun = await begin(env, site, row, occasion, { key, origin })
  if (!begun.ok) {
    if (receipt) await receipts.release(site.db, row.id, receipt.claim)
    const { failure } = begun
    const outcome = isSenders(failure) ? "refused" : "failed"
    await written({ outcome, reason: sentenceOf(failure), status: failure.status })
    await note(site, row, begun, outcome === "refused")
    throw failure
  }
  const { execution_id } = begun.started
  if (receipt) await receipts.settle(site.db, row.id, receipt.claim, execution_id)
  if (receipt && receipt.claim !== id) return duplicate(execution_id)
  await note(site, row, begun)
  const answer = await answerOf(config, begun.started, async (waitMs) => {
    const again = await begin(env, site, row, occasion, { key, waitMs, origin })
    return again.ok ? again.started : begun.started
  })
  await written({ outcome: "accepted", execution_id, status: answer.status })
  if (answer instanceof Failure) throw answer
  return answer
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
