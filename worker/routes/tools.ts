import { toolsApi } from "#core/contract/tools"
import { answer, routes } from "#worker/http/answer"
import { createTool } from "#worker/services/tools/create"
import { getTool, listTools } from "#worker/services/tools/read"
import { removeTool, restoreTool } from "#worker/services/tools/remove"
import { updateTool } from "#worker/services/tools/update"

export const toolRoutes = routes(
  answer(toolsApi.list, ({ ctx, query }) => listTools(ctx, query)),
  answer(toolsApi.create, ({ ctx, body }) => createTool(ctx, body)),
  answer(toolsApi.get, ({ ctx, params }) => getTool(ctx, params.tool_id)),
  answer(toolsApi.update, ({ ctx, params, body, ifMatch }) => updateTool(ctx, params.tool_id, ifMatch, body)),
  answer(toolsApi.remove, ({ ctx, params }) => removeTool(ctx, params.tool_id)),
  answer(toolsApi.restore, ({ ctx, params }) => restoreTool(ctx, params.tool_id)),
)
