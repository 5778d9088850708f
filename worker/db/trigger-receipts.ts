import { and, eq, isNull, lte, sql } from "drizzle-orm"
import type { DeliveryId, ExecutionId, TriggerId } from "#core/ids"
import type { Db } from "./commit.ts"
import { trigger_receipts } from "./schema/triggers.ts"

/** By what a delivery may be known: its id, its body. */
export type Mark = { key: string; expires: number }

export type Receipt = { claim: DeliveryId; execution_id: ExecutionId | null }

/**
 * Claims a delivery's marks, or tells who was first. Where its id is new and its body known, or the other way round, both get the
 * older claim; one transaction, so of a hundred at once exactly one is first.
 */
export async function claim(
  db: Db,
  trigger_id: TriggerId,
  mine: DeliveryId,
  marks: readonly [Mark, ...Mark[]],
  now: number,
): Promise<Receipt> {
  const [first, ...rest] = marks
  const known = (key: string, column: "claim" | "execution_id") =>
    sql`(select ${sql.identifier(column)} from trigger_receipts
      where trigger_id = ${trigger_id} and key = ${key})`
  const take = ({ key, expires }: Mark, values: { claim: unknown; execution_id: unknown }) =>
    db
      .insert(trigger_receipts)
      .values({
        trigger_id,
        key,
        claim: sql`${values.claim}`,
        execution_id: sql`${values.execution_id}`,
        expires,
      })
      .onConflictDoUpdate({
        target: [trigger_receipts.trigger_id, trigger_receipts.key],
        set: { claim: sql`excluded.claim`, execution_id: sql`excluded.execution_id`, expires },
        setWhere: lte(trigger_receipts.expires, now),
      })
  const follow = ({ key }: Mark) =>
    db
      .update(trigger_receipts)
      .set({ claim: sql`${known(key, "claim")}`, execution_id: sql`${known(key, "execution_id")}` })
      .where(
        and(
          eq(trigger_receipts.trigger_id, trigger_id),
          eq(trigger_receipts.key, first.key),
          eq(trigger_receipts.claim, mine),
        ),
      )
  await db.batch([
    take(first, { claim: mine, execution_id: null }),
    ...rest.flatMap((mark) => [
      take(mark, { claim: known(first.key, "claim"), execution_id: known(first.key, "execution_id") }),
      follow(mark),
    ]),
  ])
  const [held] = await db
    .select({ claim: trigger_receipts.claim, execution_id: trigger_receipts.execution_id })
    .from(trigger_receipts)
    .where(and(eq(trigger_receipts.trigger_id, trigger_id), eq(trigger_receipts.key, first.key)))
  return held ?? { claim: mine, execution_id: null }
}

/** Notes what a claim has started. */
export async function settle(
  db: Db,
  trigger_id: TriggerId,
  claimed: DeliveryId,
  execution_id: ExecutionId,
): Promise<void> {
  await db
    .update(trigger_receipts)
    .set({ execution_id })
    .where(and(eq(trigger_receipts.trigger_id, trigger_id), eq(trigger_receipts.claim, claimed)))
}

/** After a failure nothing has begun, so the sender may try again. */
export async function release(db: Db, trigger_id: TriggerId, claimed: DeliveryId): Promise<void> {
  await db
    .delete(trigger_receipts)
    .where(
      and(
        eq(trigger_receipts.trigger_id, trigger_id),
        eq(trigger_receipts.claim, claimed),
        isNull(trigger_receipts.execution_id),
      ),
    )
}
