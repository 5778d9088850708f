import { sql } from "drizzle-orm"
import type { TenantQueue, TenantUsage } from "#core/contract/admin"
import type { Db } from "./commit.ts"

/** What a tenant holds and does, in one look at its database. */
export async function usageOf(db: Db, now: number): Promise<TenantUsage> {
  const today = `${new Date(now).toISOString().slice(0, 10)}T00:00:00.000Z`
  const monthAgo = new Date(now - 30 * 86_400_000).toISOString()
  const { results, meta } = await db.$client
    .prepare(
      `select
        (select count(*) from flows where deleted_at is null) as flows,
        (select count(*) from agents where deleted_at is null) as agents,
        (select count(*) from executions where created_at >= ?1) as executions_today,
        (select count(*) from executions where finished_at is null and status in ('queued', 'running', 'waiting', 'cancelling')) as executions_open,
        (select coalesce(sum(cost_micros), 0) from executions where created_at >= ?2) as cost_micros_30_days`,
    )
    .bind(today, monthAgo)
    .all<Omit<TenantUsage, "bytes">>()
  return { ...results[0]!, bytes: meta.size_after ?? 0 }
}

/** How many executions are in which state that is no end, and since when the oldest of them. */
export async function queueOf(db: Db): Promise<Omit<TenantQueue, "tenant">> {
  const rows = await db.all<{ status: string; n: number; oldest: string }>(
    sql`select status, count(*) as n, min(created_at) as oldest from executions
      where status in ('queued', 'running', 'waiting', 'cancelling', 'needs_attention') group by status`,
  )
  const of = (...names: string[]): number =>
    rows.filter(({ status }) => names.includes(status)).reduce((sum, { n }) => sum + n, 0)
  const oldest = rows
    .filter(({ status }) => status === "queued" || status === "running")
    .map((row) => row.oldest)
    .sort()[0]
  return {
    queued: of("queued"),
    running: of("running", "cancelling"),
    waiting: of("waiting"),
    needs_attention: of("needs_attention"),
    oldest_at: oldest ?? null,
  }
}
