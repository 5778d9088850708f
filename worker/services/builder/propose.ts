import { answerSchema, heardSoFar, readAnswer, type Answer } from "#core/builder/answer"
import { catalogueOf } from "#core/builder/catalogue"
import { examine, type Examined } from "#core/builder/examine"
import { hidden } from "#core/builder/hidden"
import { promptOf, repairOf } from "#core/builder/prompt"
import type { Draft } from "#core/canvas/canvas"
import type { BodyOf } from "#core/contract/endpoint"
import type { builderApi, Progress, Proposal } from "#core/contract/flow-builder"
import { Failure, found } from "#core/errors"
import type { FlowId } from "#core/ids"
import type { ModelMessage } from "#core/llm/call"
import { ModelFailure } from "#core/llm/failure"
import { allow, type Ctx } from "#worker/context"
import * as flows from "#worker/db/flows"
import { settingsOf, type Env } from "#worker/env"
import { costOf, sumOf, type Sent } from "#worker/services/calls/record-call"
import { askOnce } from "./ask-once.ts"
import { withReferences } from "./references.ts"
import { resourcesOf } from "./resources.ts"

/** What comes while a proposal is made, and at the end the proposal. */
export type Telling = { type: "progress"; progress: Progress } | { type: "proposal"; proposal: Proposal }

/** How often a model is shown what cannot be made of its answer. */
const mostRepairs = 2
const mostShown = 20_000

type Wish = BodyOf<typeof builderApi.propose>

/**
 * Asks a model for changes of a flow's draft. Applies nothing: what the model says is read, compiled against the draft and
 * validated; what does not fit goes back to it, and what still does not is told with the reason.
 */
export async function* proposeChanges(
  env: Env,
  ctx: Ctx,
  id: FlowId,
  wish: Wish,
  left: AbortSignal,
): AsyncGenerator<Telling, void> {
  allow(ctx.actor, "flow.edit")
  const row = found(await flows.byId(ctx.db, id), "flow.not_found")
  const draft: Draft = { name: row.name, description: row.description, ...row.graph }
  const here = new Set(draft.nodes.map((node) => node.id))
  const selection = wish.selection.filter((one) => here.has(one))
  const catalogue = catalogueOf(await resourcesOf(ctx, id))
  const messages = promptOf({ ...wish, draft, selection, catalogue })
  const tooSlow = AbortSignal.timeout(settingsOf(env).BUILDER_SECONDS * 1_000)
  const signal = AbortSignal.any([left, tooSlow])
  const sent: Sent[] = []
  try {
    for (let round = 1; ; round++) {
      const said = yield* listening(env, ctx, { id, wish, messages, round, sent, signal })
      const judged = await judge(ctx, id, draft, said.answer)
      const faults = said.answer.fault ?? (said.text !== said.before && faultsOf(judged))
      if (round <= mostRepairs && faults) {
        messages.push({ role: "assistant", content: said.text.slice(0, mostShown) || "(nothing)" })
        messages.push({
          role: "user",
          content: typeof faults === "string" ? repairOf([], faults) : repairOf(faults),
        })
        continue
      }
      if (said.answer.fault) throw new Failure("builder.unusable", { detail: unusable(said.answer.fault) })
      yield { type: "proposal", proposal: proposalOf(row.version, judged, said, { round, sent }) }
      return
    }
  } catch (error) {
    if (tooSlow.aborted && !left.aborted) throw new Failure("builder.too_slow")
    throw error instanceof ModelFailure ? modelFailed(error) : error
  }
}

type Asking = {
  id: FlowId
  wish: Wish
  messages: readonly ModelMessage[]
  round: number
  sent: Sent[]
  signal: AbortSignal
}
type Heard = { text: string; before: string | undefined; answer: Answer; model: string }

/** One answer as it comes. One that is not what was asked for is told as its fault: that can be mended. */
async function* listening(env: Env, ctx: Ctx, asking: Asking): AsyncGenerator<Telling, Heard> {
  const { round, messages, sent } = asking
  const before = messages.findLast(({ role }) => role === "assistant")?.content
  const progress = (is: Progress["is"], reply = "", operations = 0): Telling => ({
    type: "progress",
    progress: { is, round, reply, operations },
  })
  yield progress(round === 1 ? "asking" : "repairing")
  let text = ""
  let told = ""
  const model = () => sent.at(-1)?.choice.model ?? asking.wish.model ?? ""
  const call = { messages: [...messages], output_schema: answerSchema }
  try {
    for await (const event of askOnce(env, ctx, { ...asking, question: hidden(asking.wish.message), call })) {
      if (event.type === "delta") {
        text += event.text
        const { reply, operations } = heardSoFar(text)
        const now = `${reply} ${operations}`
        if (now !== told) yield progress("answering", reply, operations)
        told = now
      }
      if (event.type === "finished")
        return {
          text: event.text,
          before: round > 1 ? before : undefined,
          answer: readAnswer(event.object ?? null),
          model: model(),
        }
    }
    throw new ModelFailure("model.stream_broken")
  } catch (error) {
    if (!(error instanceof ModelFailure) || error.code !== "model.bad_output") throw error
    const answer: Answer = { reply: "", proposed: [], fault: error.message }
    return { text, before, answer, model: model() }
  }
}

type Judged = { answer: Answer; examined: Examined }

/** The answer against the draft: by the rules of flows, and by what the tenant has. */
async function judge(ctx: Ctx, id: FlowId, draft: Draft, said: Answer): Promise<Judged> {
  const examined = examine(draft, said.proposed)
  const proposed = await withReferences(ctx, id, examined.draft, said.proposed)
  if (proposed === said.proposed) return { answer: said, examined }
  const answer = { ...said, proposed }
  return { answer, examined: examine(draft, proposed) }
}

function faultsOf({ examined }: Judged): { number: number; why: string }[] | undefined {
  const faults = examined.items.flatMap(({ faults: list }, i) => list.map((why) => ({ number: i + 1, why })))
  return faults.length === 0 ? undefined : faults
}

type Spent = { round: number; sent: readonly Sent[] }

function proposalOf(version: number, judged: Judged, said: Heard, { round, sent }: Spent): Proposal {
  const usage = sumOf(sent)
  return {
    reply: judged.answer.reply,
    model: said.model,
    version,
    operations: judged.answer.proposed,
    items: judged.examined.items.map(({ needs, faults, warnings }) => ({ needs, faults, warnings })),
    rounds: round,
    input_tokens: usage.input_tokens,
    output_tokens: usage.output_tokens,
    cost_micros: sent.reduce((sum, one) => sum + costOf(one), 0),
  }
}

const unusable = (fault: string): string =>
  `${fault} The model was asked ${mostRepairs + 1} times. Ask for less at once, or choose another model.`

/** The vendor's trouble in our words, with what to do about it. */
function modelFailed({ code, message, retry_after_ms }: ModelFailure): Failure {
  const advice =
    code === "model.unauthorized" || code === "model.not_found" || code === "egress.refused"
      ? "Look after the provider under Models, or choose another model."
      : code === "model.bad_request"
        ? "Choose another model."
        : "Try again, or choose another model."
  return new Failure("builder.model_failed", {
    detail: `${message} ${advice}`,
    more: { model_code: code },
    ...(retry_after_ms === undefined ? {} : { retryAfterSeconds: retry_after_ms / 1_000 }),
  })
}
