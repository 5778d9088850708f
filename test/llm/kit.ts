import { guardedFetch, type EgressPolicy } from "#worker/egress/guard"
import type { ModelCall } from "#core/llm/call"
import type { ModelEvent } from "#core/llm/event"
import { ModelFailure } from "#core/llm/failure"
import { streamModel, type Asking } from "#worker/llm/gateway"
import type { ModelTarget } from "#worker/llm/target"
import type { OpenAiServer } from "#test/kit/llm/openai-server"

/** The egress guard with one loopback server let through, as a developer would. */
export const wayTo = ({ host }: { host: string }, policy: EgressPolicy = {}): typeof fetch =>
  guardedFetch({ allow: [host], ...policy })

export const targetOf = (server: OpenAiServer, model: string, more: object = {}): ModelTarget => ({
  provider_type: "openai_compatible",
  base_url: server.url,
  api_key: server.apiKey,
  model,
  ...more,
})

export const asking = (content: string, more: Partial<ModelCall> = {}): ModelCall => ({
  model: "any",
  messages: [{ role: "user", content }],
  ...more,
})

export type Told = {
  events: ModelEvent[]
  deltas: string[]
  text: string
  finished: Extract<ModelEvent, { type: "finished" }> | undefined
  failure: unknown
}

/** Everything that a call tells, to its end or its failure. */
export async function tell(target: ModelTarget, call: ModelCall, options: Asking): Promise<Told> {
  const events: ModelEvent[] = []
  let failure: unknown
  try {
    for await (const event of streamModel(target, call, options)) events.push(event)
  } catch (error) {
    failure = error
  }
  const deltas = events.flatMap((event) => (event.type === "delta" ? [event.text] : []))
  return {
    events,
    deltas,
    text: deltas.join(""),
    finished: events.find((event) => event.type === "finished"),
    failure,
  }
}

export const codeOf = (failure: unknown): string =>
  failure instanceof ModelFailure ? failure.code : `no ModelFailure: ${String(failure)}`
