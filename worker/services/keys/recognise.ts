import type { Actor } from "#core/access/roles"
import type { ApiKeyId, TenantId } from "#core/ids"
import { BoundedCache } from "#worker/cache"
import { isoTime, type BaseCtx } from "#worker/context"
import * as apiKeys from "#worker/db/api-keys"
import { digestOf } from "#worker/digest"

export type KeyBearer = { tenant: { id: TenantId; slot: string }; actor: Actor; expires: number }

const lifeMs = 5_000
const minuteMs = 60_000

const known = new BoundedCache<string, KeyBearer>(10_000)
const touched = new BoundedCache<ApiKeyId, true>(10_000)

export const isApiKey = (text: string): boolean => /^eck_[A-Za-z0-9_-]{43}$/.test(text)

/**
 * Whom an API key speaks for. An isolate remembers a key for 5 s under its whole digest, so that the hot path asks no database
 * and a revocation still holds within that time; a key that is wrong is never remembered.
 */
export async function recogniseKey(
  ctx: Pick<BaseCtx, "now" | "control" | "after">,
  secret: string,
): Promise<KeyBearer | undefined> {
  const digest = digestOf(secret)
  const bearer = known.get(digest, ctx.now) ?? (await look(ctx, digest))
  if (!bearer || bearer.expires <= ctx.now) return undefined
  if (bearer.actor.is === "api_key") noteUse(ctx, bearer.actor.id)
  return bearer
}

async function look(ctx: Pick<BaseCtx, "now" | "control">, digest: string): Promise<KeyBearer | undefined> {
  const row = await apiKeys.byDigest(await ctx.control(), digest)
  if (!row) return undefined
  const bearer: KeyBearer = {
    tenant: { id: row.tenant_id, slot: row.slot },
    actor: { is: "api_key", id: row.id, role: row.role, scopes: row.scopes },
    expires: row.expires_at === null ? Infinity : Date.parse(row.expires_at),
  }
  known.set(digest, bearer, ctx.now + lifeMs)
  return bearer
}

function noteUse(ctx: Pick<BaseCtx, "now" | "control" | "after">, id: ApiKeyId): void {
  if (touched.get(id, ctx.now)) return
  touched.set(id, true, ctx.now + minuteMs)
  ctx.after(
    ctx
      .control()
      .then((control) => apiKeys.touch(control, id, isoTime(ctx.now), isoTime(ctx.now - minuteMs))),
  )
}

export const forgetKey = (digest: string): void => known.delete(digest)
