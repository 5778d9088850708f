import { Failure } from "#core/errors"
import { newId, type UserId } from "#core/ids"
import { isoTime, type BaseCtx } from "#worker/context"
import * as attempts from "#worker/db/attempts"
import type { Db, Statement } from "#worker/db/commit"
import * as identities from "#worker/db/identities"
import { digestOf } from "#worker/digest"
import { assertStrong } from "./password-policy.ts"
import { checkPassword, hashPassword } from "./password.ts"
import type { AuthSettings } from "./settings.ts"

/** So many passwords are checked at least, so that it takes as long whether nobody, one or two have the address. */
const fewestChecks = 2

type Account = { identity: identities.Identity; stale: boolean }

/**
 * The account that an address and a password mean. Registering proves no address, so several accounts may say the same one, and the
 * password tells which: that way no answer has to say that an address is taken (ASVS 5.0 §6.3.8).
 */
export async function accountOf(
  control: Db,
  { PEPPER }: Pick<AuthSettings, "PEPPER">,
  email: string,
  password: string,
): Promise<Account | undefined> {
  const known = await identities.ofEmail(control, email)
  let account: Account | undefined
  for (let i = 0; i < Math.max(fewestChecks, known.length); i++) {
    const identity = known[i]
    const { right, stale } = await checkPassword(PEPPER, password, identity?.password_hash)
    if (right && identity) account ??= { identity, stale }
  }
  return account
}

const dayMs = 86_400_000
const mostNewOfEmail = 5

/** A new account with a strong password, as a statement that follows a guard. One address gets five a day at most. */
export async function newAccount(
  ctx: Pick<BaseCtx, "now" | "chance">,
  control: Db,
  settings: AuthSettings,
  who: { email: string; name: string | undefined; password: string; about: string[] },
): Promise<{ id: UserId; statement: Statement }> {
  assertStrong(who.password, [who.email, ...who.about], "password")
  const window = { most: settings.QUOTAS["accounts_a_day"] ?? mostNewOfEmail, windowMs: dayMs }
  const until = await attempts.within(control, digestOf(`accounts:${who.email}`), ctx.now, window)
  if (until !== undefined) {
    throw new Failure("auth.too_many_attempts", {
      retryAfterSeconds: Math.max(1, Math.ceil((until - ctx.now) / 1_000)),
    })
  }
  const id = newId<UserId>("user", ctx.now, ctx.chance)
  const at = isoTime(ctx.now)
  const statement = identities.insert({
    id,
    email: who.email,
    name: who.name ?? who.email.slice(0, who.email.indexOf("@")),
    password_hash: await hashPassword(settings.PEPPER, who.password, ctx.chance),
    preferences: {},
    created_at: at,
    updated_at: at,
  })
  return { id, statement }
}
