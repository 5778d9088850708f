import type { DeliveryOutcome } from "#core/contract/triggers"
import { Failure } from "#core/errors"
import { newId, type DeliveryId, type TenantId } from "#core/ids"
import { isoTime, type BaseCtx } from "#worker/context"
import type { Db } from "#worker/db/commit"
import { faultOf } from "#worker/db/fault"
import * as deliveries from "#worker/db/trigger-deliveries"
import type { DeliveryRow } from "#worker/db/trigger-deliveries"
import * as triggers from "#worker/db/triggers"
import type { TriggerRow } from "#worker/db/triggers"
import { digestOf } from "#worker/digest"
import type { Env } from "#worker/env"
import type { StartOptions } from "#worker/services/executions/beginning"
import { startExecution } from "#worker/services/executions/start"
import { isPassing } from "#worker/services/tenants/standing"
import { inputsOf, type Occasion } from "./inputs.ts"

/** Where a trigger fires: in a tenant, and asked by nobody who has a context of their own. */
export type Site = BaseCtx & { tenant: { id: TenantId; slot: string }; db: Db }

type Running = Awaited<ReturnType<typeof startExecution>>
export type Begun = { ok: true; started: Running } | { ok: false; failure: Failure }

type BeginOptions = Partial<Pick<StartOptions, "waitMs" | "depth" | "origin">> & { key?: string | undefined }

/** Starts the trigger's flow, as the trigger. The same key starts one execution. A trouble of nobody's foreseeing is thrown. */
export async function begin(
  env: Env,
  site: Site,
  row: TriggerRow,
  occasion: Occasion,
  options: BeginOptions = {},
): Promise<Begun> {
  const ctx = { ...site, actor: { is: "trigger", id: row.id } as const }
  const { key, waitMs = 0, depth, origin } = options
  const idempotency =
    key === undefined ? undefined : { key: digestOf(`trig:${row.id}:${key}`), digest: digestOf(key) }
  try {
    const inputs = await inputsOf(row, occasion, site.now)
    const how = { waitMs, idempotency, depth, origin }
    return { ok: true, started: await startExecution(env, ctx, row.flow_id, { inputs, config: {} }, how) }
  } catch (error) {
    const failure = error instanceof Failure ? error : faultOf(error)
    if (!failure) throw error
    return { ok: false, failure }
  }
}

/** What a sender did wrong, as against what is wrong here. */
const sendersFaults: readonly string[] = ["execution.inputs_invalid", "request.too_large"]

export const isSenders = ({ code }: Failure): boolean => sendersFaults.includes(code)

/** A failure in a sentence that names the fields. */
export const sentenceOf = ({ message, more }: Failure): string =>
  more.errors?.length
    ? `${message} ${more.errors
        .slice(0, 5)
        .map(({ path, message: fault }) => `${path}: ${fault}`)
        .join("; ")}`
    : message

/** A delivery to be written down: what fired the trigger, and nothing yet of what came of it. */
export function deliveryRow(
  site: Pick<Site, "now" | "chance">,
  row: TriggerRow,
  occasion: Occasion,
  facts: Partial<DeliveryRow> & { outcome: DeliveryOutcome },
): DeliveryRow {
  const text = bodyText(occasion)
  const envelope = occasion.is === "webhook" ? occasion.envelope : undefined
  return {
    id: newId<DeliveryId>("dlv", site.now, site.chance),
    trigger_id: row.id,
    once: null,
    at: isoTime(site.now),
    reason: null,
    status: null,
    execution_id: null,
    method: envelope?.method ?? null,
    query: envelope?.query ?? {},
    headers: envelope?.headers ?? {},
    digest: text === "" ? null : digestOf(text),
    body: text,
    body_bytes: new TextEncoder().encode(text).byteLength,
    scheduled_for: occasion.is === "schedule" ? isoTime(occasion.at) : null,
    source_execution_id: occasion.is === "flow" ? occasion.ended.execution_id : null,
    redelivery_of: null,
    ...facts,
  }
}

function bodyText(occasion: Occasion): string {
  switch (occasion.is) {
    case "webhook":
      return occasion.text
    case "schedule":
      return ""
    case "form":
      return JSON.stringify(occasion.inputs)
    case "flow":
      return JSON.stringify(occasion.ended)
    default:
      return occasion satisfies never
  }
}

export type Fired = { delivery: DeliveryRow; begun: Begun }

/**
 * Fires a trigger and writes down what came of it. A passing trouble is thrown, and nothing is written: whoever fires tries again,
 * with the same key.
 */
export async function fire(
  env: Env,
  site: Site,
  row: TriggerRow,
  occasion: Occasion,
  options: BeginOptions & { facts?: Partial<DeliveryRow> } = {},
): Promise<Fired> {
  const { facts = {}, ...how } = options
  const begun = await begin(env, site, row, occasion, how)
  if (!begun.ok && isPassing(begun.failure)) throw begun.failure
  const outcome = outcomeOf(begun, occasion)
  const came = begun.ok
    ? { outcome, execution_id: begun.started.execution_id }
    : { outcome, reason: sentenceOf(begun.failure) }
  const delivery = deliveryRow(site, row, occasion, { ...facts, ...came })
  await deliveries.add(site.db, delivery)
  await note(site, row, begun)
  return { delivery, begun }
}

const outcomeOf = (begun: Begun, { is }: Occasion): DeliveryOutcome => {
  if (begun.ok) return "accepted"
  return isSenders(begun.failure) && (is === "webhook" || is === "form") ? "refused" : "failed"
}

/** Brings the trigger's health up to what came of a fire. */
export async function note(site: Site, row: TriggerRow, begun: Begun, refused = false): Promise<void> {
  const at = isoTime(site.now)
  if (begun.ok) return triggers.noteFired(site.db, row.id, at)
  const { failure } = begun
  if (refused || isPassing(failure)) return
  await triggers.noteFailed(site.db, row.id, { at, code: failure.code, message: sentenceOf(failure) })
}
