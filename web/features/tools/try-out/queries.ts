import { queryOptions } from "@tanstack/react-query"
import { executionsApi } from "#core/contract/executions"
import { toolsApi, type Tool } from "#core/contract/tools"
import type { ExecutionId, ToolId } from "#core/ids"
import type { JsonObject } from "#core/json"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"

/** Calls the tool as it is saved, once: a second click is a second call, a repeated request is not. */
export const callTool = (id: ToolId, input: JsonObject) =>
  call(toolsApi.invoke, {
    params: { tool_id: id },
    body: { input },
    headers: { "idempotency-key": crypto.randomUUID() },
  })

/** What stands in the way of a call. A server of MCP is not asked for it: that is done when the tool is called. */
export const obstaclesQuery = (tool: Tool) =>
  queryOptions({
    queryKey: [...queryKeys.tools, "obstacles", tool.id, tool.version],
    queryFn: async ({ signal }) =>
      (await call(toolsApi.validate, { params: { tool_id: tool.id }, signal })).findings,
    enabled: tool.kind !== "mcp",
  })

/** Arguments that fit the tool as it is saved. */
export async function sampleOf(id: ToolId): Promise<JsonObject> {
  const { sample } = await call(toolsApi.validate, { params: { tool_id: id } })
  return sample?.input ?? {}
}

export const cancelCall = (id: ExecutionId) => call(executionsApi.cancel, { params: { execution_id: id } })
