import { historyOf } from "#core/chat/branch"
import { foldTurn } from "#core/chat/turn"
import { firstTurnState, type TurnState } from "#core/chat/turn-state"
import { actorId } from "#core/access/roles"
import { Failure, unwrap } from "#core/errors"
import type { ExecutionId } from "#core/ids"
import type { Partner } from "#durable/chat/ports"
import type { Ctx } from "#worker/context"
import type { Env } from "#worker/env"
import { beginAnswer } from "#worker/services/chat/begin"
import { cancelAnswer, eventsOf } from "#worker/services/chat/listen"
import { answerOf } from "./at-once.ts"
import { ExecutionFailure } from "./execution-failure.ts"
import type { Wanted } from "./models.ts"
import type { Said } from "./reply.ts"
import { textOf, type CompletionRequest } from "./request.ts"

/**
 * Asks an agent or a crew: an execution, with all that belongs to it. What they think on the way cannot be taken back once it is
 * streamed, so that words are passed on from when they are known to be the answer.
 */
export async function* askPartner(
  env: Env,
  ctx: Ctx,
  wanted: Exclude<Wanted, { is: "model" }>,
  request: CompletionRequest,
  signal: AbortSignal,
): AsyncGenerator<Said, void> {
  const { tenant } = ctx
  const author = actorId(ctx.actor)
  const partner: Partner =
    wanted.is === "agent" ? { is: "agent", id: wanted.row.id } : { is: "crew", id: wanted.row.id }
  const begun = unwrap(
    await beginAnswer(env, tenant, { partner, ...conversation(request), author, key: ctx.requestId }),
  )
  const isAnswer = await answerOf(ctx, wanted)
  let state: TurnState = firstTurnState
  let said = ""
  const stop = () => ctx.after(cancelAnswer(env, tenant, begun.id, author))
  signal.addEventListener("abort", stop, { once: true })
  try {
    for await (const page of eventsOf(env, tenant, begun.id, 0)) {
      for (const event of page) state = foldTurn(state, event, { partner: begun.name }).state
      if (state.end) break
      // One that is asked again after it broke off may say the same once more: nothing is said twice.
      const more = isAnswer(state) && state.content.startsWith(said) ? state.content.slice(said.length) : ""
      said += more
      yield more === "" ? { type: "still" } : { type: "delta", text: more }
    }
  } finally {
    signal.removeEventListener("abort", stop)
    // Whoever hangs up is answered by nobody any more.
    if (!state.end) stop()
  }
  yield* restOf(begun.id, state, said)
}

/** What was not said before; throws where the answer came to be another than what was. */
function* restOf(
  id: ExecutionId,
  { end, content, ...spent }: TurnState,
  said: string,
): Generator<Said, void> {
  if (end?.status !== "done")
    throw new ExecutionFailure(
      id,
      end?.error ?? { code: "execution.cancelled", message: "It was cancelled." },
    )
  if (!content.startsWith(said) && content.trim() !== said.trim())
    throw new ExecutionFailure(id, {
      code: "model.stream_broken",
      message: "The model broke off, and answered anew.",
    })
  const rest = content.startsWith(said) ? content.slice(said.length) : ""
  if (rest !== "") yield { type: "delta", text: rest }
  const { input_tokens, output_tokens } = spent
  const usage = { input_tokens, output_tokens, estimated: false }
  yield { type: "done", text: content, tool_calls: [], finish_reason: "stop", usage }
}

/** The last message is the task; what a client says as the system is said with it, for an agent has a system prompt of its own. */
function conversation(request: CompletionRequest) {
  for (const name of ["tools", "tool_choice", "response_format"] as const) {
    if (request[name] !== undefined && !isPlain(request[name]))
      throw unsupported(name, "Agents and crews have tools and formats of their own")
  }
  const told = request.messages.flatMap((one) =>
    one.role === "system" || one.role === "developer" ? [textOf(one.content)] : [],
  )
  const said = request.messages.flatMap((one, i) =>
    one.role === "user" || one.role === "assistant"
      ? [{ id: `${i}`, parent_id: null, role: one.role, content: textOf(one.content ?? "") }]
      : [],
  )
  const last = said.pop()
  if (last?.role !== "user" || last.content === "")
    throw unsupported("messages", "The last message must be a user's, with text")
  return { message: [...told, last.content].join("\n\n"), history: historyOf(said) }
}

const isPlain = (value: unknown): boolean =>
  value === "auto" ||
  value === "none" ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === "object" && value !== null && "type" in value && value.type === "text")

const unsupported = (path: string, message: string): Failure =>
  new Failure("request.invalid", { errors: [{ path, message }] })
