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
  anthropic: {
    label: "Anthropic",
    help: "Anthropic's own API, with a key of your account there.",
    needsKey: true,
    needsUrl: false,
    modelExample: "claude-sonnet-4-5",
  },
  google: {
    label: "Google",
    help: "Google's Gemini API, with a key from AI Studio.",
    needsKey: true,
    needsUrl: false,
    modelExample: "gemini-2.5-flash",
  },
  xai: {
    label: "xAI",
    help: "xAI's own API, with a key of your account there.",
    needsKey: true,
    needsUrl: false,
    modelExample: "grok-4",
  },
  ollama: {
    label: "Ollama",
    help: "A server of your own with open models. It needs no key.",
    needsKey: false,
    needsUrl: false,
    modelExample: "llama3.2",
  },
  vllm: {
    label: "vLLM",
    help: "A server of your own with open models. A key only where it was started with one.",
    needsKey: false,
    needsUrl: false,
    modelExample: "qwen3-32b-instruct",
  },
  workers_ai: {
    label: "Workers AI",
    help: "Models on Cloudflare's network, with the id of your account and an API token.",
    needsKey: true,
    needsUrl: false,
    modelExample: "@cf/meta/llama-3.3-70b-instruct-fp8-fast",
  },
  openai_compatible: {
    label: "OpenAI-compatible",
    help: "Any server that speaks the same protocol: vLLM, Ollama, LM Studio, OpenRouter, Groq.",
    needsKey: false,
    needsUrl: true,
    modelExample: "qwen3-32b-instruct",
  },
}
