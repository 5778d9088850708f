import { pageInfo, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import type { tracesApi } from "#core/contract/traces"
import { found } from "#core/errors"
import type { ExecutionEvent } from "#core/execution/event"
import type { FrozenGraph } from "#core/flow/frozen"
import { planOf } from "#core/flow/plan"
import type { ExecutionId } from "#core/ids"
import { describedBy } from "#core/trace/describe"
import { spansAfter } from "#core/trace/fold"
import type { Span } from "#core/trace/span"
import { newTrace, openSpans } from "#core/trace/trace"
import { allow, type Ctx } from "#worker/context"
import * as executions from "#worker/db/executions"
import * as spans from "#worker/db/spans"
import type { Env } from "#worker/env"
import { coordinatorOf } from "#worker/services/executions/find"
import { ask, type ExecutionLane } from "#worker/stubs"

/** A page of the spans that match. */
export async function searchTraces(
  ctx: Ctx,
  query: QueryOf<typeof tracesApi.search>,
): Promise<ReplyOf<typeof tracesApi.search>> {
  allow(ctx.actor, "trace.read")
  const { isComplete, ...rest } = await spans.search(ctx.db, query)
  return { ...rest, is_complete: isComplete, page_info: pageInfo(query.page, query.limit, rest.total) }
}

/** One span that has ended. */
export async function getSpan(ctx: Ctx, id: string): Promise<ReplyOf<typeof tracesApi.get>> {
  allow(ctx.actor, "trace.read")
  return { span: found(await spans.byId(ctx.db, id), "span.not_found") }
}

/**
 * The spans of one execution. Once it has ended they are all in the tenant's database, since they go there before the index says
 * that it has; until then, and where there is none for another reason, its journal tells them.
 */
export async function listSpans(
  env: Env,
  ctx: Ctx,
  id: ExecutionId,
  query: QueryOf<typeof tracesApi.ofExecution>,
): Promise<ReplyOf<typeof tracesApi.ofExecution>> {
  allow(ctx.actor, "trace.read")
  const after = query.after === undefined ? undefined : placeOf(query.after)
  // One more than asked for tells whether there is another page.
  const most = query.limit + 1
  const kept = await spans.ofExecution(ctx.db, id, after, most)
  // A call of a model by itself was no execution, and has left its span all the same.
  if (kept.some(isCall)) return { spans: kept, next: null }
  const lane = await coordinatorOf(env, ctx, id)
  const indexed = (await executions.isFinished(ctx.db, id)) ? kept : []
  const rows =
    indexed.length > 0
      ? indexed
      : (await journaled(lane, id)).filter((span) => isLater(span, after)).slice(0, most)
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  return { spans: page, next: rows.length > page.length && last ? `${last.start_time}_${last.id}` : null }
}

const isCall = ({ attributes }: Span): boolean => attributes["edgecrew.api"] !== undefined

function placeOf(cursor: string): spans.SpanPlace {
  const cut = cursor.lastIndexOf("_")
  return { start_time: cursor.slice(0, cut), id: cursor.slice(cut + 1) }
}

const order = (one: spans.SpanPlace, other: spans.SpanPlace): number =>
  one.start_time === other.start_time
    ? one.id < other.id
      ? -1
      : Number(one.id > other.id)
    : one.start_time < other.start_time
      ? -1
      : 1

const isLater = (span: Span, after: spans.SpanPlace | undefined): boolean =>
  after === undefined || order(span, after) > 0

const eventsAtOnce = 5_000

/** The spans that the journal tells of so far, those under way included. */
async function journaled(lane: ExecutionLane, id: ExecutionId): Promise<Span[]> {
  const graph = await ask(lane.frozen(id))
  const trace = newTrace(id, describedBy(planOf(JSON.parse(graph) as FrozenGraph)))
  const ended: Span[] = []
  let page: { events: ExecutionEvent[]; has_more: boolean }
  let seq = 0
  do {
    page = await ask(lane.events(id, seq, eventsAtOnce))
    seq = page.events.at(-1)?.seq ?? seq
    for (const span of spansAfter(trace, page.events)) ended.push(span)
  } while (page.has_more && page.events.length > 0)
  return [...ended, ...openSpans(trace)].sort(order)
}
