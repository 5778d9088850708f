import { Failure } from "#core/errors"
import type { TenantId } from "#core/ids"
import type { AddressPurpose } from "#durable/execution/ports"
import type { PublicCtx } from "#worker/context"
import * as attempts from "#worker/db/attempts"
import * as executions from "#worker/db/executions"
import * as identities from "#worker/db/identities"
import { tenantDb } from "#worker/db/tenant"
import { digestOf } from "#worker/digest"
import { settingsOf, type Env } from "#worker/env"
import { executionStub, type ExecutionLane } from "#worker/stubs"
import { closedForNow } from "#worker/services/tenants/standing"
import { readAddress, type Address } from "./addresses.ts"

/** What a signed address leads to. */
export type PointedAt = {
  address: Address
  tenant: { id: TenantId; slot: string; name: string }
  lane: ExecutionLane
}

const freeGuesses = 10

/**
 * Follows a signed address of a step. Only what is none of ours counts as an attempt: whoever guesses waits longer each time, and
 * nobody who was given an address waits for them.
 */
export async function pointedAt(
  env: Env,
  ctx: PublicCtx,
  token: string,
  purpose: AddressPurpose,
): Promise<PointedAt> {
  const control = await ctx.control()
  const invalid = new Failure(purpose === "callback" ? "callback.invalid" : "approval.link_invalid")
  const address = readAddress(env, token)
  if (!address) {
    const free = settingsOf(env).QUOTAS["address_free_attempts"] ?? freeGuesses
    const until = await attempts.take(control, digestOf(`address:${ctx.client.address}`), ctx.now, free)
    if (until === undefined) throw invalid
    const retryAfterSeconds = Math.max(1, Math.ceil((until - ctx.now) / 1000))
    throw new Failure("auth.too_many_attempts", { retryAfterSeconds })
  }
  if (address.p !== purpose || (address.x !== undefined && address.x <= ctx.now)) throw invalid
  const tenant = await identities.tenantById(control, address.t)
  if (!tenant) throw invalid
  if (tenant.status === "suspended") throw closedForNow()
  const db = await tenantDb(env, tenant.slot)
  if ((await executions.standing(db, address.e)) === "hidden") throw invalid
  return { address, tenant, lane: executionStub(env, tenant.id, address.e) }
}
