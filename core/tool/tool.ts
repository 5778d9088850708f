import * as z from "zod"
import { JsonSchema } from "#core/flow/graph"
import { CredentialId, ToolId } from "#core/ids"
import {
  ContainerToolConfig,
  FlowToolConfig,
  HttpToolConfig,
  IsolateToolConfig,
  McpToolConfig,
  OpenApiToolConfig,
} from "./config.ts"

/** How much harm a tool can do: `read` looks, `write` changes something of ours, `danger` acts on the world outside. */
export const Risk = z.enum(["read", "write", "danger"])
export type Risk = z.infer<typeof Risk>

/** What a model calls a tool: vendors take letters, digits, _ and -, 64 at most. */
export const ToolName = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, {
  error: "Use a small letter, then small letters, digits and _ (63 at most)",
})

/** What a secret is called in `{{ credentials.name }}`. */
export const SecretName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, {
  error: "Use letters, digits and _, beginning with no digit",
})

const common = {
  name: ToolName,
  /** What it does and when to use it: this is all that a model knows of it. */
  description: z.string().trim().min(1, { error: "Say what it does" }).max(2_000),
  input_schema: JsonSchema.default({ type: "object", properties: {} }),
  /** What it answers; an answer that does not fit is a failure. */
  output_schema: JsonSchema.optional(),
  risk: Risk.default("read"),
  /** A person is asked before every call, with its arguments. */
  needs_approval: z.boolean().default(false),
  /** Secrets that `{{ credentials.name }}` stands for in headers and `env`, filled in outside the model's sight. */
  credentials: z.record(SecretName, CredentialId).optional(),
}

export const HttpTool = z.strictObject({
  ...common,
  kind: z.literal("http"),
  execution_config: HttpToolConfig,
})
export const OpenApiTool = z.strictObject({
  ...common,
  kind: z.literal("openapi"),
  execution_config: OpenApiToolConfig,
})
export const McpTool = z.strictObject({ ...common, kind: z.literal("mcp"), execution_config: McpToolConfig })
export const IsolateTool = z.strictObject({
  ...common,
  kind: z.literal("isolate"),
  execution_config: IsolateToolConfig,
})
export const ContainerTool = z.strictObject({
  ...common,
  kind: z.literal("container"),
  execution_config: ContainerToolConfig,
})
export const FlowTool = z.strictObject({
  ...common,
  kind: z.literal("flow"),
  execution_config: FlowToolConfig,
})

/** A tool as it is drafted, by the way in which it does its work. */
export const ToolDraft = z.discriminatedUnion("kind", [
  HttpTool,
  OpenApiTool,
  McpTool,
  IsolateTool,
  ContainerTool,
  FlowTool,
])
export type ToolDraft = z.infer<typeof ToolDraft>

export const ToolKind = z.enum(["http", "openapi", "mcp", "isolate", "container", "flow"])
export type ToolKind = z.infer<typeof ToolKind>

/** A tool as an execution is pinned to it. Builtin ones are named, not numbered: `builtin:time`. Old journals say no version. */
export type ToolDefinition =
  | ({ id: ToolId; version?: number } & ToolDraft)
  | ({ id: `builtin:${string}`; kind: "builtin" } & Pick<
      ToolDraft,
      "name" | "description" | "input_schema" | "risk" | "needs_approval"
    >)

/** Which tools an agent has: a tenant's own by id, builtin ones as `builtin:<name>`. */
export const ToolRef = z.union([ToolId, z.string().regex(/^builtin:[a-z][a-z0-9_]{0,62}$/)])
export type ToolRef = z.infer<typeof ToolRef>

/** The credentials that a tool sends along: the one of its requests, and those that its texts name. */
export function credentialsOf({ execution_config, credentials = {} }: ToolDraft): CredentialId[] {
  const own = "credential_id" in execution_config ? execution_config.credential_id : undefined
  return [...new Set([...(own === undefined ? [] : [own]), ...Object.values(credentials)])]
}
