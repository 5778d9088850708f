import { toolsApi } from "#core/contract/tools"
import { toolImportsApi } from "#core/contract/tool-imports"
import { originFor } from "#worker/env"
import { answer, routes, type Call } from "#worker/http/answer"
import type { Reply } from "#worker/http/reply"
import { streamExecution } from "#worker/services/executions/read"
import { invokeTool } from "#worker/services/tools/invoke"
import { importMcp } from "#worker/services/tools/import-mcp"
import { importOpenApi } from "#worker/services/tools/import-openapi"
import { createTool } from "#worker/services/tools/create"
import {
  diffTool,
  getTool,
  getToolVersion,
  listInvocations,
  listScaffolds,
  listTools,
  listToolVersions,
} from "#worker/services/tools/read"
import { removeTool, restoreTool } from "#worker/services/tools/remove"
import { rollbackTool, updateTool } from "#worker/services/tools/update"
import { validateTool } from "#worker/services/tools/validate"
import { keyOf, startedReply, waitOf, wantsStream } from "./started.ts"

export const toolRoutes = routes(
  answer(toolImportsApi.openapi, ({ ctx, env, body }) => importOpenApi(env, ctx, body)),
  answer(toolImportsApi.mcp, ({ ctx, env, request, body }) => importMcp(env, ctx, body, request.signal)),
  answer(toolsApi.list, ({ ctx, query }) => listTools(ctx, query)),
  answer(toolsApi.create, ({ ctx, body }) => createTool(ctx, body)),
  answer(toolsApi.get, ({ ctx, params }) => getTool(ctx, params.tool_id)),
  answer(toolsApi.update, ({ ctx, params, body, ifMatch }) => updateTool(ctx, params.tool_id, ifMatch, body)),
  answer(toolsApi.remove, ({ ctx, params }) => removeTool(ctx, params.tool_id)),
  answer(toolsApi.restore, ({ ctx, params }) => restoreTool(ctx, params.tool_id)),
  answer(toolsApi.versions, ({ ctx, params }) => listToolVersions(ctx, params.tool_id)),
  answer(toolsApi.version, ({ ctx, params }) => getToolVersion(ctx, params.tool_id, params.version)),
  answer(toolsApi.diff, ({ ctx, params, query }) => diffTool(ctx, params.tool_id, query.from, query.to)),
  answer(toolsApi.validate, ({ ctx, env, request, params }) =>
    validateTool(env, ctx, params.tool_id, request.signal),
  ),
  answer(toolsApi.invoke, invoke),
  answer(toolsApi.invocations, ({ ctx, params, query }) => listInvocations(ctx, params.tool_id, query)),
  answer(toolsApi.scaffolds, ({ ctx }) => listScaffolds(ctx)),
  answer(toolsApi.rollback, ({ ctx, params, body, ifMatch }) =>
    rollbackTool(ctx, params.tool_id, ifMatch, body.version),
  ),
)

async function invoke(call: Call<typeof toolsApi.invoke>): Promise<Reply | Response> {
  const { ctx, env, params, body, request, url } = call
  const waitMs = waitOf(request.headers)
  const options = { waitMs, origin: originFor(env, url), idempotency: keyOf(call, params.tool_id) }
  const started = await invokeTool(env, ctx, params.tool_id, body.input, options)
  if (wantsStream(request.headers)) return streamExecution(env, ctx, started.execution_id, { after: 0 })
  return startedReply(started, waitMs)
}
