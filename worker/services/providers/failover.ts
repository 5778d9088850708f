import { Failure } from "#core/errors"
import type { StepError } from "#core/execution/event"
import type { ProviderId, TenantId } from "#core/ids"
import type { ModelCall } from "#core/llm/call"
import type { ModelEvent } from "#core/llm/event"
import { ModelFailure } from "#core/llm/failure"
import { appliedPrice } from "#core/llm/price"
import { mayFailOver, routed, waitBefore } from "#core/llm/routing"
import type { ModelChoice, Spent } from "#durable/execution/ports"
import { breakerOf, isOpen, noteBegun, noteFailed, noteSucceeded, type TargetKey } from "#worker/llm/breakers"
import { streamModel, type Asking } from "#worker/llm/gateway"
import type { Held } from "#worker/llm/held"
import type { ResolvedProvider } from "./resolve.ts"
import { callBy, type Plan, type Route } from "./routes.ts"
import { goingOn } from "./splice.ts"
import { modelAt } from "./target.ts"

/** A question, every way to its answer, and who is told of each that is tried. */
export type Question = {
  tenant: TenantId
  plan: Plan
  call: Omit<ModelCall, "model">
  idempotency_key: string
  signal: AbortSignal
  egress: () => typeof fetch
  provider: (id: ProviderId | undefined) => Promise<ResolvedProvider>
  /** Holds what a request may cost at most; throws when a budget has not enough left. */
  hold?: ((choice: ModelChoice, call: ModelCall) => Promise<Held | undefined>) | undefined
  /** Told of each request before it is sent, with how to learn what it costs. */
  chosen: (choice: ModelChoice, spent: Spent) => void
  /** Without somebody who is told, nothing that was streamed can be taken back. */
  failed: ((choice: ModelChoice, error: StepError) => void) | undefined
  now: () => number
  chance: () => number
}

/**
 * Asks one target after the other until one answers. Before the first token a change of target is silent; after it what was
 * streamed is void, and `failed` says so. Throws the last failure.
 */
export async function* askInTurn(question: Question): AsyncGenerator<ModelEvent, void, undefined> {
  const { plan, signal } = question
  const routes = openRoutes(question)
  let said = ""
  for (const [i, route] of routes.entries()) {
    for (let retry = 0; ; retry++) {
      const attempt = yield* tried(question, route, said)
      if (!attempt.failure) return
      const wait = waitOf(question, attempt, retry)
      const { failure } = attempt
      const mayPass = failure instanceof Failure || mayFailOver(failure)
      const goesOn = wait !== undefined || (i + 1 < routes.length && mayPass)
      if (!goesOn || (attempt.said !== "" && !question.failed)) throw failure
      if (attempt.choice) question.failed?.(attempt.choice, errorOf(failure))
      if (plan.settings.splice && isSpliced(question.call)) said = attempt.said || said
      if (wait === undefined) break
      await pause(wait, signal)
    }
  }
}

/** A connection that was kept open may be closed just as it is used again, which says nothing of the vendor: it is asked once more. */
const freshConnections = 1

/** The pause before the same target is asked again; undefined when it is not. */
function waitOf(
  { plan: { settings }, chance }: Question,
  { failure, choice }: Failed,
  retry: number,
): number | undefined {
  if (failure instanceof Failure) return undefined
  const most = failure.code === "model.unreachable" ? freshConnections : 0
  if (!choice || !failure.retry || retry >= Math.max(settings.retries, most)) return undefined
  return waitBefore(retry, failure, settings.max_wait_ms, chance)
}

/** The targets whose breaker is not open; when all are, the one that comes back first: better late than never. */
function openRoutes({ tenant, plan, now, chance }: Question): Route[] {
  const routes = routed(plan.routes, chance)
  if (routes.length < 2) return routes
  const open = routes.filter((route) => !isOpen(keyOf(tenant, route), now()))
  if (open.length > 0) return open
  const until = (route: Route) => breakerOf(keyOf(tenant, route)).until ?? 0
  return routes.sort((a, b) => until(a) - until(b)).slice(0, 1)
}

const keyOf = (tenant: TenantId, { llm_provider_id, model }: Route): TargetKey => ({
  tenant,
  provider_id: llm_provider_id ?? "",
  model: model ?? "",
})

/** A provider whose own budget is spent is passed by like one that is busy: another's may not be. */
const isSpent = (error: unknown): error is Failure =>
  error instanceof Failure &&
  error.code === "budget.exceeded" &&
  error.more.more?.["budget_scope"] === "provider"

type Failed = { failure: ModelFailure | Failure; choice: ModelChoice | undefined; said: string }
type Attempt = Failed | { failure?: undefined }

/** One try at one target: its answer, or why there is none and how far it came. */
async function* tried(
  question: Question,
  route: Route,
  before: string,
): AsyncGenerator<ModelEvent, Attempt, undefined> {
  const { signal, now, provider } = question
  const answer = {
    said: "",
    choice: undefined as ModelChoice | undefined,
    key: keyOf(question.tenant, route),
  }
  try {
    const account = await provider(route.llm_provider_id)
    const target = modelAt(account, route.model)
    const { provider_type, id } = account
    const { alias } = question.plan
    const choice: ModelChoice = {
      provider_type,
      provider_id: id,
      model: target.model,
      ...(alias && { alias }),
      price: appliedPrice({ provider_type, prices: account.config.prices }, target.model),
    }
    answer.choice = choice
    answer.key = { tenant: question.tenant, provider_id: id, model: target.model }
    noteBegun(answer.key, now())
    const call = goingOn(callBy(route, question.call, target.model), before)
    for await (const event of goneOn(streamModel(target, call, askingOf(question, choice, answer)), before)) {
      if (event.type === "delta") answer.said += event.text
      if (event.type === "finished") noteSucceeded(answer.key)
      yield event
    }
    return {}
  } catch (error) {
    signal.throwIfAborted()
    if (isSpent(error)) return { failure: error, choice: answer.choice, said: answer.said }
    if (!(error instanceof ModelFailure)) throw error
    noteFailed(answer.key, error, now())
    return { failure: error, choice: answer.choice, said: answer.said }
  }
}

function askingOf(
  { plan: { settings }, signal, egress, idempotency_key, hold, chosen, failed }: Question,
  choice: ModelChoice,
  answer: { said: string },
): Asking {
  const { first_token_ms, idle_ms, total_ms } = settings
  const timeouts = {
    ...(first_token_ms === undefined ? {} : { first_token_ms }),
    ...(idle_ms === undefined ? {} : { idle_ms }),
    ...(total_ms === undefined ? {} : { total_ms }),
  }
  const sending = (spent: Spent) => chosen(choice, spent)
  const again = (failure: ModelFailure) => {
    failed?.(choice, errorOf(failure))
    answer.said = ""
  }
  return {
    signal,
    egress: egress(),
    timeouts,
    idempotency_key,
    sending,
    ...(hold ? { hold: (call: ModelCall) => hold(choice, call) } : {}),
    ...(failed ? { again } : {}),
  }
}

const errorOf = ({ code, message }: ModelFailure | Failure): StepError => ({ code, message })

/** Only words can be gone on with: half a JSON or half a tool call is begun anew. */
const isSpliced = ({ output_schema, tools = [] }: Question["call"]): boolean =>
  output_schema === undefined && tools.length === 0

/** The answer of a target that goes on where another stopped, as one answer. */
async function* goneOn(
  events: AsyncIterable<ModelEvent>,
  before: string,
): AsyncGenerator<ModelEvent, void, undefined> {
  for await (const event of events) {
    if (event.type === "finished") yield { ...event, text: before + event.text }
    else yield event
    if (event.type === "started" && before !== "") yield { type: "delta", text: before }
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const leave = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", leave)
      resolve()
    }, ms)
    if (signal.aborted) leave()
    else signal.addEventListener("abort", leave, { once: true })
  })
