import { actorId } from "#core/access/roles"
import type { Failure } from "#core/errors"
import { executionId } from "#core/ids"
import type { ModelEvent, ModelUsage } from "#core/llm/event"
import type { ModelFailure } from "#core/llm/failure"
import { cost } from "#core/llm/price"
import { addedUsage, noUsage, wholeUsage } from "#core/llm/usage"
import { spanIdOf, traceIdOf } from "#core/trace/ids"
import type { Span, SpanAttributes } from "#core/trace/span"
import { excerpt, providerName } from "#core/trace/words"
import type { ModelChoice, Spent } from "#durable/execution/ports"
import { isoTime, randomBytes, type Ctx } from "#worker/context"
import type { Env } from "#worker/env"
import { keepRows } from "#worker/services/privacy/traces"

/** A request to a model, and what it has cost so far. */
export type Sent = { choice: ModelChoice; spent: Spent }

type Asked = {
  /** The model or alias that was asked for, and the question itself. */
  model: string
  question: string
  isStreamed: boolean
  /** By which door it came. */
  api: "openai" | "builder"
  /** The flow that it was about. */
  flow_id?: string
  /** In the order in which they were sent; the last is the one that answered, if any did. */
  sent: readonly Sent[]
  /** When the first token came, in ms since 1970. */
  firstToken: number | undefined
}
type End =
  | { ok: true; event: Extract<ModelEvent, { type: "finished" }> }
  | { ok: false; error: Failure | ModelFailure | undefined }

const mostWords = 240

/** What all requests for one answer took together. */
export const sumOf = (sent: readonly Sent[]): ModelUsage =>
  sent.map(({ spent }) => wholeUsage(spent() ?? noUsage)).reduce(addedUsage, noUsage)

/** What a request has cost by its price, in micro-USD. */
export const costOf = ({ choice, spent }: Sent): number => {
  const { price } = choice
  const usage = spent()
  return price && usage ? cost(wholeUsage(usage), price) : 0
}

/** Keeps what a call took as a span of its own, found by the same searches as those of executions. */
export async function recordCall(env: Env, ctx: Ctx, asked: Asked, end: End): Promise<void> {
  const now = Date.now()
  const { sent, firstToken } = asked
  const choice = sent.at(-1)?.choice
  // A trace needs a name; nothing was executed under this one.
  const id = executionId(0, ctx.now, randomBytes)
  const model = choice?.model ?? asked.model
  const usage = sumOf(sent)
  const words = [asked.question, end.ok ? end.event.text : (end.error?.message ?? "")]
  const span: Span = {
    id: spanIdOf(`${id} completion`),
    trace_id: traceIdOf(id),
    parent_id: null,
    execution_id: id,
    flow_id: asked.flow_id ?? "",
    kind: "model",
    name: `chat ${model}`,
    node_id: null,
    node_label: null,
    scope: "",
    attempt: 1,
    status: end.ok ? "ok" : end.error ? "error" : "cancelled",
    start_time: isoTime(ctx.now),
    end_time: isoTime(now),
    duration_ms: now - ctx.now,
    // By whom, since no execution says so: what somebody asked is found by it when it is to be erased.
    attributes: { ...attributesOf(asked, end, usage), "edgecrew.actor": actorId(ctx.actor) },
    model,
    input_tokens: usage.input_tokens,
    output_tokens: usage.output_tokens,
    cost_micros: sent.reduce((sum, one) => sum + costOf(one), 0),
    first_token_ms: firstToken === undefined ? null : firstToken - ctx.now,
    text: words.map((text) => excerpt(text, mostWords)).join("\n") || null,
  }
  await keepRows(env, ctx.tenant, { executions: [], approvals: [], spans: [span], uses: [] })
}

function attributesOf({ model, isStreamed, api, sent }: Asked, end: End, usage: ModelUsage): SpanAttributes {
  const choice = sent.at(-1)?.choice
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": model,
    "gen_ai.request.stream": isStreamed,
    "edgecrew.api": api,
    ...(choice ? { "gen_ai.provider.name": providerName(choice.provider_type) } : {}),
    ...(choice?.provider_id === undefined ? {} : { "edgecrew.provider.id": choice.provider_id }),
    ...(sent.length > 1 ? { "edgecrew.requests": sent.length } : {}),
    "gen_ai.usage.input_tokens": usage.input_tokens,
    "gen_ai.usage.output_tokens": usage.output_tokens,
    ...(end.ok
      ? {
          "gen_ai.response.model": choice?.model ?? "",
          "gen_ai.response.finish_reasons": [end.event.finish_reason],
        }
      : { "error.type": end.error?.code ?? "cancelled" }),
  }
}
