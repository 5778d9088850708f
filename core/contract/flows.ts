import * as z from "zod"
import { ShareLevel } from "#core/access/level"
import { Estimate } from "#core/flow/estimate"
import { Finding, FlowEdge, FlowNode, FlowSettings, JsonSchema } from "#core/flow/graph"
import { ExecutionId, FlowId } from "#core/ids"
import { ExecutionStatus } from "#core/execution/status"
import { ExchangeFormat } from "#core/exchange/format"
import { ReviewStanding } from "./reviews.ts"
import { endpoint, listQuery, PageInfo, Time } from "./endpoint.ts"
import { FlowOrigin, ImportBody, Imported, OriginFile } from "./flow-exchange.ts"

const draft = {
  name: z.string().trim().min(1, { error: "Enter a name" }).max(200),
  description: z.string().max(4000).default(""),
  nodes: z.array(FlowNode).default([]),
  edges: z.array(FlowEdge).default([]),
  input_schema: JsonSchema.optional(),
  output_schema: JsonSchema.optional(),
  settings: FlowSettings.default({}),
}

export const FlowDraft = z.strictObject(draft).meta({ id: "FlowDraft" })
export type FlowDraft = z.infer<typeof FlowDraft>

export const Flow = z
  .object({
    id: FlowId,
    ...draft,
    /** Rises with every save; the ETag. */
    version: z.int(),
    published_version: z.int().nullable(),
    /** Whether the draft differs from the published version. */
    has_unpublished_changes: z.boolean(),
    created_by: z.string(),
    created_at: Time,
    updated_at: Time,
  })
  .meta({ id: "Flow" })
export type Flow = z.infer<typeof Flow>

/** A row of the list: the flow without its graph, with what a person looks for. */
export const FlowSummary = Flow.pick({
  id: true,
  name: true,
  description: true,
  version: true,
  published_version: true,
  has_unpublished_changes: true,
  created_by: true,
  created_at: true,
  updated_at: true,
})
  .extend({
    node_count: z.int(),
    last_execution: z.object({ id: ExecutionId, status: ExecutionStatus, created_at: Time }).nullable(),
    /** The format that it was imported from, of which the original is kept. */
    origin: ExchangeFormat.nullable(),
    /** Where the draft stands, once a review was asked for. */
    review: ReviewStanding,
  })
  .meta({ id: "FlowSummary" })
export type FlowSummary = z.infer<typeof FlowSummary>

export const FlowVersion = z
  .object({ version: z.int(), created_by: z.string(), created_at: Time, note: z.string() })
  .meta({ id: "FlowVersion" })
export type FlowVersion = z.infer<typeof FlowVersion>

const FlowVersionWhole = FlowVersion.extend({
  nodes: z.array(FlowNode),
  edges: z.array(FlowEdge),
  input_schema: JsonSchema.optional(),
  output_schema: JsonSchema.optional(),
  settings: FlowSettings,
}).meta({ id: "FlowVersionWhole" })

/** What two versions differ in, by node and edge id. */
const FlowDiff = z
  .object({
    nodes: z.object({
      added: z.array(z.string()),
      removed: z.array(z.string()),
      changed: z.array(z.string()),
    }),
    edges: z.object({
      added: z.array(z.string()),
      removed: z.array(z.string()),
      changed: z.array(z.string()),
    }),
    fields: z.array(z.string()),
  })
  .meta({ id: "FlowDiff" })
export type FlowDiff = z.infer<typeof FlowDiff>

/** The one-file form of a flow; importing it gives an equal flow with an id of its own. */
export const FlowFile = z
  .strictObject({
    format: z.literal("edgecrew.flow"),
    format_version: z.literal(1),
    flow: FlowDraft,
    /** What the flow was once imported from. */
    origin: FlowOrigin.optional(),
  })
  .meta({ id: "FlowFile" })
export type FlowFile = z.infer<typeof FlowFile>

export const Template = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    flow: FlowDraft,
    sample_inputs: z.record(z.string(), z.json()),
  })
  .meta({ id: "Template" })

const params = z.object({ flow_id: FlowId })
const ifMatch = { "If-Match": "The ETag you read; 412 when the flow has changed since" }
const tag = "Flows"
const flowReply = z.object({ flow: Flow, findings: z.array(Finding) })

export const flowsApi = {
  list: endpoint({
    method: "GET",
    path: "/flows",
    needs: "flow.read",
    tag,
    summary: "List flows",
    query: listQuery(["created_at", "updated_at", "name"]).extend({
      published: z.enum(["true", "false"]).optional(),
      deleted: z.enum(["true", "false"]).optional(),
      /** Only flows whose draft waits for a review. */
      review: z.literal("open").optional(),
    }),
    reply: z.object({ flows: z.array(FlowSummary), total: z.int(), page_info: PageInfo }),
  }),
  create: endpoint({
    method: "POST",
    path: "/flows",
    needs: "flow.edit",
    tag,
    summary: "Create a flow",
    status: 201,
    mostBytes: 4_194_304,
    description:
      "A draft may be unfinished: what is wrong with it comes back as findings. Publishing and executing want no errors.",
    body: FlowDraft,
    reply: flowReply,
  }),
  templates: endpoint({
    method: "GET",
    path: "/flow-templates",
    needs: "flow.read",
    tag,
    summary: "Example flows to begin with",
    reply: z.object({ templates: z.array(Template) }),
  }),
  import: endpoint({
    method: "POST",
    path: "/flows/import",
    needs: "flow.edit",
    tag,
    summary: "Create a flow from a file of ours, n8n, Dify, Flowise, CrewAI or OpenAPI",
    description:
      "What has no counterpart stays on the canvas as a node of kind `foreign`, with its original; the report says so of each part. Secrets in a file are kept nowhere. A crew of CrewAI is made with its agents beside the flow. All of it is made, or nothing.",
    status: 201,
    mostBytes: 4_194_304,
    body: ImportBody,
    reply: Imported.extend({ flow: Flow }),
  }),
  preview: endpoint({
    method: "POST",
    path: "/flows/import/preview",
    reads: true,
    needs: "flow.edit",
    tag,
    summary: "What an import would make, without making it",
    mostBytes: 4_194_304,
    body: ImportBody,
    reply: Imported.extend({ draft: FlowDraft }),
  }),
  get: endpoint({
    method: "GET",
    path: "/flows/:flow_id",
    needs: "flow.read",
    tag,
    summary: "A flow and its versions",
    params,
    reply: flowReply.extend({
      versions: z.array(FlowVersion),
      /** How far the caller comes with it, by their role and its shares. */
      reach: ShareLevel,
    }),
  }),
  update: endpoint({
    method: "PUT",
    path: "/flows/:flow_id",
    needs: "flow.edit",
    tag,
    summary: "Save the draft",
    mostBytes: 4_194_304,
    params,
    body: FlowDraft,
    reply: flowReply,
    headers: ifMatch,
  }),
  remove: endpoint({
    method: "DELETE",
    path: "/flows/:flow_id",
    needs: "flow.edit",
    tag,
    summary: "Delete a flow",
    status: 204,
    params,
  }),
  restore: endpoint({
    method: "POST",
    path: "/flows/:flow_id/restore",
    needs: "flow.edit",
    tag,
    summary: "Bring back a deleted flow",
    params,
    reply: flowReply,
  }),
  validate: endpoint({
    method: "POST",
    path: "/flows/:flow_id/validate",
    reads: true,
    needs: "flow.read",
    tag,
    summary: "What is wrong with the draft",
    params,
    reply: z.object({ valid: z.boolean(), findings: z.array(Finding) }),
  }),
  publish: endpoint({
    method: "POST",
    path: "/flows/:flow_id/publish",
    needs: "flow.edit",
    tag,
    summary: "Freeze the draft as the next version",
    params,
    body: z.strictObject({ note: z.string().max(1000).optional() }).optional(),
    reply: z.object({ version: z.int() }),
    headers: ifMatch,
  }),
  estimate: endpoint({
    method: "GET",
    path: "/flows/:flow_id/estimate",
    needs: "flow.read",
    tag,
    summary: "What an execution of the draft may cost",
    description:
      "The least, the likely and the most in micro-USD, by the tokens of the last 20 executions that succeeded, paid by today's prices. Without the right to see executions, and for nodes that never ran, it goes by what is written in them; `gaps` says what is not known.",
    params,
    reply: z.object({
      estimate: Estimate,
      /** How many executions it was made from. */
      executions: z.int(),
    }),
  }),
  versions: endpoint({
    method: "GET",
    path: "/flows/:flow_id/versions",
    needs: "flow.read",
    tag,
    summary: "Published versions, newest first",
    params,
    reply: z.object({ versions: z.array(FlowVersion) }),
  }),
  version: endpoint({
    method: "GET",
    path: "/flows/:flow_id/versions/:version",
    needs: "flow.read",
    tag,
    summary: "One published version, whole",
    params: params.extend({ version: z.coerce.number().int().min(1) }),
    reply: z.object({ version: FlowVersionWhole }),
  }),
  rollback: endpoint({
    method: "POST",
    path: "/flows/:flow_id/rollback",
    needs: "flow.edit",
    tag,
    summary: "Make an earlier version the draft again",
    params,
    body: z.strictObject({ version: z.int().min(1) }),
    reply: flowReply,
    headers: ifMatch,
  }),
  diff: endpoint({
    method: "GET",
    path: "/flows/:flow_id/diff",
    needs: "flow.read",
    tag,
    summary: "What differs between two versions, or a version and the draft",
    params,
    query: z.strictObject({
      from: z.coerce.number().int().min(1),
      to: z.union([z.literal("draft"), z.coerce.number().int().min(1)]).default("draft"),
    }),
    reply: FlowDiff,
  }),
  export: endpoint({
    method: "GET",
    path: "/flows/:flow_id/export",
    needs: "flow.read",
    support: "withheld",
    tag,
    summary: "The flow as one file, or what it was imported from",
    description:
      "With the format that it was imported from, the original comes back to the byte as it was kept, with a word on what was edited since.",
    params,
    query: z.strictObject({ format: ExchangeFormat.default("edgecrew.flow") }),
    reply: z.union([FlowFile, OriginFile]),
  }),
} as const
