import { AliasSettings } from "#core/contract/model-aliases"
import type { ProviderId } from "#core/ids"
import type { ModelCall } from "#core/llm/call"
import type { AliasRow } from "#worker/db/model-aliases"

/** One way to an answer. A provider or model that is not named is the tenant's, or the provider's, usual one. */
export type Route = {
  llm_provider_id: ProviderId | undefined
  model: string | undefined
  order: number
  weight: number
  temperature?: number | undefined
  max_tokens?: number | undefined
}

/** Every way to an answer, and how they are taken. */
export type Plan = { alias: string | undefined; routes: Route[]; settings: AliasSettings }

/** A model that is named by itself is asked once: its node says what happens when it fails. */
const once = AliasSettings.parse({ retries: 0 })

export const directPlan = (llm_provider_id: ProviderId | undefined, model: string | undefined): Plan => ({
  alias: undefined,
  routes: [{ llm_provider_id, model, order: 0, weight: 1 }],
  settings: once,
})

export const aliasPlan = ({ name, targets, settings }: AliasRow): Plan => ({
  alias: name,
  routes: targets,
  settings,
})

/** The call as this way takes it: what the caller says stands above what the alias says. */
export const callBy = (route: Route, call: Omit<ModelCall, "model">, model: string): ModelCall => {
  const temperature = call.temperature ?? route.temperature
  const max_tokens = call.max_tokens ?? route.max_tokens
  return {
    ...call,
    model,
    ...(temperature === undefined ? {} : { temperature }),
    ...(max_tokens === undefined ? {} : { max_tokens }),
  }
}
