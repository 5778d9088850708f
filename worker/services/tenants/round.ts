import { dueBefore } from "#core/tenant"
import type { Swept, TenantRef } from "#durable/clock/ports"
import { stateOf } from "#worker/db/identities"
import { controlDb } from "#worker/db/tenant"
import type { Env } from "#worker/env"
import { beginErasure, eraseTenant } from "./erase.ts"

/** Whether a tenant's database is shut, or about to be: nothing in it is looked at any more. */
export async function isLeaving(env: Env, { id }: TenantRef): Promise<boolean> {
  const status = (await stateOf(await controlDb(env), id))?.status
  return status === "erasing" || status === "erased"
}

/**
 * The clock's round of a tenant that was deleted: nothing is done there until it is erased for good. Undefined where the tenant is there,
 * and has rounds like any other.
 */
export async function lastRound(env: Env, tenant: TenantRef, now = Date.now()): Promise<Swept | undefined> {
  const control = await controlDb(env)
  const state = await stateOf(control, tenant.id)
  if (state?.status === "erased") return "gone"
  // What follows empties a database: never one that a clock remembers, and the installation gives to another.
  if (state && state.slot !== tenant.slot) throw new Error(`${tenant.id} is not in ${tenant.slot}`)
  if (state?.status === "deleted") {
    if (state.at === null || state.at > dueBefore(now)) return "rest"
    await beginErasure(env, control, tenant, now)
  } else if (state?.status !== "erasing") return undefined
  return eraseTenant(env, control, tenant, now)
}
