import { auditApi } from "#core/contract/audit"
import { call } from "./api.ts"

export type AuditWorld = { audit_id: string }

export const noAudit: AuditWorld = { audit_id: "audit_01JD0000000000000000000000" }

/** The oldest entry of a tenant's log, once it is sealed. */
export async function newAuditWorld(token: string): Promise<AuditWorld> {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    const { entries } = await call(auditApi.list, { token, query: { limit: 200 } })
    const sealed = entries.findLast(({ seq }) => seq !== null)
    if (sealed && entries.every(({ seq }) => seq !== null)) return { audit_id: sealed.id }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error("nothing was sealed in time")
}

/** Where the guard lets nobody go: what is sent there leaves nothing and nobody waits for it. */
export const auditBodies = { "PUT /audit/webhook": () => ({ url: "https://audit.internal/checkpoints" }) }
