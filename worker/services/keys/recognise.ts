import type { Actor } from "#core/access/roles"
import type { KeyRestrictions } from "#core/contract/api-keys"
import type { ApiKeyId, TenantId, UserId } from "#core/ids"
import { BoundedCache } from "#worker/cache"
import { isoTime, type BaseCtx } from "#worker/context"
import * as apiKeys from "#worker/db/api-keys"
import { digestOf } from "#worker/digest"

export type KeyBearer = {
  tenant: { id: TenantId; slot: string }
  actor: Extract<Actor, { is: "api_key" }>
  /** Whose key it is. */
  person: UserId
  restrictions?: KeyRestrictions | undefined
  expires: number
}

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
  return used(ctx, known.get(digest, ctx.now) ?? (await look(ctx, digest, { digest })))
}

/** The same of a key that is known by its id, for tokens that were given out in its name. */
export const recogniseKeyById = async (
  ctx: Pick<BaseCtx, "now" | "control" | "after">,
  id: ApiKeyId,
): Promise<KeyBearer | undefined> => used(ctx, known.get(id, ctx.now) ?? (await look(ctx, id, { id })))

function used(
  ctx: Pick<BaseCtx, "now" | "control" | "after">,
  bearer: KeyBearer | undefined,
): KeyBearer | undefined {
  if (!bearer || bearer.expires <= ctx.now) return undefined
  noteUse(ctx, bearer.actor.id)
  return bearer
}

async function look(
  ctx: Pick<BaseCtx, "now" | "control">,
  name: string,
  by: apiKeys.Known,
): Promise<KeyBearer | undefined> {
  const row = await apiKeys.known(await ctx.control(), by)
  if (!row) return undefined
  const bearer: KeyBearer = {
    tenant: { id: row.tenant_id, slot: row.slot },
    actor: { is: "api_key", id: row.id, role: row.role, scopes: row.scopes },
    person: row.owner_id,
    ...(row.restrictions ? { restrictions: row.restrictions } : {}),
    expires: row.expires_at === null ? Infinity : Date.parse(row.expires_at),
  }
  known.set(name, bearer, ctx.now + lifeMs)
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

export function forgetKey(id: ApiKeyId, digest: string): void {
  known.delete(digest)
  known.delete(id)
}

/** After a change of who may do what: this isolate asks anew at once, every other one within 5 s. */
export const forgetAllKeys = (): void => known.clear()
