import { eq, sql } from "drizzle-orm"
import { write, type Db, type Statement } from "./commit.ts"
import { login_attempts } from "./schema/control.ts"

const forgottenAfterMs = 3_600_000

/**
 * Counts an attempt, unless the account waits for its next; then says until when. Past the free ones each doubles the wait, from
 * 1 s to 15 min; an hour of quiet forgets them. Counting and asking are one statement, so that a burst gets no more than its turn.
 */
export async function take(db: Db, key: string, now: number, free: number): Promise<number | undefined> {
  const { failures, blocked_until } = login_attempts
  const count = sql`case when ${blocked_until} + ${forgottenAfterMs} < ${now} then 1 else ${failures} + 1 end`
  const [taken] = await db
    .insert(login_attempts)
    .values({ key, failures: 1, blocked_until: now })
    .onConflictDoUpdate({
      target: login_attempts.key,
      set: {
        failures: count,
        blocked_until: sql`${now} + case when (${count}) <= ${free} then 0
          else min(900000, 1000 * (1 << min(20, (${count}) - ${free} - 1))) end`,
      },
      setWhere: sql`${failures} <= ${free} or ${blocked_until} <= ${now}`,
    })
    .returning({ key: login_attempts.key })
  if (taken) return undefined
  return (await db.select().from(login_attempts).where(eq(login_attempts.key, key)))[0]?.blocked_until ?? now
}

export const forgive = (db: Db, key: string): Statement =>
  write(db.delete(login_attempts).where(eq(login_attempts.key, key)))

/** Takes away counts that count no more; some at once, so that no flood of them makes one request pay for all. */
export async function sweep(db: Db, now: number): Promise<void> {
  await db.delete(login_attempts).where(
    sql`${login_attempts.key} in (select key from login_attempts
      where blocked_until < ${now - forgottenAfterMs} limit 1000)`,
  )
}

/** Counts one more of something within a window of time; when that is full, says until when (ms since 1970). */
export async function within(
  db: Db,
  key: string,
  now: number,
  { most, windowMs }: { most: number; windowMs: number },
): Promise<number | undefined> {
  const { failures, blocked_until: ends } = login_attempts
  const [taken] = await db
    .insert(login_attempts)
    .values({ key, failures: 1, blocked_until: now + windowMs })
    .onConflictDoUpdate({
      target: login_attempts.key,
      set: {
        failures: sql`case when ${ends} <= ${now} then 1 else ${failures} + 1 end`,
        blocked_until: sql`case when ${ends} <= ${now} then ${now + windowMs} else ${ends} end`,
      },
      setWhere: sql`${ends} <= ${now} or ${failures} < ${most}`,
    })
    .returning({ key: login_attempts.key })
  if (taken) return undefined
  return (await db.select().from(login_attempts).where(eq(login_attempts.key, key)))[0]?.blocked_until ?? now
}
