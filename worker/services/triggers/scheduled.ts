import { ScheduleConfig } from "#core/contract/trigger-config"
import type { TriggerId } from "#core/ids"
import { isoTime } from "#worker/context"
import * as deliveries from "#worker/db/trigger-deliveries"
import * as triggers from "#worker/db/triggers"
import type { Env } from "#worker/env"
import { deliveryRow, fire, type Site } from "./fire.ts"

/** A tenant's schedules as its clock keeps them. */
export async function schedulesOf({ db }: Site) {
  const rows = await triggers.schedules(db)
  return rows.map(({ id, config, next_fire_at }) => {
    const { timing, missed } = ScheduleConfig.parse(config)
    return { id, timing, missed, next: next_fire_at === null ? undefined : Date.parse(next_fire_at) }
  })
}

const onceAt = (at: number): string => `at ${at}`

/**
 * Fires a schedule for a time. The execution is begun under the key `trig:<id>:at <time>`, and the delivery is written once for
 * that time: whatever a crash comes between, a repeat finds the one or the other.
 */
export async function fireScheduled(env: Env, site: Site, id: TriggerId, at: number): Promise<void> {
  const row = await triggers.byId(site.db, id)
  if (!row?.is_active) return
  const once = onceAt(at)
  if (await deliveries.byOnce(site.db, id, once)) return
  await fire(env, site, row, { is: "schedule", at }, { key: once, facts: { once } })
}

/** Notes fires that were left out, as the policy says, and when the next is. */
export async function noteMoved(
  site: Site,
  id: TriggerId,
  skipped: readonly number[],
  next: number | undefined,
): Promise<void> {
  await triggers.noteNext(site.db, id, next === undefined ? null : isoTime(next))
  const row = skipped.length > 0 ? await triggers.byId(site.db, id) : undefined
  if (!row) return
  const reason =
    "It could not fire at its time, when the server was down or the workspace suspended, and its policy leaves such fires out."
  const [first, ...rest] = skipped.map((at) =>
    deliveryRow(site, row, { is: "schedule", at }, { outcome: "missed", reason, once: onceAt(at) }),
  )
  if (first) await deliveries.add(site.db, first, ...rest)
}
