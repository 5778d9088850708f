import { ModelFailure } from "#core/llm/failure"
import type { Provider } from "../provider.ts"
import type { ChatDialect } from "./chat-models.ts"
import { listModels, streamChat, type ChatAccount } from "./openai-chat.ts"

const dialect: ChatDialect = { name: "openaiCompatible" }

/** Any server that speaks OpenAI's chat completions. */
export const openaiCompatible: Provider<"openai_compatible"> = {
  stream: (target, call, io) => streamChat(dialect, withBase(target), call, io),
  models: async (target, io) => listModels(withBase(target), io),
}

function withBase<T extends { base_url?: string | undefined }>(target: T): T & Pick<ChatAccount, "base_url"> {
  const { base_url } = target
  if (!base_url)
    throw new ModelFailure("model.bad_request", {
      message: "This provider needs a base URL, such as https://api.example.com/v1.",
    })
  return { ...target, base_url }
}
