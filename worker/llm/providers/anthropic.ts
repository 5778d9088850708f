import { createAnthropic } from "@ai-sdk/anthropic"
import { providerTypes } from "#core/llm/provider-types"
import type { Provider } from "../provider.ts"
import { atBase, checkedBase, checkedKey, type Account } from "./account.ts"
import { fetchOfCall, keptModel, noKey, type LanguageModel } from "./library.ts"
import { idsOf, modelsFrom } from "./model-list.ts"
import { structuredOptions } from "./prompt.ts"
import { streamLibrary } from "./stream.ts"

/** Anthropic's Messages API. https://docs.anthropic.com/en/api/messages */
export const anthropic: Provider<"anthropic"> = {
  stream: (target, call, io) => {
    const account = atBase(target, providerTypes.anthropic.base_url)
    const model = messagesModel(checkedBase(account), target.model)
    return streamLibrary(model, structuredOptions(call), account, keyOf(account), io)
  },
  models: async (target, io) => {
    const account = atBase(target, providerTypes.anthropic.base_url)
    const headers = { ...keyOf(account), "anthropic-version": apiVersion }
    return modelsFrom(`${checkedBase(account)}/models?limit=1000`, headers, account, io, idsOf)
  },
}

const apiVersion = "2023-06-01"

const messagesModel = (baseURL: string, model: string): LanguageModel =>
  keptModel(["anthropic", baseURL, model], () =>
    createAnthropic({ baseURL, apiKey: noKey, fetch: fetchOfCall })(model),
  )

function keyOf(account: Account): Record<string, string> {
  const key = checkedKey(account)
  return key === undefined ? {} : { "x-api-key": key }
}
