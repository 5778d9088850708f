import * as z from "zod"
import { ExecutionEvent } from "#core/execution/event"
import { ExecutionStatus, NodeStatus } from "#core/execution/status"
import { ExecutedId, ExecutionId } from "#core/ids"
import { endpoint, Time } from "./endpoint.ts"
import { Execution, StatusList } from "./executions.ts"

const params = z.object({ execution_id: ExecutionId })
const tag = "Executions"
const Accepted = z.object({ execution_id: ExecutionId, status: ExecutionStatus })

/** A node under a scope: `draft`, or `each[3]/draft`. */
const StepKey = z.string().min(1).max(1_000)

/** How one step differs between two executions. */
export const StepDifference = z
  .object({
    key: z.string(),
    node_id: z.string(),
    scope: z.string(),
    /** `same` also where only times differ. */
    change: z.enum(["same", "changed", "only_left", "only_right"]),
    left: z
      .object({ status: NodeStatus, duration_ms: z.number().nullable(), cost_micros: z.int() })
      .nullable(),
    right: z
      .object({ status: NodeStatus, duration_ms: z.number().nullable(), cost_micros: z.int() })
      .nullable(),
    /** Dotted paths that differ, under `input`, `output` or `error`; a hundred at most. */
    differences: z.array(
      z.object({ path: z.string(), left: z.json().optional(), right: z.json().optional() }),
    ),
  })
  .meta({ id: "StepDifference" })
export type StepDifference = z.infer<typeof StepDifference>

/** A part of a file's address. */
const ArtifactPart = z.string().regex(/^[\w-]{16}$/)

export const debuggingApi = {
  fork: endpoint({
    method: "POST",
    path: "/executions/:execution_id/fork",
    needs: "execution.start",
    tag,
    status: 202,
    summary: "Start a new execution that goes its own way from one step on",
    description:
      "Everything before the step is taken over. With `data` the step's output is that; without, the step is done again. What follows is executed anew.",
    params,
    body: z.strictObject({ from_step: StepKey, data: z.json().optional() }),
    reply: Accepted.extend({ fork_of: ExecutionId }),
  }),
  replay: endpoint({
    method: "POST",
    path: "/executions/:execution_id/replay",
    needs: "execution.start",
    tag,
    status: 202,
    summary: "Execute it again with the recorded answers of models, addresses and people: nothing is sent",
    description:
      "With `version`, another version of the flow meets the same answers: a test made of production.",
    params,
    body: z.strictObject({ version: z.union([z.literal("draft"), z.int().min(1)]).optional() }).default({}),
    reply: Accepted.extend({ replay_of: ExecutionId }),
  }),
  resolve: endpoint({
    method: "POST",
    path: "/executions/:execution_id/resolve",
    needs: "execution.start",
    tag,
    status: 202,
    summary: "Say what becomes of a step that was in flight when the server stopped",
    description:
      "For an execution that is `needs_attention`: `repeat` does the step again with the same idempotency key, `succeed` takes `output` as its result, `fail` lets it fail.",
    params,
    body: z.strictObject({
      step: StepKey,
      action: z.enum(["repeat", "succeed", "fail"]),
      output: z.json().optional(),
    }),
    reply: Accepted,
  }),
  diff: endpoint({
    method: "GET",
    path: "/executions/:execution_id/diff",
    needs: "execution.read",
    tag,
    summary: "Compare two executions step by step",
    params,
    query: z.strictObject({ with: ExecutionId }),
    reply: z.object({
      left: Execution.omit({ graph: true }),
      right: Execution.omit({ graph: true }),
      steps: z.array(StepDifference),
      /** Differences of the whole: under `inputs`, `outputs`, `error`. */
      differences: StepDifference.shape.differences,
    }),
  }),
  export: endpoint({
    method: "GET",
    path: "/executions/:execution_id/export",
    needs: "execution.read",
    support: "withheld",
    tag,
    summary: "One execution as a file: its row, its frozen graph and its whole journal",
    params,
    reply: z.object({
      format: z.literal("edgecrew.execution.v1"),
      exported_at: Time,
      execution: Execution,
      events: z.array(ExecutionEvent),
    }),
  }),
  artifact: endpoint({
    method: "GET",
    path: "/executions/:execution_id/artifacts/:step/:file",
    needs: "execution.read",
    tag,
    summary: "A file that a program left behind, as its step's output names it; to be saved, never shown",
    params: params.extend({ step: ArtifactPart, file: ArtifactPart }),
    also: { 200: { description: "The file", type: "application/octet-stream" } },
    raw: true,
  }),
  bulk: endpoint({
    method: "POST",
    path: "/executions/bulk",
    needs: "execution.cancel",
    tag,
    summary: "Cancel or delete many executions",
    description: "Deleting needs `execution.delete`; what has not ended cannot be deleted.",
    body: z.strictObject({
      action: z.enum(["cancel", "delete"]),
      execution_ids: z.array(ExecutionId).min(1).max(200),
    }),
    reply: z.object({
      done: z.array(ExecutionId),
      refused: z.array(z.object({ execution_id: ExecutionId, code: z.string(), message: z.string() })),
    }),
  }),
  exportList: endpoint({
    method: "GET",
    path: "/executions/export",
    needs: "execution.read",
    support: "withheld",
    tag,
    summary: "The list of executions as CSV or NDJSON, with the filters of the list; 10,000 rows at most",
    query: z.strictObject({
      format: z.enum(["csv", "ndjson"]).default("csv"),
      flow_id: ExecutedId.optional(),
      status: StatusList.optional(),
      from: z.iso.datetime({ offset: true }).optional(),
      to: z.iso.datetime({ offset: true }).optional(),
      actor: z.string().max(64).optional(),
      search: z.string().max(200).optional(),
    }),
    also: { 200: { description: "The file", type: "text/csv" } },
    raw: true,
  }),
} as const
