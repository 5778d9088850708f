import { sql } from "drizzle-orm"
import { actorId, type Actor } from "#core/access/roles"
import { newId, type Chance, type TenantId } from "#core/ids"
import { isoTime } from "#worker/context"
import { insertWhere, type Statement } from "#worker/db/commit"
import { audit_entries } from "#worker/db/schema/audit"

type By = {
  actor: Actor
  requestId: string
  now: number
  chance: Chance
  tenant?: { id: TenantId }
}

/** What an entry tells: the thing, and the facts of it that changed. Never a secret, never a whole document. */
export type Deed = { target?: string; before?: object; after?: object }

const mostDetail = 8_192

/**
 * The audit entry of a mutation, as a statement for the same batch: it follows a guard and is written only when that changed
 * something. `always` is for deeds that change no row, such as a refused sign-in.
 */
export function audit(by: By, action: string, deed: Deed = {}, always = false): Statement {
  const { target, ...told } = deed
  const support = by.actor.is === "user" ? by.actor.support : undefined
  const facts = support ? { ...told, impersonated_by: support.by } : told
  const detail = JSON.stringify(facts)
  const row: typeof audit_entries.$inferInsert = {
    id: newId("audit", by.now, by.chance),
    at: isoTime(by.now),
    tenant_id: by.tenant?.id ?? null,
    actor: actorId(by.actor),
    action,
    target: target ?? null,
    detail: detail.length > mostDetail ? JSON.stringify({ cut: detail.length }) : detail,
    request_id: by.requestId,
  }
  return insertWhere(audit_entries, row, always ? sql`1 = 1` : undefined)
}
