/**
 * Every vendor that a provider can be an account at. `available` ones have a translation in `worker/llm/providers`;
 * `keyed` ones cannot be called without an API key.
 */
export const providerTypes = {
  builtin: { title: "Builtin (offline, no LLM)", available: true, keyed: false },
  openai: { title: "OpenAI", available: true, keyed: true, base_url: "https://api.openai.com/v1" },
  openai_compatible: { title: "OpenAI-compatible endpoint", available: true, keyed: false },
  anthropic: { title: "Anthropic", available: true, keyed: true, base_url: "https://api.anthropic.com/v1" },
  google: {
    title: "Google",
    available: true,
    keyed: true,
    base_url: "https://generativelanguage.googleapis.com/v1beta",
  },
  xai: { title: "xAI", available: true, keyed: true, base_url: "https://api.x.ai/v1" },
  ollama: { title: "Ollama", available: true, keyed: false, base_url: "http://localhost:11434/v1" },
  vllm: { title: "vLLM", available: true, keyed: false, base_url: "http://localhost:8000/v1" },
  workers_ai: {
    title: "Workers AI",
    available: true,
    keyed: true,
    base_url: "https://api.cloudflare.com/client/v4",
  },
} as const satisfies Record<string, ProviderKind>

type ProviderKind = { title: string; available: boolean; keyed: boolean; base_url?: string }

export type ProviderTypeName = keyof typeof providerTypes

/** The types that can be called today. */
export type AvailableProviderType = {
  [T in ProviderTypeName]: (typeof providerTypes)[T]["available"] extends true ? T : never
}[ProviderTypeName]

export const isAvailable = (type: string): type is AvailableProviderType =>
  Object.hasOwn(providerTypes, type) && providerTypes[type as ProviderTypeName].available
