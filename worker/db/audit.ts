import { and, asc, desc, eq, gt, gte, isNotNull, isNull, lt, lte, sql, type SQL } from "drizzle-orm"
import type { QueryOf } from "#core/contract/endpoint"
import { auditWindow, type auditApi } from "#core/contract/audit"
import type { TenantId } from "#core/ids"
import type { Sealed, Waiting } from "#durable/sealer/ports"
import type { Db } from "./commit.ts"
import { api_keys, identities } from "./schema/control.ts"
import { contains } from "./search.ts"
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
  // By itself SQLite would find them by their missing numbers, and sort all of them for each portion.
  const rows = await db.all<AuditRow>(
    sql`select * from audit_entries indexed by audit_entries_waiting where seq is null order by id limit ${most}`,
  )
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

/**
 * Writes down what entries of a tenant's own database were sealed with. One that has its number keeps it. The `+` keeps SQLite from
 * going through all that waits, and through all of these for each: they are found by their ids.
 */
export async function number(db: Db, entries: readonly Sealed[]): Promise<void> {
  const statement = db.$client.prepare(
    `update audit_entries set seq = new.seq, prev = new.prev, hash = new.hash, commitment = new.commitment, detail_key = new.detail_key
     from (select value ->> 'id' as id, value ->> 'seq' as seq, value ->> 'prev' as prev, value ->> 'hash' as hash,
       value ->> 'commitment' as commitment, value ->> 'detail_key' as detail_key from json_each(?)) as new
     where audit_entries.id = new.id and +audit_entries.seq is null`,
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

const columns = ["id", "at", "tenant_id", "actor", "action", "target", "detail", "request_id"] as const

/** Characters of a statement's rows: a parameter takes 2 MB, and a character up to 3 bytes. */
const mostLength = 600_000

/** Adds entries that tell what others had already done: one that is there stays as it is, also when it is sealed by now. */
export function kept(d1: D1Database, rows: readonly Entry[]): D1PreparedStatement[] {
  const insert = `insert into audit_entries (${columns.join(", ")}) select ${columns.map((name) => `value ->> '${name}'`).join(", ")}
    from json_each(?1) where true on conflict (id) do nothing`
  const parts: string[][] = []
  let length = Infinity
  for (const row of rows.map((one) => JSON.stringify(one))) {
    if (length + row.length > mostLength) {
      parts.push([])
      length = 0
    }
    parts.at(-1)!.push(row)
    length += row.length
  }
  return parts.map((part) => d1.prepare(insert).bind(`[${part.join(",")}]`))
}

type Entry = typeof audit_passage.$inferInsert

export type AuditRow = typeof audit_entries.$inferSelect
type Query = QueryOf<typeof auditApi.list>

/**
 * A page of the log, the newest first. What is not sealed yet stands before everything else, on the first page. A search looks
 * through so many entries and no more; `next` goes on behind them.
 */
export async function search(db: Db, query: Query): Promise<{ rows: AuditRow[]; next: number | null }> {
  const filters = and(...filtersOf(query))
  const floor = query.search === undefined ? 0 : await floorOf(db, query.before)
  const [waiting, sealed] = await db.batch([
    db
      .select()
      .from(audit_entries)
      .where(and(isNull(audit_entries.seq), filters))
      .orderBy(desc(audit_entries.id))
      .limit(query.before === undefined ? query.limit : 0),
    db
      .select()
      .from(audit_entries)
      .where(
        and(
          isNotNull(audit_entries.seq),
          query.before === undefined ? undefined : lt(audit_entries.seq, query.before),
          floor > 0 ? gte(audit_entries.seq, floor) : undefined,
          filters,
        ),
      )
      .orderBy(desc(audit_entries.seq))
      .limit(query.limit + 1),
  ])
  const page = sealed.slice(0, query.limit)
  const next = sealed.length > page.length ? (page.at(-1)?.seq ?? null) : floor > 1 ? floor : null
  return { rows: [...waiting, ...page], next }
}

/** The last place that is looked through for a text. */
async function floorOf(db: Db, before: number | undefined): Promise<number> {
  // Looked up also where a place is given: one far beyond the end must not be walked down to it.
  const [newest] = await db
    .select({ seq: audit_entries.seq })
    .from(audit_entries)
    .where(before === undefined ? isNotNull(audit_entries.seq) : lt(audit_entries.seq, before))
    .orderBy(desc(audit_entries.seq))
    .limit(1)
  return Math.max(1, (newest?.seq ?? 0) - auditWindow + 1)
}

/** All that a text is looked for in. */
const words = sql`concat_ws(char(10), ${audit_entries.action}, ${audit_entries.actor}, ${audit_entries.target}, ${audit_entries.request_id}, ${audit_entries.detail})`

function filtersOf({ actor, action, target, request_id, from, to, search }: Query): (SQL | undefined)[] {
  return [
    actor ? eq(audit_entries.actor, actor) : undefined,
    action
      ? sql`(${audit_entries.action} = ${action} or (${audit_entries.action} > ${`${action}.`} and ${audit_entries.action} < ${`${action}/`}))`
      : undefined,
    target ? eq(audit_entries.target, target) : undefined,
    request_id ? eq(audit_entries.request_id, request_id) : undefined,
    from ? gte(audit_entries.at, new Date(from).toISOString()) : undefined,
    to ? lte(audit_entries.at, new Date(to).toISOString()) : undefined,
    search ? contains(words, search) : undefined,
  ]
}

export const byId = async (db: Db, id: string): Promise<AuditRow | undefined> =>
  (await db.select().from(audit_entries).where(eq(audit_entries.id, id)))[0]

/** Sealed entries behind a place, in their order. */
export const sealedAfter = (db: Db, seq: number, upTo: number, most: number): Promise<AuditRow[]> =>
  db
    .select()
    .from(audit_entries)
    .where(and(gt(audit_entries.seq, seq), lte(audit_entries.seq, upTo)))
    .orderBy(asc(audit_entries.seq))
    .limit(most)

/** What actors are called now: people by name or address, keys by theirs. */
export async function namesOf(control: Db, ids: readonly string[]): Promise<Map<string, string>> {
  const wanted = sql`(select value from json_each(${JSON.stringify([...new Set(ids)])}))`
  const [people, keys] = await control.batch([
    control
      .select({ id: identities.id, name: identities.name, email: identities.email })
      .from(identities)
      .where(sql`${identities.id} in ${wanted}`),
    control
      .select({ id: api_keys.id, name: api_keys.name })
      .from(api_keys)
      .where(sql`${api_keys.id} in ${wanted}`),
  ])
  return new Map<string, string>([
    ...people.map(({ id, name, email }) => [id, name || email] as const),
    ...keys.map(({ id, name }) => [id, name] as const),
  ])
}
