import { isKept, keptEvent, type KeptAnswer } from "#core/llm/answer-cache"
import type { ModelCall } from "#core/llm/call"
import type { ModelEvent } from "#core/llm/event"
import type { ModelChoice, Spent } from "#durable/execution/ports"
import type { Db } from "#worker/db/commit"
import type { AliasRow } from "#worker/db/model-aliases"
import * as answers from "#worker/db/model-answers"
import { digestOf } from "#worker/digest"

type Call = Omit<ModelCall, "model">
type Asked = { db: Db; now: number; alias: AliasRow; call: Call }
type Chosen = (choice: ModelChoice, spent: Spent) => void

/** Answers from the tenant's cache what was asked before, where the alias says so; else asks, and keeps what comes. */
export async function* answeredOrKept(
  asked: Asked,
  chosen: Chosen,
  ask: (chosen: Chosen) => AsyncGenerator<ModelEvent, void, undefined>,
): AsyncGenerator<ModelEvent, void, undefined> {
  const call = settled(asked)
  if (asked.alias.settings.cache_seconds === 0 || call.temperature !== 0) {
    yield* ask(chosen)
    return
  }
  const { db, now, alias } = asked
  const key = digestOf(JSON.stringify([alias.id, alias.version, call]))
  const kept = await answers.byKey(db, key, new Date(now).toISOString())
  if (kept) {
    yield* told(kept, alias.name, chosen)
    return
  }
  let choice: ModelChoice | undefined
  const noted: Chosen = (one, spent) => {
    choice = one
    chosen(one, spent)
  }
  for await (const event of ask(noted)) {
    // Before it is told: whoever hears the last word listens no longer.
    if (event.type === "finished" && choice?.provider_id !== undefined && isKept(call, event)) {
      const { provider_type, provider_id, model } = choice
      const { type: _, usage: __, ...answer } = event
      await keep(asked, key, { ...answer, provider_type, provider_id, model })
    }
    yield event
  }
}

/** The temperature that the alias sets is the call's, when all of its targets agree on it. */
function settled({ alias: { targets }, call }: Asked): Call {
  const [first] = targets
  const common = first && targets.every((one) => one.temperature === first.temperature) && first.temperature
  return call.temperature === undefined && typeof common === "number"
    ? { ...call, temperature: common }
    : call
}

async function* told(kept: KeptAnswer, alias: string, chosen: Chosen): AsyncGenerator<ModelEvent> {
  const { provider_type, provider_id, model, text } = kept
  chosen({ provider_type, provider_id: provider_id, model, alias }, () => undefined)
  yield { type: "started", model }
  if (text !== "") yield { type: "delta", text }
  yield keptEvent(kept)
}

/** A cache that cannot be written is no reason to fail. */
async function keep({ db, now, alias }: Asked, key: string, answer: KeptAnswer): Promise<void> {
  const at = (ms: number): string => new Date(ms).toISOString()
  const times = { now: at(now), expires_at: at(now + alias.settings.cache_seconds * 1_000) }
  await answers.keep(db, key, answer, times).catch(() => {})
}
