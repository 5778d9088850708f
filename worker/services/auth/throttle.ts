import { Failure } from "#core/errors"
import type { PublicCtx } from "#worker/context"
import * as attempts from "#worker/db/attempts"
import type { Db, Statement } from "#worker/db/commit"
import { digestOf } from "#worker/digest"
import type { AuthSettings } from "./settings.ts"

const freeAttempts = 10
/** Everybody who asks leaves a count behind, known or not: so often an isolate takes away what is forgotten. */
const sweepMs = 60_000
let sweptAt = 0

/** Behind the answer, and not at any price: whoever comes a minute later tries again. */
export function sweepAttempts(ctx: Pick<PublicCtx, "now" | "after">, control: Db): void {
  if (Math.abs(ctx.now - sweptAt) < sweepMs) return
  sweptAt = ctx.now
  const swept = attempts.sweep(control, ctx.now)
  ctx.after(swept.catch((error: unknown) => console.warn("auth: counts could not be swept", String(error))))
}

/** Takes the attempt back, when the password was right. */
export type Forgive = () => Statement

/**
 * Slows the guessing of one account's password from one address: ten attempts are free, then the wait doubles. Bound to the
 * address, so that nobody can lock somebody else out. An attempt counts before its password is looked at, and is forgiven when
 * that is right: guesses that come all at once wait like those that come one by one.
 */
export async function throttle(
  ctx: PublicCtx,
  control: Db,
  settings: AuthSettings,
  email: string,
  door: "login" | "register" = "login",
): Promise<Forgive> {
  const key = digestOf(`${door}:${email}:${ctx.client.address}`)
  const free = settings.QUOTAS["login_free_attempts"] ?? freeAttempts
  const until = await attempts.take(control, key, ctx.now, free)
  sweepAttempts(ctx, control)
  if (until !== undefined) {
    const retryAfterSeconds = Math.max(1, Math.ceil((until - ctx.now) / 1000))
    throw new Failure("auth.too_many_attempts", { retryAfterSeconds })
  }
  return () => attempts.forgive(control, key)
}
