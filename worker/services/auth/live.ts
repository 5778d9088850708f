import type { Role, Support } from "#core/access/roles"
import type { SessionId } from "#core/ids"
import { isoTime, type BaseCtx } from "#worker/context"
import * as sessions from "#worker/db/sessions"
import { BoundedCache } from "#worker/cache"

const lifeMs = 5_000

/** `proven_at` is when the person last gave their password. */
type Live = {
  role: Role
  slot: string
  proven_at: string
  via: "sso" | null
  isPlatformAdmin: boolean
  support?: Support
}

const known = new BoundedCache<SessionId, Live>(10_000)

/**
 * Whether a session may still act, and with which role: asked of the control database at most every 5 s an isolate, so that
 * signing out, disabling somebody and changing a role take hold within that time although tokens live longer.
 */
export async function liveSession(
  ctx: Pick<BaseCtx, "now" | "control">,
  id: SessionId,
): Promise<Live | undefined> {
  const kept = known.get(id, ctx.now)
  if (kept) return kept
  const row = await sessions.live(await ctx.control(), id, isoTime(ctx.now))
  if (!row) return undefined
  const { role, slot, proven_at, via, is_platform_admin, support_by, support_writes } = row
  const found: Live = {
    role,
    slot,
    proven_at,
    via,
    // A tenant's own provider makes nobody an admin of the installation.
    isPlatformAdmin: is_platform_admin && support_by === null && via === null,
    ...(support_by === null ? {} : { support: { by: support_by, writes: support_writes ?? false } }),
  }
  known.set(id, found, ctx.now + lifeMs)
  return found
}

export const forgetSession = (id: SessionId): void => known.delete(id)

export const forgetAllSessions = (): void => known.clear()

/** Whether a session was opened by a tenant's own provider: that is the tenant's word, and says nothing to any other tenant. */
export const isConfined = async (
  ctx: Pick<BaseCtx, "now" | "control"> & { session?: SessionId },
): Promise<boolean> => ctx.session !== undefined && (await liveSession(ctx, ctx.session))?.via === "sso"
