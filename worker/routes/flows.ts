import { flowsApi } from "#core/contract/flows"
import { answer, routes } from "#worker/http/answer"
import { createFlow } from "#worker/services/flows/create"
import { withExamples } from "#worker/services/flow-parts/examples"
import { estimateFlow } from "#worker/services/flows/estimate"
import { exportFlow } from "#worker/services/flows/export"
import { importFlow, previewImport } from "#worker/services/flows/import"
import { publishFlow } from "#worker/services/flows/publish"
import {
  diffFlow,
  getFlow,
  getVersion,
  listFlows,
  listVersions,
  validateDraft,
} from "#worker/services/flows/read"
import { removeFlow, restoreFlow } from "#worker/services/flows/remove"
import { rollbackFlow } from "#worker/services/flows/rollback"
import { listTemplates } from "#worker/services/flows/templates"
import { updateFlow } from "#worker/services/flows/update"
import { live } from "./live.ts"

export const flowRoutes = routes(
  answer(flowsApi.list, ({ ctx, query }) => listFlows(ctx, query)),
  answer(flowsApi.create, async ({ ctx, env, body }) =>
    createFlow(env, ctx, await withExamples(env, ctx, body)),
  ),
  answer(flowsApi.templates, async ({ ctx }) => listTemplates(ctx)),
  answer(flowsApi.import, ({ ctx, env, body }) => importFlow(env, ctx, body)),
  answer(flowsApi.preview, ({ ctx, body }) => previewImport(ctx, body)),
  answer(
    flowsApi.get,
    live(({ ctx, params }) => getFlow(ctx, params.flow_id)),
  ),
  answer(
    flowsApi.update,
    live(({ ctx, params, body, ifMatch }) => updateFlow(ctx, params.flow_id, ifMatch, body), "pull"),
  ),
  answer(
    flowsApi.remove,
    live(({ ctx, params }) => removeFlow(ctx, params.flow_id), "remove"),
  ),
  answer(flowsApi.restore, ({ ctx, env, params }) => restoreFlow(env, ctx, params.flow_id)),
  answer(
    flowsApi.validate,
    live(({ ctx, params }) => validateDraft(ctx, params.flow_id)),
  ),
  answer(
    flowsApi.publish,
    live(({ ctx, params, body, ifMatch }) => publishFlow(ctx, params.flow_id, ifMatch, body?.note ?? "")),
  ),
  answer(
    flowsApi.estimate,
    live(({ ctx, params }) => estimateFlow(ctx, params.flow_id)),
  ),
  answer(flowsApi.versions, ({ ctx, params }) => listVersions(ctx, params.flow_id)),
  answer(flowsApi.version, ({ ctx, params }) => getVersion(ctx, params.flow_id, params.version)),
  answer(
    flowsApi.rollback,
    live(
      ({ ctx, params, body, ifMatch }) => rollbackFlow(ctx, params.flow_id, ifMatch, body.version),
      "pull",
    ),
  ),
  answer(
    flowsApi.diff,
    live(({ ctx, params, query }) => diffFlow(ctx, params.flow_id, query.from, query.to)),
  ),
  answer(
    flowsApi.export,
    live(({ ctx, params, query }) => exportFlow(ctx, params.flow_id, query.format)),
  ),
)
