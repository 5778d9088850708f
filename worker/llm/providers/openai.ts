import { providerTypes } from "#core/llm/provider-types"
import type { Provider } from "../provider.ts"
import type { ChatDialect } from "./chat-models.ts"
import { listModels, streamChat } from "./openai-chat.ts"

/** OpenAI's newer models refuse `max_tokens`; all of its models take the longer name. */
const dialect: ChatDialect = {
  name: "openai",
  transformBody: ({ max_tokens, ...body }) =>
    max_tokens === undefined ? body : { ...body, max_completion_tokens: max_tokens },
}

const ownBase = providerTypes.openai.base_url

export const openai: Provider<"openai"> = {
  stream: (target, call, io) =>
    streamChat(dialect, { ...target, base_url: target.base_url ?? ownBase }, call, io),
  models: (target, io) => listModels({ ...target, base_url: target.base_url ?? ownBase }, io),
}
