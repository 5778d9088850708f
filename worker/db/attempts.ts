import { eq, sql } from "drizzle-orm"
import { write, type Db, type Statement } from "./commit.ts"
import { login_attempts } from "./schema/control.ts"

const forgottenAfterMs = 3_600_000

export const blockedUntil = async (db: Db, key: string): Promise<number> =>
  (await db.select().from(login_attempts).where(eq(login_attempts.key, key)))[0]?.blocked_until ?? 0

/** Counts a failure; past the free ones each doubles the wait, from 1 s to 15 min. An hour of quiet forgets them. */
export async function fail(db: Db, key: string, now: number, free: number): Promise<void> {
  const failures = sql`case when ${login_attempts.blocked_until} + ${forgottenAfterMs} < ${now} then 1 else ${login_attempts.failures} + 1 end`
  await db
    .insert(login_attempts)
    .values({ key, failures: 1, blocked_until: now })
    .onConflictDoUpdate({
      target: login_attempts.key,
      set: {
        failures,
        blocked_until: sql`${now} + case when (${failures}) <= ${free} then 0
          else min(900000, 1000 * (1 << min(20, (${failures}) - ${free} - 1))) end`,
      },
    })
}

export const forgive = (db: Db, key: string): Statement =>
  write(db.delete(login_attempts).where(eq(login_attempts.key, key)))
