import { Failure } from "#core/errors"
import { ModelFailure } from "#core/llm/failure"
import type { ModelChoice, Spent } from "#durable/execution/ports"
import type { Ctx } from "#worker/context"
import type { Env } from "#worker/env"
import { waysOut } from "#worker/services/egress"
import { callModel } from "#worker/services/providers/call"
import { recordCall, sumOf, type Sent } from "#worker/services/calls/record-call"
import type { Said } from "./reply.ts"
import { callOf, textOf, type CompletionRequest } from "./request.ts"

/** Asks a model through the gateway; what it took is a span like those of executions. */
export async function* askModel(
  env: Env,
  ctx: Ctx,
  request: CompletionRequest,
  signal: AbortSignal,
): AsyncGenerator<Said, void> {
  const call = callOf(request)
  const sent: Sent[] = []
  let firstToken: number | undefined
  const { model } = request
  const isStreamed = request.stream === true
  const question = textOf(request.messages.findLast(({ role }) => role === "user")?.content ?? "")
  let isEnded = false
  const record = (end: Parameters<typeof recordCall>[3]) => {
    isEnded = true
    ctx.after(recordCall(env, ctx, { model, question, isStreamed, api: "openai", sent, firstToken }, end))
  }
  const chosen = (choice: ModelChoice, spent: Spent) => void sent.push({ choice, spent })
  const wanted = {
    tenant: { id: ctx.tenant.id, slot: ctx.tenant.slot },
    provider_id: undefined,
    model: request.model,
    call,
    idempotency_key: ctx.requestId,
  }
  // What was streamed cannot be taken back: only who waits for the whole is told of a change of target.
  const failed = request.stream ? undefined : () => {}
  try {
    for await (const event of callModel(env, waysOut(env), wanted, {
      signal,
      chosen,
      failed,
      after: (work) => ctx.after(work),
    })) {
      if (event.type === "delta") {
        firstToken ??= Date.now()
        yield event
      }
      if (event.type === "finished") {
        record({ ok: true, event })
        const { text, tool_calls = [], finish_reason } = event
        // Requests that came to nothing on the way to the answer are paid for as well.
        yield { type: "done", text, tool_calls, finish_reason, usage: sumOf(sent) }
      }
    }
  } catch (error) {
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
