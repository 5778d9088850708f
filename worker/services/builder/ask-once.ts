import { Failure } from "#core/errors"
import type { FlowId } from "#core/ids"
import type { ModelCall } from "#core/llm/call"
import type { ModelEvent } from "#core/llm/event"
import { ModelFailure } from "#core/llm/failure"
import { countTokens } from "#core/llm/tokens"
import type { Ctx } from "#worker/context"
import type { Env } from "#worker/env"
import { waysOut } from "#worker/services/egress"
import { callModel } from "#worker/services/providers/call"
import { recordCall, type Sent } from "#worker/services/calls/record-call"

/** What an answer may be long; the count of ours stops those who do not keep to it. */
export const mostTokens = 16_000
const checkedEvery = 4_000

type Question = {
  id: FlowId
  wish: { model?: string | undefined; llm_provider_id?: string | undefined }
  question: string
  round: number
  call: Omit<ModelCall, "model">
  sent: Sent[]
  signal: AbortSignal
}

/** One request through the gateway, as executions make it; what it took is a span that belongs to the flow. */
export async function* askOnce(env: Env, ctx: Ctx, asked: Question): AsyncGenerator<ModelEvent, void> {
  const { wish, question, round, call, sent, signal, id } = asked
  const own: Sent[] = []
  let firstToken: number | undefined
  const record = (end: Parameters<typeof recordCall>[3]) => {
    const about = {
      model: wish.model ?? "",
      question,
      isStreamed: true,
      api: "builder" as const,
      flow_id: id,
    }
    ctx.after(recordCall(env, ctx, { ...about, sent: own, firstToken }, end))
  }
  const request = {
    tenant: { id: ctx.tenant.id, slot: ctx.tenant.slot },
    provider_id: wish.llm_provider_id,
    model: wish.model,
    call: { ...call, max_tokens: mostTokens },
    idempotency_key: `${ctx.requestId}:${round}`,
  }
  const told = {
    signal,
    chosen: (choice: Sent["choice"], spent: Sent["spent"]) => {
      own.push({ choice, spent })
      sent.push({ choice, spent })
    },
    failed: undefined,
    after: (work: Promise<unknown>) => ctx.after(work),
  }
  let length = 0
  let isEnded = false
  try {
    for await (const event of callModel(env, waysOut(env), request, told)) {
      if (event.type === "delta") {
        firstToken ??= Date.now()
        const was = length
        length += event.text.length
        const isDue = Math.floor(was / checkedEvery) !== Math.floor(length / checkedEvery)
        if (isDue && length > mostTokens * 8) throw tooLong()
      }
      if (event.type === "finished") {
        if (countTokens(event.text) > mostTokens * 2) throw tooLong()
        isEnded = true
        record({ ok: true, event })
      }
      yield event
    }
  } catch (error) {
    isEnded = true
    record({
      ok: false,
      error: error instanceof ModelFailure || error instanceof Failure ? error : undefined,
    })
    throw error
  } finally {
    // Whoever hangs up leaves the loop: what was sent is paid for all the same.
    if (!isEnded) record({ ok: false, error: undefined })
  }
}

const tooLong = (): ModelFailure =>
  new ModelFailure("model.bad_output", { message: "The answer is longer than an answer may be." })
