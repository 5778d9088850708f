import { ModelFailure } from "#core/llm/failure"
import { builtinModel } from "#core/llm/builtin/builtin"
import type { ModelTarget, ProviderTarget } from "#worker/llm/target"
import type { ResolvedProvider } from "./resolve.ts"

const accessOf = ({ config, api_key }: ResolvedProvider) => ({
  ...(config.base_url === undefined ? {} : { base_url: config.base_url }),
  ...(config.account_id === undefined ? {} : { account_id: config.account_id }),
  ...(config.structured_output === undefined ? {} : { structured_output: config.structured_output }),
  ...(api_key === undefined ? {} : { api_key }),
})

/** An account as the gateway takes it. */
export function accountOf(provider: ResolvedProvider): ProviderTarget {
  const { provider_type } = provider
  return provider_type === "builtin" ? { provider_type } : { provider_type, ...accessOf(provider) }
}

/** A model at an account: the one that the node names, else the account's usual one. */
export function modelAt(
  provider: ResolvedProvider,
  named: string | undefined,
): ModelTarget & { model: string } {
  const { provider_type, config } = provider
  if (provider_type === "builtin") return { provider_type, model: builtinModel, pace_ms: config.pace_ms }
  const model = named ?? config.default_model
  if (model === undefined) {
    throw new ModelFailure("model.not_found", {
      message: "Neither the node nor its provider names a model. Choose one in either.",
    })
  }
  return { provider_type, model, ...accessOf(provider) }
}
