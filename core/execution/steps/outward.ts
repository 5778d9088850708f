import { mayRepeat } from "#core/flow/kinds/http"
import type { JsonObject } from "#core/json"
import { mirroredHeaders } from "#core/tool/mcp"
import { BadArgument, operationRequest } from "#core/tool/openapi/request"
import { partHeaders } from "#core/tool/secrets"
import type { ToolDefinition } from "#core/tool/tool"
import { StepFailure } from "./failure.ts"
import type { HttpStep } from "./http.ts"

type ToolOf<K extends ToolDefinition["kind"]> = Extract<ToolDefinition, { kind: K }>

/** A call of an imported operation as the request that it is. */
export function operationStep(tool: ToolOf<"openapi">, args: JsonObject): HttpStep {
  const { execution_config, credentials: secrets = {} } = tool
  const { open, sealed } = partHeaders(execution_config.headers)
  try {
    const { method, url, headers, body } = operationRequest(execution_config, args)
    return {
      method,
      url,
      query: {},
      headers: { ...open, ...headers },
      body,
      credential_id: execution_config.credential_id,
      may_repeat: mayRepeat(execution_config),
      ...sealedBy(sealed, secrets),
      shown: { method, url, ...(body === undefined ? {} : { body }) },
    }
  } catch (error) {
    if (error instanceof BadArgument) throw new StepFailure("tool.bad_argument", error.message)
    throw error
  }
}

/** Nothing where no header holds a secret: such a request is as it was before there were any. */
export const sealedBy = (
  headers: Record<string, string>,
  secrets: Readonly<Record<string, string>> = {},
): Pick<HttpStep, "sealed"> => (Object.keys(headers).length > 0 ? { sealed: { headers, secrets } } : {})

/** One call of a tool of an MCP server, its secrets not yet in it. */
export type McpStep = {
  url: string
  tool_name: string
  arguments: JsonObject
  headers: Record<string, string>
  /** `Mcp-Param-…`: arguments that the server wants to see in headers too. */
  mirrored: Record<string, string>
  sealed: { headers: Record<string, string>; secrets: Readonly<Record<string, string>> }
  credential_id: string | undefined
  timeout_ms: number | undefined
}

export function mcpStep(tool: ToolOf<"mcp">, args: JsonObject): McpStep {
  const { url, tool_name, headers, credential_id, timeout_ms } = tool.execution_config
  const { open, sealed } = partHeaders(headers)
  return {
    url,
    tool_name,
    arguments: args,
    headers: open,
    mirrored: mirroredHeaders(tool.input_schema, args),
    sealed: { headers: sealed, secrets: tool.credentials ?? {} },
    credential_id,
    timeout_ms,
  }
}
