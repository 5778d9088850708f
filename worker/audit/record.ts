import { sql } from "drizzle-orm"
import { actorId, type Actor } from "#core/access/roles"
import { newId, type Chance, type TenantId } from "#core/ids"
import { isoTime, type Client } from "#worker/context"
import { insertWhere, type Sealing, type Statement } from "#worker/db/commit"
import { audit_passage } from "#worker/db/schema/audit-passage"

type By = {
  actor: Actor
  requestId: string
  now: number
  chance: Chance
  sealing: Sealing
  tenant?: { id: TenantId }
  /** From where, when somebody asked over HTTP. */
  client?: Client
}

/** What an entry tells: the thing, and the facts of it that changed. Never a secret, never a whole document. */
export type Deed = { target?: string; before?: object; after?: object }

/** A row on its way to a log, before the Sealer has numbered it. */
export type AuditEntry = typeof audit_passage.$inferInsert

const mostDetail = 8_192
const mostAgent = 200

/**
 * The audit entry of a mutation, as a statement for the same batch: it follows a guard and is written only when that changed
 * something. `always` is for deeds that change no row, such as a refused sign-in. The same columns stand in both kinds of
 * database; a tenant's Sealer brings them all into the tenant's log (docs/audit-format.md).
 */
export function audit(by: By, action: string, deed: Deed = {}, always = false): Statement {
  const { target, ...told } = deed
  const support = by.actor.is === "user" ? by.actor.support : undefined
  const facts = support ? { ...told, impersonated_by: support.by } : told
  const from = fromOf(by.client)
  const detail = JSON.stringify({ ...facts, ...from })
  const row: AuditEntry = {
    id: newId("audit", by.now, by.chance),
    at: isoTime(by.now),
    tenant_id: by.tenant?.id ?? null,
    actor: actorId(by.actor),
    action,
    target: target ?? null,
    detail: detail.length > mostDetail ? JSON.stringify({ cut: detail.length, ...from }) : detail,
    request_id: by.requestId,
  }
  const statement = insertWhere(audit_passage, row, always ? sql`1 = 1` : undefined)
  return by.tenant ? { ...statement, sealed: { by: by.sealing, tenant: by.tenant.id } } : statement
}

/** Where a deed came from, as far as that is known. */
function fromOf(client: Client | undefined): { ip?: string; user_agent?: string } {
  if (!client) return {}
  const { address, userAgent } = client
  return {
    ...(address === "unknown" ? {} : { ip: address.slice(0, 64) }),
    ...(userAgent === "" ? {} : { user_agent: userAgent.slice(0, mostAgent) }),
  }
}
