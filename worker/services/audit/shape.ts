import type { AuditRecord } from "#core/contract/audit"
import { detailOf, type SealedEntry } from "#core/audit/entry"
import type { Json } from "#core/json"
import { AuditId } from "#core/ids"
import type { Ctx } from "#worker/context"
import * as entries from "#worker/db/audit"

const detailIn = ({ detail }: entries.AuditRow): Json => (detail === null ? null : detailOf(detail))

/** Entries as the contract shows them, with what their actors are called now. */
export async function shown(ctx: Ctx, rows: readonly entries.AuditRow[]): Promise<AuditRecord[]> {
  if (rows.length === 0) return []
  const names = await entries.namesOf(
    await ctx.control(),
    rows.map(({ actor }) => actor),
  )
  return rows.map((row) => ({
    id: AuditId.parse(row.id),
    seq: row.seq,
    at: row.at,
    actor: row.actor,
    actor_name: names.get(row.actor) ?? null,
    action: row.action,
    target: row.target,
    request_id: row.request_id,
    detail: detailIn(row),
    is_erased: row.detail === null,
    hash: row.hash,
  }))
}

/** An entry as the database says that it was sealed, true or not; undefined while it is not. */
export function sealedOf(tenant: string, row: entries.AuditRow): SealedEntry | undefined {
  const { id, at, actor, action, target, request_id, seq, prev, hash, commitment, detail_key } = row
  if (seq === null || prev === null || hash === null || commitment === null) return undefined
  return {
    entry: { v: 1, tenant, seq, id, at, actor, action, target, request_id, commitment, prev },
    hash,
    detail: detailIn(row),
    detail_key,
  }
}
