import { eq, isNull, sql, type SQL } from "drizzle-orm"
import { quotaNames, type QuotaName, type Quotas } from "#core/governor/quota"
import { insertWhere, write, type Db, type Statement } from "./commit.ts"
import { flows } from "./schema/flows.ts"
import { quotas } from "./schema/quotas.ts"

type QuotaRow = typeof quotas.$inferSelect

/** The limits that were set for the tenant. */
export async function limits(db: Db): Promise<Partial<Quotas>> {
  const rows = await db.select({ name: quotas.name, most: quotas.most }).from(quotas)
  return Object.fromEntries(rows.map(({ name, most }) => [name, most]))
}

/** Sets exactly these limits, and forgets the others. */
export const replace = (
  db: Db,
  set: Partial<Quotas>,
  by: Pick<QuotaRow, "updated_by" | "updated_at">,
): [Statement, ...Statement[]] => [
  write(db.delete(quotas)),
  ...quotaNames.flatMap((name) => {
    const most = set[name]
    return most === undefined ? [] : [insertWhere(quotas, { name, most, ...by }, sql`1 = 1`)]
  }),
]

/** A limit as it is when a statement runs: the tenant's own, else the usual one; null for none. */
const limitOf = (name: QuotaName, usual: number | null): SQL =>
  sql`(select case when exists (select 1 from ${quotas} where ${eq(quotas.name, name)})
    then (select ${quotas.most} from ${quotas} where ${eq(quotas.name, name)}) else ${usual} end)`

/** Whether there may be a flow more. Judged in the very statement that writes it, so that no two take the last place. */
export function roomForFlow(usual: number | null): SQL {
  const limit = limitOf("flows", usual)
  return sql`(${limit} is null or (select count(*) from ${flows} where ${isNull(flows.deleted_at)}) < ${limit})`
}

/** What the tenant's database holds of what has a quota. */
export async function counted(
  db: Db,
  day: string,
): Promise<{ flows: number; tokens: number; bytes: number }> {
  const { results, meta } = await db.$client
    .prepare(
      `select (select count(*) from flows where deleted_at is null) as flows,
        (select coalesce(sum(input_tokens + output_tokens), 0) from spans where start_time >= ?1 and kind = 'model') as tokens`,
    )
    .bind(`${day}T00:00:00.000Z`)
    .all<{ flows: number; tokens: number }>()
  return { ...results[0]!, bytes: meta.size_after ?? 0 }
}

/** How large the tenant's database is. */
export async function databaseBytes(db: Db): Promise<number> {
  const { meta } = await db.$client.prepare("select 1").run()
  return meta.size_after ?? 0
}
