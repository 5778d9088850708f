import { flowsApi } from "#core/contract/flows"
import { answer, routes } from "#worker/http/answer"
import { createFlow } from "#worker/services/flows/create"
import { withExamples } from "#worker/services/flow-parts/examples"
import { exportFlow, importFlow } from "#worker/services/flows/exchange"
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

export const flowRoutes = routes(
  answer(flowsApi.list, ({ ctx, query }) => listFlows(ctx, query)),
  answer(flowsApi.create, async ({ ctx, body }) => createFlow(ctx, await withExamples(ctx, body))),
  answer(flowsApi.templates, async ({ ctx }) => listTemplates(ctx)),
  answer(flowsApi.import, ({ ctx, body }) => importFlow(ctx, body)),
  answer(flowsApi.get, ({ ctx, params }) => getFlow(ctx, params.flow_id)),
  answer(flowsApi.update, ({ ctx, params, body, ifMatch }) => updateFlow(ctx, params.flow_id, ifMatch, body)),
  answer(flowsApi.remove, ({ ctx, params }) => removeFlow(ctx, params.flow_id)),
  answer(flowsApi.restore, ({ ctx, params }) => restoreFlow(ctx, params.flow_id)),
  answer(flowsApi.validate, ({ ctx, params }) => validateDraft(ctx, params.flow_id)),
  answer(flowsApi.publish, ({ ctx, params, body, ifMatch }) =>
    publishFlow(ctx, params.flow_id, ifMatch, body?.note ?? ""),
  ),
  answer(flowsApi.versions, ({ ctx, params }) => listVersions(ctx, params.flow_id)),
  answer(flowsApi.version, ({ ctx, params }) => getVersion(ctx, params.flow_id, params.version)),
  answer(flowsApi.rollback, ({ ctx, params, body, ifMatch }) =>
    rollbackFlow(ctx, params.flow_id, ifMatch, body.version),
  ),
  answer(flowsApi.diff, ({ ctx, params, query }) => diffFlow(ctx, params.flow_id, query.from, query.to)),
  answer(flowsApi.export, ({ ctx, params }) => exportFlow(ctx, params.flow_id)),
)
