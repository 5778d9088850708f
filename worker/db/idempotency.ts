import { eq, lt, sql } from "drizzle-orm"
import { insertWhere, type Db, type Statement } from "./commit.ts"
import { idempotency_answers, idempotency_claims } from "./schema/idempotency.ts"

type Claim = typeof idempotency_claims.$inferInsert

/** Claims a key, or takes over one whose request is thought dead and left no answer; says who holds it now. */
export async function claim(db: Db, row: Claim, deadBefore: string) {
  const [held] = await db
    .insert(idempotency_claims)
    .values(row)
    .onConflictDoUpdate({
      target: idempotency_claims.key,
      set: { request_id: row.request_id, created_at: row.created_at },
      setWhere: sql`${idempotency_claims.created_at} < ${deadBefore}
        and ${idempotency_claims.fingerprint} = ${row.fingerprint}
        and not exists (select 1 from ${idempotency_answers} where key = ${row.key})`,
    })
    .returning()
  return held !== undefined
}

export async function look(db: Db, key: string) {
  const [row] = await db
    .select({
      fingerprint: idempotency_claims.fingerprint,
      answered: idempotency_answers.key,
      answer: idempotency_answers.answer,
    })
    .from(idempotency_claims)
    .leftJoin(idempotency_answers, eq(idempotency_answers.key, idempotency_claims.key))
    .where(eq(idempotency_claims.key, key))
  return row
}

/** Follows the effect in its batch. */
export const answer = (row: typeof idempotency_answers.$inferInsert): Statement =>
  insertWhere(idempotency_answers, row)

/** For an effect in another database: at once, and once. */
export const answerNow = (db: Db, row: typeof idempotency_answers.$inferInsert) =>
  db.insert(idempotency_answers).values(row).onConflictDoNothing()

/** After a refusal nothing has happened, so the key is free again. */
export const release = (db: Db, key: string, request_id: string) =>
  db.delete(idempotency_claims).where(
    sql`${idempotency_claims.key} = ${key} and ${idempotency_claims.request_id} = ${request_id}
        and not exists (select 1 from ${idempotency_answers} where key = ${key})`,
  )

export async function sweep(db: Db, before: string): Promise<void> {
  await db.batch([
    db.delete(idempotency_claims).where(lt(idempotency_claims.created_at, before)),
    db.delete(idempotency_answers).where(lt(idempotency_answers.created_at, before)),
  ])
}
