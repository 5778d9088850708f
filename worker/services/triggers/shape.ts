import { can } from "#core/access/roles"
import type { Delivery, Trigger, TriggerHealth } from "#core/contract/triggers"
import type { Ctx } from "#worker/context"
import type { DeliveryRow } from "#worker/db/trigger-deliveries"
import { deadAfter, deadly, executionFailed, type TriggerSeen } from "#worker/db/triggers"
import type { Settings } from "#worker/env"
import type { Place } from "#worker/secrets/vault"
import { addressOf, slugOf } from "./address.ts"

export type TriggerSettings = Pick<Settings, "PEPPER" | "SECRETS_KEK" | "QUOTAS">

/** Where a webhook's secret lies, which its ciphertext is bound to. */
export const secretPlace = (tenant: string, row: string): Place => ({
  tenant,
  table: "triggers",
  row,
  field: "secret",
  version: 1,
})

/** How a trigger fares. The filter of `worker/db/triggers.ts` says the same as SQL. */
export function healthOf(row: TriggerSeen): TriggerHealth {
  const { failures_in_a_row, last_error, last_error_at } = row
  const facts = { failures_in_a_row, last_error, last_error_at }
  const dead = deathOf(row)
  if (dead !== undefined) return { status: "dead", reason: dead, ...facts }
  if (failures_in_a_row > 0) return { status: "failing", reason: last_error, ...facts }
  return { status: row.last_fired_at === null ? "never_fired" : "ok", reason: null, ...facts }
}

function deathOf(row: TriggerSeen): string | undefined {
  const { failures_in_a_row: failures, last_error } = row
  if (row.flow_name === null) return "Its flow is deleted."
  if (row.source_gone) return "The flow that it watches is deleted."
  if (failures > 0 && deadly.includes(row.last_error_code ?? "")) return last_error ?? "Its flow has errors."
  if (failures < deadAfter) return undefined
  const what = row.last_error_code === executionFailed ? "executions have failed" : "fires have failed"
  return `${failures} ${what} in a row; the last: ${last_error ?? "unknown"}`
}

/** Rows as an actor may see them: the address is only for those who may change the trigger. */
export async function triggersOf(
  ctx: Ctx,
  settings: TriggerSettings,
  rows: readonly TriggerSeen[],
): Promise<Trigger[]> {
  const mayEdit = can(ctx.actor, "trigger.edit")
  const tenant = { id: ctx.tenant.id, slug: mayEdit ? await slugOf(ctx, ctx.tenant.id) : "" }
  return rows.map((row) => triggerOf(row, mayEdit ? addressOf(settings, tenant, row) : null))
}

/** One row, as its reader may see it. */
export async function oneOf(ctx: Ctx, settings: TriggerSettings, row: TriggerSeen): Promise<Trigger> {
  const [trigger] = await triggersOf(ctx, settings, [row])
  return trigger!
}

function triggerOf(row: TriggerSeen, address: string | null): Trigger {
  const { id, flow_id, flow_name, name, kind, is_active, last_fired_at, config } = row
  const { version, created_by, created_at, updated_at } = row
  const signs = kind === "webhook" && signatureOf(row) !== "none"
  return {
    id,
    flow_id,
    flow_name,
    name,
    kind,
    config,
    is_active,
    health: healthOf(row),
    last_fired_at,
    next_fire_at: is_active && row.deleted_at === null ? row.next_fire_at : null,
    address,
    secret: signs ? { set: row.secret !== null, hint: row.hint ?? "" } : null,
    version,
    created_by,
    created_at,
    updated_at,
    // The column holds what its kind's schema let in.
  } as Trigger
}

const signatureOf = ({ config }: TriggerSeen): string =>
  "signature" in config ? config.signature.kind : "none"

/** What the audit log keeps of a trigger. */
export const factsOf = ({ name, kind, flow_id, is_active, config, hint }: TriggerSeen) => ({
  name,
  kind,
  flow_id,
  is_active,
  config,
  ...(hint === null ? {} : { secret: hint }),
})

const excerptLength = 4_000

/** What a sender did wrong is not made right by doing it again, and of a refused body not all is kept. */
export const canRedeliver = ({ outcome, body }: DeliveryRow): boolean =>
  outcome !== "refused" && body !== null

/** A delivery as people see it. */
export function deliveryOf(row: DeliveryRow): Delivery {
  const { once: _once, body, ...rest } = row
  return {
    ...rest,
    body_excerpt: body?.slice(0, excerptLength) ?? "",
    can_redeliver: canRedeliver(row),
  }
}
