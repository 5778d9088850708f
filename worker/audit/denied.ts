import type { Actor } from "#core/access/roles"
import type { TenantId } from "#core/ids"
import { BoundedCache } from "#worker/cache"
import type { BaseCtx } from "#worker/context"
import { commit, type Db } from "#worker/db/commit"
import { audit } from "./record.ts"

/** Whoever keeps trying the same is told of once a minute, with how often. */
const quietMs = 60_000

const forgottenMs = 3_600_000

/** When something that was refused was last told of, and how often it was refused since. */
const refusals = new BoundedCache<string, { told: number; untold: number }>(10_000)

type Refused = {
  actor: Actor
  tenant: { id: TenantId }
  /** `POST /flows`. */
  route: string
  needs?: unknown
}

/**
 * Tells the audit log, behind the answer, that somebody was refused what their role does not allow. The refusal does not wait for
 * it, and stands whatever becomes of it.
 */
export function noteDenied(base: BaseCtx, refused: Refused, db: () => Promise<Db>): void {
  const { actor, tenant, route } = refused
  const key = JSON.stringify([tenant.id, actor, route])
  const known = refusals.get(key, base.now)
  if (known && base.now - known.told < quietMs) {
    known.untold++
    return
  }
  refusals.set(key, { told: base.now, untold: 0 }, base.now + forgottenMs)
  base.after(tell(base, { ...refused, times: 1 + (known?.untold ?? 0) }, db))
}

type Told = Refused & { times: number }

async function tell(base: BaseCtx, told: Told, db: () => Promise<Db>): Promise<void> {
  const { actor, tenant, route, needs, times } = told
  const deed = { target: route, after: { needs, times } }
  try {
    const entry = audit({ ...base, actor, tenant }, "access.denied", deed, true)
    await commit({ db: await db() }, undefined, entry)
  } catch (error) {
    console.warn(JSON.stringify({ level: "warn", event: "audit.denial_untold", error: String(error) }))
  }
}
