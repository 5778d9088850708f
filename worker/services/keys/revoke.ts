import { found } from "#core/errors"
import type { ApiKeyId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import * as apiKeys from "#worker/db/api-keys"
import { commit } from "#worker/db/commit"
import { forgetKey } from "./recognise.ts"

/** Revokes an API key: at once in this isolate, within 5 s in every other. */
export async function revokeKey(ctx: Ctx, id: ApiKeyId): Promise<void> {
  allow(ctx.actor, "key.edit")
  const control = await ctx.control()
  const digest = found(await apiKeys.digestOfKey(control, ctx.tenant.id, id), "key.not_found")
  await commit(
    { db: control },
    undefined,
    apiKeys.revoke(control, ctx.tenant.id, id, isoTime(ctx.now)),
    audit(ctx, "key.revoke", { target: id }),
  )
  forgetKey(id, digest)
}
