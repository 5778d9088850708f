import type { ProviderType } from "#core/contract/llm-providers"

type TypeWords = {
  label: string
  /** What one gets, in a sentence. */
  help: string
  needsKey: boolean
  /** Whether the address has to be said; elsewhere the usual one holds unless another is given. */
  needsUrl: boolean
  /** The usual address; undefined where there is none to give. */
  usualUrl?: string
  needsAccount?: true
  /** It speaks OpenAI's protocol, whose servers differ in how they are asked for JSON. */
  asksForJson?: true
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
    usualUrl: "https://api.openai.com/v1",
    modelExample: "gpt-5-mini",
  },
  anthropic: {
    label: "Anthropic",
    help: "Anthropic's own API, with a key of your account there.",
    needsKey: true,
    needsUrl: false,
    usualUrl: "https://api.anthropic.com/v1",
    modelExample: "claude-sonnet-4-5",
  },
  google: {
    label: "Google",
    help: "Google's Gemini API, with a key from AI Studio.",
    needsKey: true,
    needsUrl: false,
    usualUrl: "https://generativelanguage.googleapis.com/v1beta",
    modelExample: "gemini-2.5-flash",
  },
  xai: {
    label: "xAI",
    help: "xAI's own API, with a key of your account there.",
    needsKey: true,
    needsUrl: false,
    usualUrl: "https://api.x.ai/v1",
    modelExample: "grok-4",
  },
  ollama: {
    label: "Ollama",
    help: "A server of your own with open models. It needs no key.",
    needsKey: false,
    needsUrl: false,
    usualUrl: "http://localhost:11434/v1",
    asksForJson: true,
    modelExample: "llama3.2",
  },
  vllm: {
    label: "vLLM",
    help: "A server of your own with open models. A key only where it was started with one.",
    needsKey: false,
    needsUrl: false,
    usualUrl: "http://localhost:8000/v1",
    asksForJson: true,
    modelExample: "qwen3-32b-instruct",
  },
  workers_ai: {
    label: "Workers AI",
    help: "Models on Cloudflare's network, with the id of your account and an API token.",
    needsKey: true,
    needsUrl: false,
    needsAccount: true,
    modelExample: "@cf/meta/llama-3.3-70b-instruct-fp8-fast",
  },
  openai_compatible: {
    label: "OpenAI-compatible",
    help: "Any server that speaks the same protocol: vLLM, Ollama, LM Studio, OpenRouter, Groq.",
    needsKey: false,
    needsUrl: true,
    asksForJson: true,
    modelExample: "qwen3-32b-instruct",
  },
}
