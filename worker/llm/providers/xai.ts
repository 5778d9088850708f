import { createXai } from "@ai-sdk/xai"
import { providerTypes } from "#core/llm/provider-types"
import type { Provider } from "../provider.ts"
import { atBase, bearer, checkedBase } from "./account.ts"
import { fetchOfCall, keptModel, noKey, type LanguageModel } from "./library.ts"
import { listModels } from "./model-list.ts"
import { structuredOptions } from "./prompt.ts"
import { streamLibrary } from "./stream.ts"

/** xAI's Responses API. https://docs.x.ai/docs/api-reference */
export const xai: Provider<"xai"> = {
  stream: (target, call, io) => {
    const account = atBase(target, providerTypes.xai.base_url)
    const model = responsesModel(checkedBase(account), target.model)
    // What a tenant says is not left with the vendor for later calls to refer to.
    const options = { ...structuredOptions(call), providerOptions: { xai: { store: false } } }
    return streamLibrary(model, options, account, bearer(account), io)
  },
  models: (target, io) => listModels(atBase(target, providerTypes.xai.base_url), io),
}

const responsesModel = (baseURL: string, model: string): LanguageModel =>
  keptModel(["xai", baseURL, model], () => createXai({ baseURL, apiKey: noKey, fetch: fetchOfCall })(model))
