import { createGoogle } from "@ai-sdk/google"
import * as z from "zod"
import { providerTypes } from "#core/llm/provider-types"
import type { Provider } from "../provider.ts"
import { atBase, checkedBase, checkedKey, type Account } from "./account.ts"
import { fetchOfCall, keptModel, noKey, type LanguageModel } from "./library.ts"
import { modelsFrom } from "./model-list.ts"
import { structuredOptions } from "./prompt.ts"
import { streamLibrary } from "./stream.ts"

/** Google's Gemini API. https://ai.google.dev/api/generate-content */
export const google: Provider<"google"> = {
  stream: (target, call, io) => {
    const account = atBase(target, providerTypes.google.base_url)
    const model = geminiModel(checkedBase(account), target.model)
    return streamLibrary(model, structuredOptions(call), account, keyOf(account), io)
  },
  models: async (target, io) => {
    const account = atBase(target, providerTypes.google.base_url)
    const url = `${checkedBase(account)}/models?pageSize=1000`
    return modelsFrom(url, keyOf(account), account, io, namesOf)
  },
}

const geminiModel = (baseURL: string, model: string): LanguageModel =>
  keptModel(["google", baseURL, model], () =>
    createGoogle({ baseURL, apiKey: noKey, fetch: fetchOfCall })(model),
  )

/** In a header, because an address is logged by everybody on the way. */
function keyOf(account: Account): Record<string, string> {
  const key = checkedKey(account)
  return key === undefined ? {} : { "x-goog-api-key": key }
}

const NameList = z.object({
  models: z.array(z.object({ name: z.string(), supportedGenerationMethods: z.array(z.string()).optional() })),
})

/** "models/gemini-2.5-flash" and its like; those that embed or draw cannot be asked. */
const namesOf = (body: unknown): string[] | undefined =>
  NameList.safeParse(body)
    .data?.models.filter((one) => one.supportedGenerationMethods?.includes("generateContent") ?? true)
    .map(({ name }) => name.replace(/^models\//, ""))
