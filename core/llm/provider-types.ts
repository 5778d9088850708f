/**
 * Every vendor that a provider can be an account at. `available` ones have a translation in `worker/llm/providers`;
 * `keyed` ones cannot be called without an API key.
 */
export const providerTypes = {
  builtin: { title: "Builtin (offline, no LLM)", available: true, keyed: false },
  openai: { title: "OpenAI", available: true, keyed: true, base_url: "https://api.openai.com/v1" },
  openai_compatible: { title: "OpenAI-compatible endpoint", available: true, keyed: false },
  anthropic: { title: "Anthropic", available: false, keyed: true },
  google: { title: "Google", available: false, keyed: true },
  xai: { title: "xAI", available: false, keyed: true },
  ollama: { title: "Ollama", available: false, keyed: false },
  vllm: { title: "vLLM", available: false, keyed: false },
  workers_ai: { title: "Workers AI", available: false, keyed: false },
} as const satisfies Record<string, ProviderKind>

type ProviderKind = { title: string; available: boolean; keyed: boolean; base_url?: string }

export type ProviderTypeName = keyof typeof providerTypes

/** The types that can be called today. */
export type AvailableProviderType = {
  [T in ProviderTypeName]: (typeof providerTypes)[T]["available"] extends true ? T : never
}[ProviderTypeName]

export const isAvailable = (type: string): type is AvailableProviderType =>
  Object.hasOwn(providerTypes, type) && providerTypes[type as ProviderTypeName].available
