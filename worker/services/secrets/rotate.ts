import type { ReplyOf } from "#core/contract/endpoint"
import type { secretsApi } from "#core/contract/secrets"
import { Failure, found } from "#core/errors"
import { audit } from "#worker/audit/record"
import { allow, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as identities from "#worker/db/identities"
import { keysIn } from "#worker/secrets/vault"
import { vaultOf, type VaultSettings } from "#worker/services/vault"
import { resealAll } from "./reseal.ts"

/** So many keys wait for their hour at most, so that nobody fills the ring. */
const mostWaiting = 16

/**
 * Gives the tenant a new data key, and seals its secrets under it while everything goes on: the old key opens what is not moved
 * yet, and what others were just sealing, until the tenant's round takes it away.
 */
export async function rotateSecrets(
  ctx: Ctx,
  settings: VaultSettings,
): Promise<ReplyOf<typeof secretsApi.rotate>> {
  allow(ctx.actor, "provider.edit")
  const vault = vaultOf(settings)
  const control = await ctx.control()
  const was = found(await identities.dataKeyOf(control, ctx.tenant.id), "tenant.not_found")
  if (keysIn(was) >= mostWaiting) throw new Failure("secrets.rotated_too_often")
  const ring = await vault.withNewKey(ctx.tenant.id, was, ctx.now)
  // Before the key changes, which is in another database: what is not audited is not done.
  await commit({ db: ctx.db }, undefined, audit(ctx, "secrets.rotate", { target: ctx.tenant.id }, true))
  if (!(await identities.swapDataKey(control, ctx.tenant.id, was, ring))) throw new Failure("conflict.stale")
  const { moved } = await resealAll({ tenant: ctx.tenant.id, db: ctx.db, control, vault, ring })
  return { secrets: moved }
}
