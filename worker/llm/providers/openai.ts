import { providerTypes } from "#core/llm/provider-types"
import type { Provider } from "../provider.ts"
import { atBase } from "./account.ts"
import { listModels } from "./model-list.ts"
import { streamChat, type ChatDialect } from "./openai-chat.ts"

/** OpenAI's newer models refuse `max_tokens`; all of its models take the longer name. */
const dialect: ChatDialect = {
  name: "openai",
  transformBody: ({ max_tokens, ...body }) =>
    max_tokens === undefined ? body : { ...body, max_completion_tokens: max_tokens },
}

const ownBase = providerTypes.openai.base_url

export const openai: Provider<"openai"> = {
  stream: (target, call, io) => streamChat(dialect, atBase(target, ownBase), call, io),
  models: (target, io) => listModels(atBase(target, ownBase), io),
}
