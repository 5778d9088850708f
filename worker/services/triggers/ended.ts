import { FlowTriggerConfig } from "#core/contract/trigger-config"
import { isSettled } from "#core/execution/status"
import { TriggerId } from "#core/ids"
import type { Ended, TenantRef } from "#durable/execution/ports"
import { isoTime } from "#worker/context"
import * as deliveries from "#worker/db/trigger-deliveries"
import * as triggers from "#worker/db/triggers"
import type { TriggerRow } from "#worker/db/triggers"
import type { Env } from "#worker/env"
import { deliveryRow, fire, type Site } from "./fire.ts"
import type { Told } from "./inputs.ts"
import { siteOf } from "./site.ts"

/** Flows that start each other: so many in a row at most, then somebody has built a circle. */
const mostDepth = 8

/**
 * What an execution's end means to triggers: those that wait for its flow fire, and the one that started it learns how it went.
 * May be called again with the same: a trigger fires once for an execution. Throws when a trouble passes, so that it is.
 */
export async function fireFlowTriggers(env: Env, tenant: TenantRef, ended: Ended): Promise<void> {
  if (!isSettled(ended.status)) return
  const site = await siteOf(env, tenant)
  await noteOutcome(site, ended)
  const waiting = await triggers.ofSource(site.db, ended.flow_id)
  const troubles: unknown[] = []
  for (const row of waiting) {
    if (!wants(row, ended)) continue
    try {
      await fireFor(env, site, row, ended)
    } catch (error) {
      // The others fire first: one that cannot right now keeps none of them waiting.
      troubles.push(error)
    }
  }
  if (troubles.length > 0) throw troubles[0]
}

function wants({ config }: TriggerRow, { status }: Ended): boolean {
  const { on } = FlowTriggerConfig.parse(config)
  if (on === "any") return true
  return on === "succeeded" ? status === "succeeded" : status === "failed" || status === "timed_out"
}

async function fireFor(env: Env, site: Site, row: TriggerRow, ended: Ended): Promise<void> {
  const once = `execution ${ended.execution_id}`
  if (await deliveries.byOnce(site.db, row.id, once)) return
  const occasion = { is: "flow", ended: toldOf(ended) } as const
  if (ended.depth < mostDepth) {
    await fire(env, site, row, occasion, { key: once, depth: ended.depth + 1, facts: { once } })
    return
  }
  const reason = `Flows have started one another ${mostDepth} times in a row, so this is a circle. It ends here.`
  await deliveries.add(site.db, deliveryRow(site, row, occasion, { outcome: "failed", reason, once }))
  await triggers.noteFailed(site.db, row.id, {
    at: isoTime(site.now),
    code: "trigger.circle",
    message: reason,
  })
}

const toldOf = ({ execution_id, flow_id, status, outputs, error }: Ended): Told => ({
  execution_id,
  flow_id: flow_id,
  status,
  outputs: outputs ?? null,
  error: error ?? null,
})

/** An execution that a trigger started and that failed counts against the trigger, once. */
async function noteOutcome(site: Site, ended: Ended): Promise<void> {
  const id = TriggerId.safeParse(ended.actor).data
  if (id === undefined || ended.status === "cancelled") return
  if (ended.status === "succeeded") return triggers.noteSucceeded(site.db, id)
  const message = ended.error?.message ?? "It took too long."
  const reason = `The execution failed: ${message}`.slice(0, 1_000)
  const isNews = await deliveries.noteEnd(site.db, id, ended.execution_id, reason)
  if (!isNews) return
  const at = isoTime(site.now)
  await triggers.noteFailed(site.db, id, { at, code: triggers.executionFailed, message })
}
