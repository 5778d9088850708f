import { auditApi } from "#core/contract/audit"
import { auditWebhookApi } from "#core/contract/audit-webhook"
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
import {
  getAuditWebhook,
  putAuditWebhook,
  removeAuditWebhook,
  testAuditWebhook,
} from "#worker/services/audit/webhook"

export const auditRoutes = routes(
  answer(auditApi.list, ({ ctx, query }) => searchAudit(ctx, query)),
  answer(auditApi.get, ({ ctx, env, params }) => getAuditEntry(env, ctx, params.audit_id)),
  answer(auditApi.state, ({ ctx, env }) => auditState(env, ctx)),
  answer(auditApi.checkpoints, ({ ctx, env, query }) => listCheckpoints(env, ctx, query)),
  answer(auditApi.consistency, ({ ctx, env, query }) => proveConsistency(env, ctx, query)),
  answer(auditWebhookApi.get, ({ ctx, env }) => getAuditWebhook(env, ctx)),
  answer(auditWebhookApi.put, ({ ctx, env, body, ifMatch }) => putAuditWebhook(env, ctx, body, ifMatch), {
    once: true,
  }),
  answer(auditWebhookApi.remove, ({ ctx, ifMatch }) => removeAuditWebhook(ctx, ifMatch)),
  answer(auditWebhookApi.test, ({ ctx, env }) => testAuditWebhook(env, ctx)),
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
