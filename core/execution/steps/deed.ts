import type { FlowNode } from "#core/flow/graph"
import { HttpData, mayRepeat } from "#core/flow/kinds/http"
import type { JsonObject } from "#core/json"
import { builtinTool } from "#core/tool/builtin/all"
import type { Builtin } from "#core/tool/builtin/builtin"
import type { ContainerToolConfig, HttpToolConfig, IsolateToolConfig } from "#core/tool/config"
import type { ContainerProgram, IsolateProgram, ProgramRequest } from "#core/tool/program"
import { partHeaders } from "#core/tool/secrets"
import type { ToolDefinition } from "#core/tool/tool"
import { StepFailure } from "./failure.ts"
import { httpStep, type HttpStep } from "./http.ts"
import { mcpStep, operationStep, sealedBy, type McpStep } from "./outward.ts"

/** What a call of a tool does, with everything that is sent. */
export type Deed =
  | { is: "http"; request: HttpStep; timeout_ms: number | undefined }
  | { is: "mcp"; call: McpStep; timeout_ms: number | undefined }
  | { is: "program"; program: ProgramRequest; timeout_ms: number }
  | { is: "builtin"; builtin: Builtin; args: JsonObject }

const usualIsolateMs = 10_000

/** Makes a call of its tool and its arguments. */
export async function deedOf(tool: ToolDefinition, args: JsonObject): Promise<Deed> {
  switch (tool.kind) {
    case "http": {
      const { timeout_ms, headers } = tool.execution_config
      const { open, sealed } = partHeaders(headers)
      const scope = { input: args, nodes: {}, execution: {}, vars: {} }
      const request = await httpStep(httpNode({ ...tool.execution_config, headers: open }), scope)
      return { is: "http", request: { ...request, ...sealedBy(sealed, tool.credentials) }, timeout_ms }
    }
    case "openapi":
      return {
        is: "http",
        request: operationStep(tool, args),
        timeout_ms: tool.execution_config.timeout_ms,
      }
    case "mcp":
      return { is: "mcp", call: mcpStep(tool, args), timeout_ms: tool.execution_config.timeout_ms }
    case "isolate":
      return programDeed(isolateOf(tool.execution_config, args))
    case "container":
      return programDeed(containerOf(tool.execution_config, tool.credentials ?? {}, args))
    default: {
      const builtin = builtinTool(tool.id)
      if (!builtin) throw new StepFailure("tool.unknown", `This installation has no tool ${tool.name}.`)
      return { is: "builtin", builtin, args }
    }
  }
}

/** Longer than the program itself may take and may wait for its turn: whoever runs it ends it first, and says why. */
const graceMs = 75_000

const programDeed = (program: ProgramRequest): Deed => ({
  is: "program",
  program,
  timeout_ms: program.limits.wall_ms + graceMs,
})

const isolateOf = (
  { source, timeout_ms = usualIsolateMs, memory_mb }: IsolateToolConfig,
  input: JsonObject,
): IsolateProgram => ({
  kind: "isolate",
  source,
  input,
  context: {},
  limits: { wall_ms: timeout_ms, memory_mb },
})

function containerOf(
  config: ContainerToolConfig,
  credentials: ContainerProgram["credentials"],
  input: JsonObject,
): ContainerProgram {
  const { runtime, source, entrypoint, files, env, egress } = config
  const { timeout_seconds, cpu_limit, memory_limit, output_limit } = config
  return {
    kind: "container",
    runtime,
    source,
    entrypoint,
    files,
    input,
    env,
    credentials,
    egress: egress.map((host) => (host.includes(":") ? host : `${host}:443`)),
    limits: {
      wall_ms: Math.round(timeout_seconds * 1000),
      cpu_ms: cpu_limit === undefined ? undefined : Math.round(cpu_limit * 1000),
      memory_mb: memory_limit,
      output_bytes: output_limit,
    },
  }
}

/** A tool's request as an http node has it: the same expressions, credentials and rules. */
function httpNode({
  method,
  url,
  headers,
  query,
  body,
  credential_id,
  may_repeat,
}: HttpToolConfig): FlowNode {
  const data = {
    method,
    url,
    headers,
    query,
    ...(body === undefined ? {} : { body }),
    ...(may_repeat === undefined ? {} : { may_repeat }),
    ...(credential_id === undefined ? {} : { credentials: credential_id }),
  }
  return { id: "call", type: "http", position: { x: 0, y: 0 }, data }
}

/**
 * Whether a call that was in flight when somebody stopped in its middle is made again without asking: what changes nothing outside
 * is, and what its tool says may be.
 */
export function isToolRepeatable(tool: ToolDefinition | undefined): boolean {
  switch (tool?.kind) {
    case "http": {
      const { method, may_repeat } = HttpData.parse(httpNode(tool.execution_config).data)
      return mayRepeat({ method, may_repeat })
    }
    case "openapi":
      return mayRepeat(tool.execution_config)
    // What a server says of its tools is no promise of ours: the tenant's word counts.
    case "mcp":
      return tool.execution_config.may_repeat ?? false
    case "container":
      return tool.execution_config.may_repeat ?? tool.execution_config.egress.length === 0
    default:
      return true
  }
}
