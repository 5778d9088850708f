import { eq, sql, type SQL } from "drizzle-orm"
import type { SQLiteColumn } from "drizzle-orm/sqlite-core"
import { ShareLevel } from "#core/access/level"
import type { UserId } from "#core/ids"
import { commit, guard, insertWhere, write, type Db, type Statement } from "./commit.ts"
import { resource_access } from "./schema/shares.ts"

export type SharingRow = typeof resource_access.$inferSelect
/** What is shared, by its id: a flow, a crew or an agent. */
export type ResourceId = string

/** The tenant's database as somebody may see it: what is hidden from them is not there. */
export const seenBy = (db: Db, user: UserId): Db => viewed(db, { user, least: "view" })

/** The same where a thing is to be used or changed, and not only looked at. As it was where nobody looks. */
export const usableIn = (db: Db, least: ShareLevel = "run"): Db =>
  db.viewer ? viewed(db, { ...db.viewer, least }) : db

/** As the installation reads it: for what somebody may have done without seeing every part of it. */
export const unveiled = (db: Db): Db => viewed(db, undefined)

const viewed = (db: Db, viewer: Db["viewer"]): Db =>
  Object.assign(Object.create(db) as Db, { viewer: viewer as never })

/** How far a thing is shared with somebody: `none` hides it, null leaves it to their role. */
const levelFor = (user: UserId | SQL, id: SQLiteColumn | SQL): SQL =>
  sql`(select coalesce(json_extract(ra.shares, '$."' || ${user} || '"'),
        case when ra.access = 'shared' and ra.owner_id is not ${user} then 'none' end)
      from resource_access ra where ra.resource_id = ${id})`

/**
 * The condition of every query that finds flows, crews, agents or what belongs to them: whether the database's viewer may. It is a
 * part of the query, by the key of one row; undefined where nobody looks.
 */
export function visible(db: Db, id: SQLiteColumn | SQL): SQL | undefined {
  if (!db.viewer) return undefined
  const { user, least } = db.viewer
  const levels = ["edit", ...ShareLevel.options.slice(ShareLevel.options.indexOf(least), -1)]
  return sql`coalesce(${levelFor(user, id)}, 'edit') in ${levels}`
}

/** What belongs to a flow, crew or agent is as hidden as that is. */
const resourceOf = (id: SQL): SQL => sql`case substr(${id}, 1, 5)
    when 'exec_' then (select flow_id from executions where id = ${id})
    when 'chat_' then (select coalesce(flow_id, crew_id, agent_id) from chat_sessions where id = ${id})
    when 'trig_' then (select flow_id from triggers where id = ${id})
    else ${id} end`

export type Standing = ShareLevel | "none" | null

/** How far a thing, or what belongs to one, is shared with each of those who ask, in their order: one query, one look by key each. */
export async function standings(
  db: Db,
  asking: readonly { user: UserId; about: string }[],
): Promise<Standing[]> {
  if (asking.length === 0) return []
  const [user, about] = [sql`(asks.value ->> 'user')`, sql`(asks.value ->> 'about')`]
  const rows = await db.all<{ level: Standing }>(
    sql`select ${levelFor(user, resourceOf(about))} as level from json_each(${JSON.stringify(asking)}) asks order by asks.key`,
  )
  return rows.map(({ level }) => level)
}

export const byResource = async (db: Db, id: ResourceId): Promise<SharingRow | undefined> =>
  (await db.select().from(resource_access).where(eq(resource_access.resource_id, id)))[0]

/** Writes who comes how far with a thing, if that is still as it was read. */
export function save(db: Db, row: SharingRow): Statement {
  const { resource_id, access_version: now, ...change } = row
  if (now === 1)
    return {
      ...insertWhere(
        resource_access,
        row,
        sql`not exists (select 1 from resource_access where resource_id = ${resource_id})`,
      ),
      guard: "conflict.stale",
    }
  return guard(
    db
      .update(resource_access)
      .set({ ...change, access_version: now })
      .where(
        sql`${resource_access.resource_id} = ${resource_id} and ${resource_access.access_version} = ${now - 1}`,
      ),
  )
}

/** Takes a person out of all shares; what was theirs is nobody's then. */
export const forgetPerson = (db: Db, user: UserId): [Statement, Statement] => [
  write(
    db
      .update(resource_access)
      .set({ shares: sql`json_remove(${resource_access.shares}, ${`$."${user}"`})` })
      .where(sql`json_extract(${resource_access.shares}, ${`$."${user}"`}) is not null`),
  ),
  write(db.update(resource_access).set({ owner_id: null }).where(eq(resource_access.owner_id, user))),
]

/**
 * Before somebody joins who may have belonged to the tenant before: their removal is written in another database than what was shared
 * with them, so that a crash between the two leaves shares that mean nothing until they come back.
 */
export const beginAnew = (db: Db, user: UserId): Promise<void> =>
  commit({ db }, undefined, ...forgetPerson(db, user))
