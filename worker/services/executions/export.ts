import type { debuggingApi } from "#core/contract/debugging"
import type { QueryOf, ReplyOf } from "#core/contract/endpoint"
import type { ExecutionSummary } from "#core/contract/executions"
import { Failure } from "#core/errors"
import type { ExecutionEvent } from "#core/execution/event"
import type { ExecutionId } from "#core/ids"
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
  const { execution } = await ask(lane.get(id))
  const events: ExecutionEvent[] = []
  let length = JSON.stringify(execution).length
  // What comes after the row was read is left to the next export.
  for (let seq = 0; seq < execution.last_seq;) {
    const page = await ask(lane.events(id, seq, Math.min(pageEvents, execution.last_seq - seq)))
    if (page.events.length === 0) break
    events.push(...page.events)
    seq = page.events.at(-1)!.seq
    length += JSON.stringify(page.events).length
    if (length > mostLength) {
      throw new Failure("execution.too_large", {
        detail: `The journal is larger than 25 MB. Read its events page by page: /executions/${id}/events.`,
      })
    }
  }
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
