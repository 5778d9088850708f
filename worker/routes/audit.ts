import { auditApi } from "#core/contract/audit"
import { answer, routes } from "#worker/http/answer"
import { exportAudit } from "#worker/services/audit/export"
import {
  auditState,
  getAuditEntry,
  getAuditKey,
  listCheckpoints,
  proveConsistency,
  searchAudit,
} from "#worker/services/audit/read"

export const auditRoutes = routes(
  answer(auditApi.list, ({ ctx, query }) => searchAudit(ctx, query)),
  answer(auditApi.get, ({ ctx, env, params }) => getAuditEntry(env, ctx, params.audit_id)),
  answer(auditApi.state, ({ ctx, env }) => auditState(env, ctx)),
  answer(auditApi.checkpoints, ({ ctx, env, query }) => listCheckpoints(env, ctx, query)),
  answer(auditApi.consistency, ({ ctx, env, query }) => proveConsistency(env, ctx, query)),
  answer(auditApi.key, ({ ctx, env }) => getAuditKey(env, ctx)),
  answer(auditApi.export, async ({ ctx, env }) => {
    const name = `audit-${ctx.tenant.id}-${new Date(ctx.now).toISOString().slice(0, 10)}.ndjson`
    return new Response(await exportAudit(env, ctx), {
      headers: {
        "content-type": "application/x-ndjson",
        "cache-control": "no-store",
        "content-disposition": `attachment; filename="${name}"`,
      },
    })
  }),
)
