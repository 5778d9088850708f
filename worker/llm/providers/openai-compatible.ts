import { ModelFailure } from "#core/llm/failure"
import { providerTypes } from "#core/llm/provider-types"
import type { Provider } from "../provider.ts"
import { atBase, type Account } from "./account.ts"
import { listModels } from "./model-list.ts"
import { streamChat, type ChatDialect } from "./openai-chat.ts"

const dialect: ChatDialect = { name: "openaiCompatible" }

/** Any server that speaks OpenAI's chat completions. */
export const openaiCompatible: Provider<"openai_compatible"> = {
  stream: (target, call, io) => streamChat(dialect, withBase(target), call, io),
  models: async (target, io) => listModels(withBase(target), io),
}

/** Ollama, which speaks them beside its own API. https://docs.ollama.com/openai */
export const ollama: Provider<"ollama"> = {
  stream: (target, call, io) => streamChat(dialect, atBase(target, providerTypes.ollama.base_url), call, io),
  models: (target, io) => listModels(atBase(target, providerTypes.ollama.base_url), io),
}

/** vLLM's server. https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html */
export const vllm: Provider<"vllm"> = {
  stream: (target, call, io) => streamChat(dialect, atBase(target, providerTypes.vllm.base_url), call, io),
  models: (target, io) => listModels(atBase(target, providerTypes.vllm.base_url), io),
}

function withBase<T extends { base_url?: string | undefined }>(target: T): T & Pick<Account, "base_url"> {
  const { base_url } = target
  if (!base_url)
    throw new ModelFailure("model.bad_request", {
      message: "This provider needs a base URL, such as https://api.example.com/v1.",
    })
  return { ...target, base_url }
}
