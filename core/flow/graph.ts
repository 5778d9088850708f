import * as z from "zod"
import { FlowId } from "#core/ids"

/** A JSON value, bounded in depth by the request parser and in size by the flow's own limits. */
export const JsonValue = z.json()

/** Node ids are names in expressions (`nodes.draft.text`), so they are identifiers. */
export const NodeId = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, {
    error: "Use a letter or underscore, then letters, digits, _ or - (64 at most)",
  })
  .refine((id) => !["__proto__", "constructor", "prototype"].includes(id), { error: "This name is reserved" })

export const FlowNode = z
  .strictObject({
    id: NodeId,
    type: z.string().min(1).max(40),
    position: z.strictObject({ x: z.number(), y: z.number() }),
    data: z.record(z.string().max(100), JsonValue).default({}),
    /** The node that this one is drawn inside: its `position` is then counted from that node's corner. */
    parent_id: NodeId.optional(),
    /** How large a node is drawn that holds others, or a note; the others have their kind's size. */
    size: z
      .strictObject({ width: z.number().min(40).max(20_000), height: z.number().min(40).max(20_000) })
      .optional(),
    label: z.string().max(200).optional(),
  })
  .meta({ id: "FlowNode" })
export type FlowNode = z.infer<typeof FlowNode>

export const FlowEdge = z
  .strictObject({
    id: z.string().min(1).max(200),
    source: z.string().min(1).max(64),
    target: z.string().min(1).max(64),
    source_handle: z.string().max(64).optional(),
    target_handle: z.string().max(64).optional(),
  })
  .meta({ id: "FlowEdge" })
export type FlowEdge = z.infer<typeof FlowEdge>

export const FlowSettings = z
  .strictObject({
    /** An execution that lasts longer is ended as `timed_out`. */
    timeout_seconds: z.int().min(1).max(86_400).optional(),
    /** The flow that is started when an execution of this one fails or takes too long. */
    error_flow_id: FlowId.optional(),
    /** At most so many executions at once; the others wait their turn as `queued`. */
    max_concurrency: z.int().min(1).max(1_000).optional(),
    /** A template over `input`: the limit is counted for each value by itself. */
    concurrency_key: z.string().min(1).max(2_000).optional(),
    /** Whether somebody else must approve the draft before it is published, also where the workspace asks for none. */
    requires_review: z.boolean().optional(),
  })
  .meta({ id: "FlowSettings" })

/** JSON Schema (2020-12) as data; `validate` says when it is not one. */
export const JsonSchema = z.record(z.string(), JsonValue)
export type JsonSchema = z.infer<typeof JsonSchema>

/** What a version freezes: everything that decides what an execution does. */
export const FlowGraph = z.object({
  nodes: z.array(FlowNode),
  edges: z.array(FlowEdge),
  input_schema: JsonSchema.optional(),
  output_schema: JsonSchema.optional(),
  settings: FlowSettings.default({}),
})
export type FlowGraph = z.infer<typeof FlowGraph>

/** A flow that another one calls, as it was when the calling execution began. */
export type Callee = { flow_id: string; name: string; version: number | null; graph: FlowGraph }

export const mostNodes = 5_000
export const mostEdges = 8_000

export const Finding = z
  .object({
    code: z.string(),
    severity: z.enum(["error", "warning"]),
    node_id: z.string().optional(),
    edge_id: z.string().optional(),
    /** The field of the node's data, such as `prompt` or `branches.0.when`. */
    path: z.string().optional(),
    message: z.string(),
  })
  .meta({ id: "Finding" })
export type Finding = z.infer<typeof Finding>

/** The handle that an edge leaves by: `out` unless it names another. */
export const sourceHandle = (edge: FlowEdge): string => edge.source_handle ?? "out"
