import { and, count, desc, eq, isNull, lt, sql } from "drizzle-orm"
import type { QueryOf } from "#core/contract/endpoint"
import type { triggersApi } from "#core/contract/triggers"
import type { DeliveryId, ExecutionId, TriggerId } from "#core/ids"
import type { Db } from "./commit.ts"
import { notHeld } from "./privacy.ts"
import { trigger_deliveries, trigger_receipts } from "./schema/triggers.ts"

export type DeliveryRow = typeof trigger_deliveries.$inferSelect

export const byId = async (db: Db, trigger: TriggerId, id: DeliveryId): Promise<DeliveryRow | undefined> =>
  (
    await db
      .select()
      .from(trigger_deliveries)
      .where(and(eq(trigger_deliveries.id, id), eq(trigger_deliveries.trigger_id, trigger)))
  )[0]

/** What came of something that fires once and no more. */
export const byOnce = async (db: Db, trigger: TriggerId, once: string): Promise<DeliveryRow | undefined> =>
  (
    await db
      .select()
      .from(trigger_deliveries)
      .where(and(eq(trigger_deliveries.trigger_id, trigger), eq(trigger_deliveries.once, once)))
  )[0]

/** Writes beside a delivery what became of its execution; says whether that was new. */
export const noteEnd = async (
  db: Db,
  trigger: TriggerId,
  execution: ExecutionId,
  reason: string,
): Promise<boolean> =>
  (
    await db
      .update(trigger_deliveries)
      .set({ reason })
      .where(
        and(
          eq(trigger_deliveries.trigger_id, trigger),
          eq(trigger_deliveries.execution_id, execution),
          isNull(trigger_deliveries.reason),
        ),
      )
      .returning({ id: trigger_deliveries.id })
  ).length > 0

/** Writes deliveries down. One statement each, in one transaction; what fires once is written once. */
export async function add(db: Db, first: DeliveryRow, ...rest: DeliveryRow[]): Promise<void> {
  const insert = (row: DeliveryRow) => db.insert(trigger_deliveries).values(row).onConflictDoNothing()
  await db.batch([insert(first), ...rest.map(insert)])
}

/** As many refusals a minute are kept of each trigger: whoever floods an address fills no database. */
const mostRefusedAMinute = 60

/** Writes a refusal down, unless there were many of late. */
export async function addRefused(db: Db, row: DeliveryRow, minuteAgo: string): Promise<void> {
  const [recent] = await db
    .select({ refused: count() })
    .from(trigger_deliveries)
    .where(
      and(
        eq(trigger_deliveries.trigger_id, row.trigger_id),
        sql`${trigger_deliveries.at} > ${minuteAgo}`,
        eq(trigger_deliveries.outcome, "refused"),
      ),
    )
  if ((recent?.refused ?? 0) < mostRefusedAMinute) await add(db, row)
}

/** A page of a trigger's deliveries, newest first. */
export async function list(db: Db, trigger: TriggerId, query: QueryOf<typeof triggersApi.deliveries>) {
  const where = and(
    eq(trigger_deliveries.trigger_id, trigger),
    query.outcome && eq(trigger_deliveries.outcome, query.outcome),
  )
  const [rows, totals] = await db.batch([
    db
      .select()
      .from(trigger_deliveries)
      .where(where)
      .orderBy(desc(trigger_deliveries.at), desc(trigger_deliveries.id))
      .limit(query.limit)
      .offset((query.page - 1) * query.limit),
    db.select({ total: count() }).from(trigger_deliveries).where(where),
  ])
  return { rows, total: totals[0]?.total ?? 0 }
}

const mostKept = 1_000
const mostBodiesKept = 100

/** Forgets all deliveries but the newest of each trigger, bodies sooner, and receipts that expired; nothing that is legally held. */
export async function prune(db: Db, now: number): Promise<void> {
  const beyond = (most: number) => sql`${trigger_deliveries.id} in (
    select id from (select id, row_number() over (partition by trigger_id order by at desc, id desc) as place
    from trigger_deliveries) where place > ${most})
    and ${notHeld(sql`trigger_deliveries.execution_id`)} and ${sql`trigger_deliveries.trigger_id`} not in (
      select id from triggers where not ${notHeld(sql`triggers.flow_id`)})`
  await db.batch([
    db.delete(trigger_deliveries).where(beyond(mostKept)),
    db
      .update(trigger_deliveries)
      .set({ body: null })
      .where(and(sql`${trigger_deliveries.body} is not null`, beyond(mostBodiesKept))),
    db.delete(trigger_receipts).where(lt(trigger_receipts.expires, now)),
  ])
}
