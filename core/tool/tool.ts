import * as z from "zod"
import { JsonSchema } from "#core/flow/graph"
import { CredentialId, ToolId } from "#core/ids"

/** How much harm a tool can do: `read` looks, `write` changes something of ours, `danger` acts on the world outside. */
export const Risk = z.enum(["read", "write", "danger"])
export type Risk = z.infer<typeof Risk>

/** What a model calls a tool: vendors take letters, digits, _ and -, 64 at most. */
export const ToolName = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, {
  error: "Use a small letter, then small letters, digits and _ (63 at most)",
})

/** One request whose parts may hold `{{ expressions }}` over `input`, the model's arguments. */
export const HttpToolConfig = z.strictObject({
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).default("GET"),
  url: z.string().min(1, { error: "Enter an address" }).max(4_000),
  headers: z.record(z.string().min(1).max(200), z.string().max(4_000)).default({}),
  query: z.record(z.string().min(1).max(200), z.string().max(4_000)).default({}),
  body: z.json().optional(),
  /** Whose secret is sent along, outside the model's sight. */
  credential_id: CredentialId.optional(),
  /** The same request may be sent again after a crash. */
  may_repeat: z.boolean().optional(),
  timeout_ms: z.int().min(1).max(600_000).optional(),
})
export type HttpToolConfig = z.infer<typeof HttpToolConfig>

const common = {
  name: ToolName,
  /** What it does and when to use it: this is all that a model knows of it. */
  description: z.string().trim().min(1, { error: "Say what it does" }).max(2_000),
  input_schema: JsonSchema.default({ type: "object", properties: {} }),
  risk: Risk.default("read"),
  /** A person is asked before every call, with its arguments. */
  needs_approval: z.boolean().default(false),
}

/** A tool as it is drafted: kinds beside `http` join here. */
export const ToolDraft = z.strictObject({
  ...common,
  kind: z.literal("http"),
  execution_config: HttpToolConfig,
})
export type ToolDraft = z.infer<typeof ToolDraft>

/** A tool as an execution is pinned to it. Builtin ones are named, not numbered: `builtin:time`. */
export type ToolDefinition =
  | ({ id: ToolId } & ToolDraft)
  | ({ id: `builtin:${string}`; kind: "builtin" } & Pick<
      ToolDraft,
      "name" | "description" | "input_schema" | "risk" | "needs_approval"
    >)

/** Which tools an agent has: a tenant's own by id, builtin ones as `builtin:<name>`. */
export const ToolRef = z.union([ToolId, z.string().regex(/^builtin:[a-z][a-z0-9_]{0,62}$/)])
export type ToolRef = z.infer<typeof ToolRef>
