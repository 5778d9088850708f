import type { ProviderType } from "#core/contract/llm-providers"

type TypeWords = {
  label: string
  /** What one gets, in a sentence. */
  help: string
  needsKey: boolean
  needsUrl: boolean
  modelExample: string
}

export const providerTypes: Record<ProviderType, TypeWords> = {
  builtin: {
    label: "Builtin",
    help: "Works offline inside the server. It is no language model: it picks sentences, keywords and labels by fixed rules.",
    needsKey: false,
    needsUrl: false,
    modelExample: "builtin",
  },
  openai: {
    label: "OpenAI",
    help: "OpenAI's own API, with a key of your account there.",
    needsKey: true,
    needsUrl: false,
    modelExample: "gpt-5-mini",
  },
  openai_compatible: {
    label: "OpenAI-compatible",
    help: "Any server that speaks the same protocol: vLLM, Ollama, LM Studio, OpenRouter, Groq.",
    needsKey: false,
    needsUrl: true,
    modelExample: "qwen3-32b-instruct",
  },
}
