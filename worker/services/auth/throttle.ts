import { Failure } from "#core/errors"
import type { PublicCtx } from "#worker/context"
import * as attempts from "#worker/db/attempts"
import type { Db, Statement } from "#worker/db/commit"
import { digestOf } from "#worker/digest"
import type { AuthSettings } from "./settings.ts"

const freeAttempts = 10

export type Throttle = { fail: () => Promise<void>; forgive: () => Statement }

/**
 * Slows the guessing of one account's password from one address: ten failures are free, then the wait doubles. Bound to the
 * address, so that nobody can lock somebody else out.
 */
export async function throttle(
  ctx: PublicCtx,
  control: Db,
  settings: AuthSettings,
  email: string,
): Promise<Throttle> {
  const key = digestOf(`login:${email}:${ctx.client.address}`)
  const until = await attempts.blockedUntil(control, key)
  if (until > ctx.now) {
    throw new Failure("auth.too_many_attempts", { retryAfterSeconds: Math.ceil((until - ctx.now) / 1000) })
  }
  const free = settings.QUOTAS["login_free_attempts"] ?? freeAttempts
  return {
    fail: () => attempts.fail(control, key, ctx.now, free),
    forgive: () => attempts.forgive(control, key),
  }
}
