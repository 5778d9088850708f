import { and, asc, eq, isNull, sql } from "drizzle-orm"
import type { TenantId } from "#core/ids"
import type { Sealed, Waiting } from "#durable/sealer/ports"
import type { Db } from "./commit.ts"
import { audit_passage } from "./schema/audit-passage.ts"
import { audit_entries } from "./schema/audit.ts"

const deedOf = ({
  id,
  at,
  actor,
  action,
  target,
  request_id,
  detail,
}: typeof audit_passage.$inferSelect) => ({
  id,
  at,
  actor,
  action,
  target,
  request_id,
  detail,
})

/** Entries of a tenant's own database that have no number yet, in the order of their ids, which is that of their times. */
export async function waitingHere(db: Db, most: number): Promise<Waiting[]> {
  const rows = await db
    .select()
    .from(audit_entries)
    .where(isNull(audit_entries.seq))
    .orderBy(asc(audit_entries.id))
    .limit(most)
  return rows.map((row) => ({ ...deedOf({ ...row, detail: row.detail ?? "null" }), place: "tenant" }))
}

/** Entries of a tenant that wait in the control database. */
export async function waitingInControl(control: Db, tenant: TenantId, most: number): Promise<Waiting[]> {
  const rows = await control
    .select()
    .from(audit_passage)
    .where(eq(audit_passage.tenant_id, tenant))
    .orderBy(asc(audit_passage.id))
    .limit(most)
  return rows.map((row) => ({ ...deedOf(row), place: "control" }))
}

/** So many at once stay far below the 2 MB that a parameter may have. */
const mostAtOnce = 50

/** Writes down what entries of a tenant's own database were sealed with. One that has its number keeps it. */
export async function number(db: Db, entries: readonly Sealed[]): Promise<void> {
  const statement = db.$client.prepare(
    `update audit_entries set seq = new.seq, prev = new.prev, hash = new.hash, commitment = new.commitment, detail_key = new.detail_key
     from (select value ->> 'id' as id, value ->> 'seq' as seq, value ->> 'prev' as prev, value ->> 'hash' as hash,
       value ->> 'commitment' as commitment, value ->> 'detail_key' as detail_key from json_each(?)) as new
     where audit_entries.id = new.id and audit_entries.seq is null`,
  )
  await db.$client.batch([statement.bind(JSON.stringify(entries.map(rowOf)))])
}

/** Brings sealed entries of the control database into their tenant's log, and then out of the control database. */
export async function bringOver(db: Db, control: Db, entries: readonly Sealed[]): Promise<void> {
  const insert = db.$client.prepare(
    `insert into audit_entries (id, at, tenant_id, actor, action, target, detail, request_id, seq, prev, hash, commitment, detail_key)
     select value ->> 'id', value ->> 'at', value ->> 'tenant', value ->> 'actor', value ->> 'action', value ->> 'target',
       value ->> 'detail', value ->> 'request_id', value ->> 'seq', value ->> 'prev', value ->> 'hash', value ->> 'commitment',
       value ->> 'detail_key' from json_each(?) where true on conflict (id) do nothing`,
  )
  for (let at = 0; at < entries.length; at += mostAtOnce) {
    const rows = entries.slice(at, at + mostAtOnce)
    await db.$client.batch([insert.bind(JSON.stringify(rows.map(rowOf)))])
    await control
      .delete(audit_passage)
      .where(
        and(
          eq(audit_passage.tenant_id, rows[0]!.entry.tenant),
          sql`${audit_passage.id} in (select value from json_each(${JSON.stringify(rows.map((one) => one.entry.id))}))`,
        ),
      )
  }
}

const rowOf = ({ entry, hash, detail, detail_key }: Sealed) => ({
  ...entry,
  hash,
  detail: JSON.stringify(detail),
  detail_key,
})
