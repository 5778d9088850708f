import type { McpStep } from "#core/execution/steps/outward"
import type { TenantId } from "#core/ids"
import type { Json } from "#core/json"

/** The call of one attempt of a step. It names its credentials and never holds one. */
export type McpCall = McpStep & {
  tenant: { id: TenantId; slot: string }
  /** Sent as `Idempotency-Key` and in the request's `_meta`, the same for every retry of one attempt group. */
  idempotency_key: string
}

/**
 * Calls one tool of an MCP server and answers with what it says: its structured content, else its text, else its parts. `log` is told
 * how far it is. Failures are thrown with a stable code and what the retry policy wants to know: `mcp.tool_error` (the tool says that
 * it failed, in its own words), `mcp.refused` (the server does not take the call), `mcp.unknown_tool`, `mcp.needs_input` (it asks for
 * what only a person could say), `mcp.bad_answer`, and those of `CallHttp` for what happens on the way. Aborting the signal ends the call at
 * the server and throws its reason.
 */
export type CallMcp = (call: McpCall, signal: AbortSignal, log: (message: string) => void) => Promise<Json>
