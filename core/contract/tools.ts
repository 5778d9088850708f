import * as z from "zod"
import { JsonSchema } from "#core/flow/graph"
import { StepError } from "#core/execution/event"
import { ExecutionStatus } from "#core/execution/status"
import { AgentId, CrewId, ExecutionId, FlowId, ToolId } from "#core/ids"
import {
  ContainerTool,
  FlowTool,
  HttpTool,
  IsolateTool,
  McpTool,
  OpenApiTool,
  Risk,
  ToolDraft,
  ToolKind,
} from "#core/tool/tool"
import { SpanStatus } from "#core/trace/span"
import { DefinitionDiff, DefinitionVersion, versionQuery } from "./agents.ts"
import { endpoint, listQuery, PageInfo, Time } from "./endpoint.ts"
import { searchWindow } from "./traces.ts"

const kept = {
  id: ToolId,
  version: z.int(),
  created_by: z.string(),
  created_at: Time,
  updated_at: Time,
}

export const Tool = z
  .discriminatedUnion("kind", [
    HttpTool.extend(kept),
    OpenApiTool.extend(kept),
    McpTool.extend(kept),
    IsolateTool.extend(kept),
    ContainerTool.extend(kept),
    FlowTool.extend(kept),
  ])
  .meta({ id: "Tool" })
export type Tool = z.infer<typeof Tool>

/** A tool that every tenant has; its id is `builtin:<name>`. */
export const BuiltinTool = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    input_schema: JsonSchema,
    risk: Risk,
  })
  .meta({ id: "BuiltinTool" })

const params = z.object({ tool_id: ToolId })
const tag = "Tools"
const reply = z.object({ tool: Tool })
const ifMatch = { "If-Match": "The ETag you read; 412 when it has changed since" }

const named = <I extends z.ZodType>(id: I) => z.array(z.object({ id, name: z.string() }))

/** Who has a tool, by name; a hundred of each kind at most. A flow counts by its draft and by what is published. */
export const ToolUsers = z
  .object({ agents: named(AgentId), crews: named(CrewId), flows: named(FlowId) })
  .meta({ id: "ToolUsers" })
export type ToolUsers = z.infer<typeof ToolUsers>

/** One call of a tool that has ended. */
export const Invocation = z
  .object({
    span_id: z.string(),
    execution_id: ExecutionId,
    /** What was executed: a flow, an agent, a crew, or the tool by itself. */
    flow_id: z.string(),
    /** Null while the index does not know the execution yet, like `actor`. */
    flow_name: z.string().nullable(),
    actor: z.string().nullable(),
    node_id: z.string().nullable(),
    node_label: z.string().nullable(),
    scope: z.string(),
    attempt: z.int(),
    status: SpanStatus.exclude(["unset"]),
    started_at: Time,
    duration_ms: z.number(),
  })
  .meta({ id: "Invocation" })

const Called = z.object({ execution_id: ExecutionId, status: ExecutionStatus })

export const toolsApi = {
  list: endpoint({
    method: "GET",
    path: "/tools",
    needs: "agent.read",
    tag,
    summary: "List tools, and those that every tenant has",
    query: listQuery(["created_at", "updated_at", "name"]).extend({
      kind: ToolKind.optional(),
      risk: Risk.optional(),
    }),
    reply: z.object({
      tools: z.array(Tool),
      builtin: z.array(BuiltinTool),
      total: z.int(),
      page_info: PageInfo,
    }),
  }),
  create: endpoint({
    method: "POST",
    path: "/tools",
    needs: "agent.edit",
    tag,
    summary: "Create a tool",
    status: 201,
    body: ToolDraft,
    reply,
  }),
  get: endpoint({
    method: "GET",
    path: "/tools/:tool_id",
    needs: "agent.read",
    tag,
    summary: "One tool, and who has it",
    params,
    reply: reply.extend({ used_by: ToolUsers }),
  }),
  update: endpoint({
    method: "PUT",
    path: "/tools/:tool_id",
    needs: "agent.edit",
    tag,
    summary: "Change a tool: the next version",
    params,
    body: ToolDraft,
    reply,
    headers: ifMatch,
  }),
  remove: endpoint({
    method: "DELETE",
    path: "/tools/:tool_id",
    needs: "agent.edit",
    tag,
    summary: "Delete a tool",
    status: 204,
    params,
  }),
  invoke: endpoint({
    method: "POST",
    path: "/tools/:tool_id/invoke",
    needs: "execution.start",
    tag,
    summary: "Call a tool once",
    description:
      "The call is an execution of its own, with a log that streams, a trace and a history; it can be cancelled and retried. `Prefer: wait=30` answers 200 with the outputs when it ends in that many seconds (60 at most); `Accept: text/event-stream` answers with the stream itself.",
    status: 202,
    params,
    body: z.strictObject({ input: z.record(z.string(), z.json()).default({}) }),
    reply: Called,
    also: {
      200: {
        description: "It ended in time; or the stream, where that is accepted",
        schema: Called.extend({ outputs: z.json(), error: StepError.optional() }),
        type: "text/event-stream",
      },
    },
    headers: {
      Prefer: "`wait=N`: wait up to N seconds for the end",
      "Idempotency-Key": "The same key and body make one call only, for 24 hours",
    },
    raw: true,
  }),
  invocations: endpoint({
    method: "GET",
    path: "/tools/:tool_id/invocations",
    needs: "execution.read",
    tag,
    summary: "Who called a tool, and how it went, newest first",
    description: `Calls by agents, flows and people, within two seconds of their end; of ${searchWindow.toLocaleString("en")} at most.`,
    params,
    query: listQuery(["started_at"])
      .omit({ sort: true, search: true })
      .extend({ status: Invocation.shape.status.optional() }),
    reply: z.object({ invocations: z.array(Invocation), total: z.int(), page_info: PageInfo }),
  }),
  restore: endpoint({
    method: "POST",
    path: "/tools/:tool_id/restore",
    needs: "agent.edit",
    tag,
    summary: "Bring back a deleted tool",
    params,
    reply,
  }),
  versions: endpoint({
    method: "GET",
    path: "/tools/:tool_id/versions",
    needs: "agent.read",
    tag,
    summary: "Every version, newest first",
    params,
    reply: z.object({ versions: z.array(DefinitionVersion) }),
  }),
  version: endpoint({
    method: "GET",
    path: "/tools/:tool_id/versions/:version",
    needs: "agent.read",
    tag,
    summary: "A tool as it was",
    params: params.extend({ version: z.coerce.number().int().min(1) }),
    reply: z.object({ version: DefinitionVersion.extend({ tool: ToolDraft }) }),
  }),
  diff: endpoint({
    method: "GET",
    path: "/tools/:tool_id/diff",
    needs: "agent.read",
    tag,
    summary: "What differs between two versions",
    params,
    query: versionQuery,
    reply: DefinitionDiff,
  }),
  validate: endpoint({
    method: "POST",
    path: "/tools/:tool_id/validate",
    reads: true,
    needs: "agent.read",
    tag,
    summary: "Whether a tool could be called now, with an example",
    description:
      "Calls nothing but the list of an MCP server, which says whether the tool is still as it was.",
    params,
    reply: z.object({
      valid: z.boolean(),
      findings: z.array(
        z.object({
          code: z.string(),
          severity: z.enum(["error", "warning"]),
          path: z.string().optional(),
          message: z.string(),
        }),
      ),
      /** Arguments that fit, and the request that they would become; its secrets are added on the way out. */
      sample: z
        .object({
          input: z.record(z.string(), z.json()),
          request: z.object({ method: z.string(), url: z.string(), body: z.json().optional() }).optional(),
        })
        .optional(),
    }),
  }),
  scaffolds: endpoint({
    method: "GET",
    path: "/tool-scaffolds",
    needs: "agent.read",
    tag,
    summary: "Programs to begin a tool with",
    reply: z.object({
      scaffolds: z.array(
        z.object({
          id: z.string(),
          title: z.string(),
          tool: ToolDraft,
          sample_input: z.record(z.string(), z.json()),
        }),
      ),
    }),
  }),
  rollback: endpoint({
    method: "POST",
    path: "/tools/:tool_id/rollback",
    needs: "agent.edit",
    tag,
    summary: "Make an earlier version the next one",
    params,
    body: z.strictObject({ version: z.int().min(1) }),
    reply,
    headers: ifMatch,
  }),
} as const
