import { and, eq, sql } from "drizzle-orm"
import { guard, insertWhere, type Db, type Statement } from "./commit.ts"
import { audit_webhooks } from "./schema/audit-webhook.ts"

export type AuditWebhookRow = typeof audit_webhooks.$inferSelect

/** Where a tenant's checkpoints are sent; undefined where they stay at home. */
export const webhook = async (db: Db): Promise<AuditWebhookRow | undefined> =>
  (await db.select().from(audit_webhooks))[0]

const { id, version } = audit_webhooks

/** Puts it in the place of what was read: nothing, or one of a version. */
export function put(db: Db, row: AuditWebhookRow, was: AuditWebhookRow | undefined): Statement {
  if (!was)
    return {
      ...insertWhere(audit_webhooks, row, sql`not exists (select 1 from ${audit_webhooks})`),
      guard: "conflict.stale",
    }
  return guard(
    db
      .update(audit_webhooks)
      .set(row)
      .where(and(eq(id, row.id), eq(version, was.version))),
  )
}

export const remove = (db: Db, was: AuditWebhookRow): Statement =>
  guard(db.delete(audit_webhooks).where(and(eq(id, was.id), eq(version, was.version))))
