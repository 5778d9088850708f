import type { debuggingApi } from "#core/contract/debugging"
import type { QueryOf, ReplyOf } from "#core/contract/endpoint"
import type { ExecutionSummary } from "#core/contract/executions"
import { Failure } from "#core/errors"
import type { ExecutionEvent } from "#core/execution/event"
import { replay } from "#core/execution/reduce"
import type { FrozenGraph } from "#core/flow/frozen"
import { planOf } from "#core/flow/plan"
import type { ExecutionId } from "#core/ids"
import { executionOf } from "#durable/execution/view"
import { allow, isoTime, type Ctx } from "#worker/context"
import * as executions from "#worker/db/executions"
import type { Env } from "#worker/env"
import { ask } from "#worker/stubs"
import { csvLine } from "./csv.ts"
import { coordinatorOf } from "./find.ts"

const pageEvents = 5_000
const mostLength = 25_000_000

/** One execution with its whole journal. */
export async function exportExecution(
  env: Env,
  ctx: Ctx,
  id: ExecutionId,
): Promise<ReplyOf<typeof debuggingApi.export>> {
  allow(ctx.actor, "execution.read")
  const lane = await coordinatorOf(env, ctx, id)
  const events: ExecutionEvent[] = []
  let length = 0
  for (let hasMore = true; hasMore;) {
    const page = await ask(lane.events(id, events.at(-1)?.seq ?? 0, pageEvents))
    events.push(...page.events)
    hasMore = page.has_more && page.events.length > 0
    length += JSON.stringify(page.events).length
    if (length > mostLength) {
      throw new Failure("execution.too_large", {
        detail: `The journal is larger than 25 MB. Read its events page by page: /executions/${id}/events.`,
      })
    }
  }
  const graph = await ask(lane.frozen(id))
  // The row that this journal amounts to, whatever has come since.
  const execution = executionOf(id, replay(events), planOf(JSON.parse(graph) as FrozenGraph))
  return { format: "edgecrew.execution.v1", exported_at: isoTime(ctx.now), execution, events }
}

const pageRows = 500
const mostRows = 10_000

/** The list as a file, written while it is read. */
export function exportList(ctx: Ctx, query: QueryOf<typeof debuggingApi.exportList>): ReadableStream {
  allow(ctx.actor, "execution.read")
  const { format, ...filters } = query
  const encoder = new TextEncoder()
  let cursor: executions.Cursor | undefined
  let written = 0
  return new ReadableStream({
    start(stream) {
      if (format === "csv") stream.enqueue(encoder.encode(csvLine(columns)))
    },
    async pull(stream) {
      const rows = await executions.rowsAfter(ctx.db, filters, cursor, Math.min(pageRows, mostRows - written))
      if (rows.length > 0) stream.enqueue(encoder.encode(rows.map(lineIn(format)).join("")))
      written += rows.length
      cursor = rows.at(-1)
      if (rows.length < pageRows || written >= mostRows) stream.close()
    },
  })
}

const columns = [
  "id",
  "flow_id",
  "flow_name",
  "flow_version",
  "status",
  "actor",
  "error_code",
  "error_message",
  "created_at",
  "started_at",
  "finished_at",
  "duration_ms",
  "input_tokens",
  "output_tokens",
  "cost_micros",
] as const

const lineIn = (format: "csv" | "ndjson") => (row: ExecutionSummary) => {
  if (format === "ndjson") return `${JSON.stringify(row)}\n`
  const { error, ...rest } = row
  const cells = { ...rest, error_code: error?.code ?? null, error_message: error?.message ?? null }
  return csvLine(columns.map((name) => cells[name]))
}
