import * as z from "zod"
import { ExecutionEvent, StepError, Usage } from "#core/execution/event"
import { ExecutionStatus, NodeStatus } from "#core/execution/status"
import { FlowEdge, FlowNode, JsonSchema } from "#core/flow/graph"
import { AgentId, CrewId, ExecutedId, ExecutionId, FlowId } from "#core/ids"
import { endpoint, listQuery, PageInfo, Time } from "./endpoint.ts"

/** A row of the list. */
export const ExecutionSummary = z
  .object({
    id: ExecutionId,
    flow_id: ExecutedId,
    flow_name: z.string(),
    /** The published version it is pinned to; null for a draft. */
    flow_version: z.int().nullable(),
    status: ExecutionStatus,
    actor: z.string(),
    error: StepError.nullable(),
    created_at: Time,
    started_at: Time.nullable(),
    finished_at: Time.nullable(),
    duration_ms: z.number().nullable(),
    input_tokens: z.int(),
    output_tokens: z.int(),
    cost_micros: z.int(),
  })
  .meta({ id: "ExecutionSummary" })
export type ExecutionSummary = z.infer<typeof ExecutionSummary>

/** A tool without its insides. */
const FrozenTool = z.looseObject({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  needs_approval: z.boolean(),
})

/** An agent as an execution is pinned to it, without its words to the model and the insides of its tools. */
const FrozenAgent = z.looseObject({
  agent_id: AgentId,
  version: z.int(),
  name: z.string(),
  role: z.string(),
  tools: z.array(FrozenTool),
})

const FrozenCrew = z.looseObject({
  crew_id: CrewId,
  version: z.int(),
  name: z.string(),
  members: z.array(z.object({ position: z.string(), agent: FrozenAgent })),
})

export const Execution = ExecutionSummary.extend({
  inputs: z.json(),
  outputs: z.json().nullable(),
  retry_of: ExecutionId.nullable(),
  fork_of: ExecutionId.nullable(),
  replay_of: ExecutionId.nullable(),
  /** The number of the last journal event. */
  last_seq: z.int(),
  /** The frozen graph that it executes. */
  graph: z.object({
    nodes: z.array(FlowNode),
    edges: z.array(FlowEdge),
    input_schema: JsonSchema.optional(),
    /** The flows that it calls, as they were when it began; by flow id, or `flow_id@version`. */
    callees: z
      .record(
        z.string(),
        z.object({
          flow_id: z.string(),
          name: z.string(),
          version: z.int().nullable(),
          graph: z.object({ nodes: z.array(FlowNode), edges: z.array(FlowEdge) }),
        }),
      )
      .optional(),
    /** Agents and crews that it names, as they were when it began; by id, with what a node changes of them behind it. */
    agents: z.record(z.string(), FrozenAgent).optional(),
    crews: z.record(z.string(), FrozenCrew).optional(),
    /** Tools that its nodes call; by id, without their insides. */
    tools: z.record(z.string(), FrozenTool).optional(),
  }),
}).meta({ id: "Execution" })
export type Execution = z.infer<typeof Execution>

export const ExecutionNode = z
  .object({
    node_id: z.string(),
    scope: z.string(),
    status: NodeStatus,
    attempt: z.int(),
    waiting_for: z.enum(["time", "callback", "approval"]).nullable(),
    /** When the next attempt, or the end of a wait, is due. */
    due: Time.nullable(),
    /** The id of the question that an approval asks. */
    approval_id: z.string().nullable(),
    /** How far a map, loop or subflow has come. */
    progress: z
      .object({ total: z.int().nullable(), opened: z.int(), closed: z.int(), failed: z.int() })
      .nullable(),
    http: z.object({ method: z.string(), url: z.string(), status: z.int().nullable() }).nullable(),
    pinned: z.boolean(),
    /** Taken over from another execution, or given by a person. */
    reused: z.boolean(),
    input: z.json().nullable(),
    output: z.json().nullable(),
    text: z.string(),
    error: StepError.nullable(),
    started_at: Time.nullable(),
    finished_at: Time.nullable(),
    duration_ms: z.number().nullable(),
    model: z.string().nullable(),
    usage: Usage.nullable(),
    cost_micros: z.int(),
    /** Input, output and text were left out, since all together are too much for one answer; the events tell them. */
    is_cut: z.boolean(),
  })
  .meta({ id: "ExecutionNode" })
export type ExecutionNode = z.infer<typeof ExecutionNode>

const LogLine = z
  .object({
    seq: z.int(),
    at: Time,
    node_id: z.string(),
    scope: z.string().optional(),
    level: z.enum(["info", "warning", "error"]),
    message: z.string(),
    /** A piece of what a program printed; without it, what a step says of itself. */
    stream: z.enum(["stdout", "stderr"]).optional(),
  })
  .meta({ id: "LogLine" })

const params = z.object({ execution_id: ExecutionId })
const tag = "Executions"
const Accepted = z.object({ execution_id: ExecutionId, status: ExecutionStatus })
const stream = {
  description: "Server-sent events: one per journal entry, `id:` its seq",
  type: "text/event-stream",
}

/** One status or more, separated by commas. */
export const StatusList = z
  .string()
  .regex(new RegExp(`^(${ExecutionStatus.options.join("|")})(,(${ExecutionStatus.options.join("|")}))*$`), {
    error: `Use one or more of ${ExecutionStatus.options.join(", ")}, separated by commas`,
  })

export const executionsApi = {
  execute: endpoint({
    method: "POST",
    // A journal row holds 2 MB at most, and inputs stand in it twice.
    mostBytes: 524_288,
    path: "/flows/:flow_id/execute",
    needs: "execution.start",
    tag,
    status: 202,
    summary: "Start an execution",
    description:
      'The published version is executed; the draft when nothing is published or `config.version` is "draft". `Prefer: wait=30` answers 200 with the outputs when it ends in that many seconds (60 at most); `Accept: text/event-stream` answers with the stream itself.',
    params: z.object({ flow_id: FlowId }),
    body: z.strictObject({
      inputs: z.record(z.string(), z.json()).default({}),
      config: z
        .strictObject({
          version: z.union([z.literal("draft"), z.int().min(1)]).optional(),
          timeout_seconds: z.int().min(1).max(86_400).optional(),
          /**
           * Outputs that stand in for steps, by key: `draft`, or within others `each[3]/draft`, `team/report`; without numbers, such
           * as `each/draft`, for all iterations.
           */
          pinned: z.record(z.string(), z.json()).optional(),
          /** Begin at this node: what comes before it is taken from the execution `data_from`, or from what is pinned. */
          start_from: z.string().max(64).optional(),
          /** End after this node, with its output; with `start_from` the same, one node is executed alone. */
          stop_after: z.string().max(64).optional(),
          data_from: ExecutionId.optional(),
        })
        .default({}),
    }),
    reply: Accepted,
    also: {
      200: {
        description: "It ended in time; or the stream, where that is accepted",
        schema: Accepted.extend({ outputs: z.json(), error: StepError.optional() }),
        type: "text/event-stream",
      },
    },
    headers: {
      Prefer: "`wait=N`: wait up to N seconds for the end",
      "Idempotency-Key": "The same key and body start one execution only, for 24 hours",
    },
    raw: true,
  }),
  list: endpoint({
    method: "GET",
    path: "/executions",
    needs: "execution.read",
    tag,
    summary: "List executions",
    query: listQuery(["created_at", "finished_at", "duration_ms", "cost_micros"]).extend({
      flow_id: ExecutedId.optional(),
      status: StatusList.optional(),
      from: z.iso.datetime({ offset: true }).optional(),
      to: z.iso.datetime({ offset: true }).optional(),
      actor: z.string().max(64).optional(),
    }),
    reply: z.object({ executions: z.array(ExecutionSummary), total: z.int(), page_info: PageInfo }),
  }),
  get: endpoint({
    method: "GET",
    path: "/executions/:execution_id",
    needs: "execution.read",
    tag,
    summary: "One execution with its nodes and logs",
    params,
    reply: z.object({ execution: Execution, nodes: z.array(ExecutionNode), logs: z.array(LogLine) }),
  }),
  events: endpoint({
    method: "GET",
    path: "/executions/:execution_id/events",
    needs: "execution.read",
    tag,
    summary: "The journal",
    params,
    query: z.strictObject({
      after: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(5_000).default(1_000),
    }),
    reply: z.object({ events: z.array(ExecutionEvent), has_more: z.boolean() }),
  }),
  stream: endpoint({
    method: "GET",
    path: "/executions/:execution_id/stream",
    needs: "execution.read",
    tag,
    summary: "The journal as it grows: server-sent events, or a WebSocket on upgrade",
    description:
      "Resumes after `Last-Event-ID` (or `?after=`). Ends after the execution's last event. A browser that cannot set headers passes `?ticket=`.",
    params,
    query: z.strictObject({
      after: z.coerce.number().int().min(0).optional(),
      ticket: z.string().max(200).optional(),
      /** Also says who watches: events named `presence`, without an id. */
      presence: z.literal("1").optional(),
    }),
    headers: { "Last-Event-ID": "The last `id` you saw" },
    also: {
      200: stream,
      204: { description: "The execution has ended and there is nothing after that event" },
    },
    raw: true,
  }),
  cancel: endpoint({
    method: "POST",
    path: "/executions/:execution_id/cancel",
    needs: "execution.cancel",
    tag,
    status: 202,
    summary: "Cancel: aborts what is in flight, then settles as cancelled",
    params,
    reply: Accepted,
  }),
  retry: endpoint({
    method: "POST",
    path: "/executions/:execution_id/retry",
    needs: "execution.start",
    tag,
    status: 202,
    summary: "Start a new execution with the same version and inputs",
    description:
      "`from: failed_step` takes over what has succeeded and begins at what has not; `from: start` (the default) does everything anew.",
    params,
    body: z
      .strictObject({ from: z.enum(["start", "failed_step"]).default("start") })
      .default({ from: "start" }),
    reply: Accepted.extend({ retry_of: ExecutionId }),
  }),
} as const
