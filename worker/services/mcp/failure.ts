import type { StepFault } from "#core/execution/retry"

/** Every way in which a call of an MCP server fails beside those of any HTTP call. `retry` says whether the same call may succeed later. */
export const mcpFailures = {
  "mcp.tool_error": { retry: false, say: "The tool says that it failed." },
  "mcp.refused": { retry: false, say: "The MCP server does not take this call." },
  "mcp.unknown_tool": { retry: false, say: "The MCP server has no such tool." },
  "mcp.needs_input": { retry: false, say: "The MCP server asks for input that only a person could give." },
  "mcp.bad_answer": { retry: false, say: "The MCP server's answer is none of its protocol." },
} as const satisfies Record<string, { retry: boolean; say: string }>

export type McpFailureCode = keyof typeof mcpFailures

/** Why a call of an MCP server failed, as the engine reads it. */
export class McpFailure extends Error implements StepFault {
  readonly code: McpFailureCode
  readonly retry: boolean
  readonly retry_after_ms = undefined

  constructor(code: McpFailureCode, message: string = mcpFailures[code].say) {
    super(message)
    this.name = "McpFailure"
    this.code = code
    this.retry = mcpFailures[code].retry
  }
}
