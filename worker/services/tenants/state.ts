import { Failure } from "#core/errors"
import type { TenantId } from "#core/ids"
import type { TenantChange } from "#core/tenant"
import type { BaseCtx } from "#worker/context"
import * as privacy from "#worker/db/privacy"
import { tenantDb } from "#worker/db/tenant"
import type { Env } from "#worker/env"
import { forgetAllSessions } from "#worker/services/auth/live"
import { forgetAllKeys } from "#worker/services/keys/recognise"
import { wakeClock } from "#worker/services/triggers/clock"
import { forgetSite } from "#worker/services/triggers/site"
import { goOn } from "./go-on.ts"
import { forgetStanding } from "./standing.ts"

/** A tenant as it was read. */
type Known = { id: TenantId; slug: string; slot: string }

/**
 * Before a tenant is deleted: its slug was typed, nothing there is legally held, and its clock ticks, which erases it when its time has
 * come. Deleting itself touches nothing of the tenant's own, so that restoring brings back all of it.
 */
export async function beforeDeletion(env: Env, was: Known, confirm: string | undefined): Promise<void> {
  if (confirm?.trim() !== was.slug)
    throw new Failure("request.invalid", {
      errors: [{ path: "confirm", message: `Type the slug of what is to be deleted: ${was.slug}` }],
    })
  const held = await privacy.holds(await tenantDb(env, was.slot))
  if (held.length > 0)
    throw new Failure("privacy.held", {
      detail: "A legal hold is about something in this workspace. It is deleted once that is lifted.",
    })
  await wakeClock(env, was)
}

/** Behind a change: this isolate asks anew at once, every other one within 5 s, and what was paused goes on. */
export function afterChange(
  env: Env,
  ctx: Pick<BaseCtx, "after">,
  { id, slug, slot }: Known,
  status: TenantChange,
): void {
  forgetStanding(id)
  forgetSite(slug)
  forgetAllSessions()
  forgetAllKeys()
  if (status === "active") ctx.after(goOn(env, id, slot))
}
