import { sha256 } from "#core/audit/sha256"
import { utf8 } from "#core/audit/bytes"
import type { CredentialUse } from "#core/execution/uses"
import { newId, type TenantId } from "#core/ids"
import type { AuditEntry } from "./record.ts"

/**
 * The audit entry of what a step did with a credential. Everything in it comes from the execution's journal, its id too, so whoever
 * tells of the same use again tells the same entry.
 */
export function useEntry(tenant: TenantId, use: CredentialUse): AuditEntry {
  const { credential_id, execution_id, flow_id, node_id, within, count, actor, at, seq } = use
  const which = sha256(utf8([execution_id, seq, credential_id, within ?? node_id].join(" ")))
  return {
    id: newId("audit", Date.parse(at), (bytes) => which.slice(0, bytes)),
    at,
    tenant_id: tenant,
    actor,
    action: "credential.use",
    target: credential_id,
    detail: JSON.stringify({
      after: { execution_id, flow_id, node_id, ...(within === undefined ? {} : { within }), count },
    }),
    request_id: execution_id,
  }
}
