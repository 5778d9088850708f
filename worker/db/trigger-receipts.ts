import { and, eq, gt, inArray, isNull, lte, sql } from "drizzle-orm"
import type { DeliveryId, ExecutionId, TriggerId } from "#core/ids"
import type { Db } from "./commit.ts"
import { trigger_deliveries, trigger_receipts } from "./schema/triggers.ts"
import type { DeliveryRow } from "./trigger-deliveries.ts"

/** By what a delivery may be known: its id, its body. */
export type Mark = { key: string; expires: number }

export type Receipt = { claim: DeliveryId; execution_id: ExecutionId | null }

/** Who was first, where every mark of a delivery is known already: most duplicates need no write to be recognised. */
export async function known(
  db: Db,
  trigger_id: TriggerId,
  marks: readonly Mark[],
  now: number,
): Promise<Receipt | undefined> {
  const keys = marks.map(({ key }) => key)
  const rows = await db
    .select({ claim: trigger_receipts.claim, execution_id: trigger_receipts.execution_id })
    .from(trigger_receipts)
    .where(
      and(
        eq(trigger_receipts.trigger_id, trigger_id),
        inArray(trigger_receipts.key, keys),
        gt(trigger_receipts.expires, now),
      ),
    )
  return rows.length === keys.length && rows.every(({ claim }) => claim === rows[0]?.claim)
    ? rows[0]
    : undefined
}

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
  const held = (key: string, column: "claim" | "execution_id") =>
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
      .set({ claim: sql`${held(key, "claim")}`, execution_id: sql`${held(key, "execution_id")}` })
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
      take(mark, { claim: held(first.key, "claim"), execution_id: held(first.key, "execution_id") }),
      follow(mark),
    ]),
  ])
  const [receipt] = await db
    .select({ claim: trigger_receipts.claim, execution_id: trigger_receipts.execution_id })
    .from(trigger_receipts)
    .where(and(eq(trigger_receipts.trigger_id, trigger_id), eq(trigger_receipts.key, first.key)))
  return receipt ?? { claim: mine, execution_id: null }
}

/** Notes what a claim has started, and the delivery that says so, in one transaction. */
export async function settle(
  db: Db,
  claimed: DeliveryId,
  delivery: DeliveryRow & { execution_id: ExecutionId },
): Promise<void> {
  const { trigger_id, execution_id } = delivery
  await db.batch([
    db
      .update(trigger_receipts)
      .set({ execution_id })
      .where(
        and(
          eq(trigger_receipts.trigger_id, trigger_id),
          eq(trigger_receipts.claim, claimed),
          isNull(trigger_receipts.execution_id),
        ),
      ),
    db.insert(trigger_deliveries).values(delivery),
  ])
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
