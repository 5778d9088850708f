import { sql } from "drizzle-orm"
import type { Role } from "#core/access/roles"
import type { TenantId } from "#core/ids"
import type { Db } from "./commit.ts"

const one = async <T>(db: Db, text: ReturnType<typeof sql>): Promise<T> => (await db.all<T>(text))[0]!

/** What the control database says of a tenant. `since` and `now` are ISO 8601. */
export async function controlFacts(db: Db, tenant: TenantId, since: string, now: string) {
  const members = await db.all<{ role: Role; status: "active" | "disabled"; n: number; hashed: number }>(
    sql`select role, memberships.status as status, count(*) as n,
          sum(password_hash like '$argon2id$%' or password_hash like '$scrypt$%') as hashed
        from memberships join identities on identities.id = identity_id where tenant_id = ${tenant} group by role, memberships.status`,
  )
  const sessions = await one<{ alive: number; oldest: string | null }>(
    db,
    sql`select count(*) as alive, min(created_at) as oldest from sessions
        where tenant_id = ${tenant} and ended_at is null and expires_at > ${now}`,
  )
  const unused = new Date(Date.parse(now) - 90 * 86_400_000).toISOString()
  const keys = await one<{
    total: number
    without_expiry: number
    unused: number
    oldest: string | null
    restricted: number
  }>(
    db,
    sql`select count(*) as total, coalesce(sum(expires_at is null), 0) as without_expiry,
          coalesce(sum(coalesce(used_at, created_at) < ${unused}), 0) as unused, min(created_at) as oldest,
          coalesce(sum(restrictions is not null), 0) as restricted
        from api_keys where tenant_id = ${tenant} and revoked_at is null`,
  )
  const tenantRow = await one<{ data_key: string }>(
    db,
    sql`select data_key from tenants where id = ${tenant}`,
  )
  const audit = await auditFacts(db, since, sql`tenant_id = ${tenant}`)
  return { members, sessions, keys, data_key: tenantRow.data_key, audit }
}

type AuditFacts = {
  entries: number
  since_entries: number
  first_at: string | null
  last_at: string | null
}

const auditFacts = (db: Db, since: string, where = sql`1 = 1`): Promise<AuditFacts> =>
  one<AuditFacts>(
    db,
    sql`select count(*) as entries, coalesce(sum(at >= ${since}), 0) as since_entries, min(at) as first_at, max(at) as last_at
        from audit_entries where ${where}`,
  )

/** What the tenant's own database says. */
export async function tenantFacts(db: Db, since: string) {
  const secrets = await one<{ kept: number; sealed: number }>(
    db,
    sql`with kept as (
          select secret from credentials where deleted_at is null
          union all select credentials from llm_providers where credentials is not null and deleted_at is null
          union all select secret from triggers where secret is not null and deleted_at is null)
        select count(*) as kept, coalesce(sum(secret like 'v1.%'), 0) as sealed from kept`,
  )
  const done = await one<{ published: number; reviewed: number }>(
    db,
    sql`select count(*) as published,
          coalesce(sum(exists (select 1 from flow_reviews where flow_reviews.flow_id = flow_versions.flow_id
            and published_as = version and flow_reviews.status = 'approved')), 0) as reviewed
        from flow_versions where created_at >= ${since}`,
  )
  const executions = await one<{ since: number; failed: number }>(
    db,
    sql`select count(*) as since, coalesce(sum(status = 'failed'), 0) as failed from executions where created_at >= ${since}`,
  )
  const approvals = await one<{ n: number }>(
    db,
    sql`select count(*) as n from approvals where status = 'answered' and answered_at >= ${since}`,
  )
  const privacy = await one<{
    holds: number
    exports: number
    done: number
    open: number
    longest: number | null
  }>(
    db,
    sql`select (select count(*) from legal_holds where lifted_at is null) as holds,
          (select count(*) from audit_entries where action = 'privacy.export' and at >= ${since}) as exports,
          (select count(*) from erasures where status = 'done' and finished_at >= ${since}) as done,
          (select count(*) from erasures where status = 'erasing') as open,
          (select max(julianday(finished_at) - julianday(requested_at)) from erasures
            where status = 'done' and finished_at >= ${since}) as longest`,
  )
  const budgets = await one<{ total: number; hard: number }>(
    db,
    sql`select count(*) as total, coalesce(sum(mode = 'hard'), 0) as hard from budgets where is_active = 1 and deleted_at is null`,
  )
  const settings = await db.all<{ review_before_publish: number }>(
    sql`select review_before_publish from workspace_settings`,
  )
  return {
    secrets,
    done,
    executions,
    answered: approvals.n,
    budgets,
    privacy,
    review_required: settings[0]?.review_before_publish === 1,
    audit: await auditFacts(db, since),
  }
}
