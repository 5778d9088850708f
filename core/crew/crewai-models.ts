import type { ProviderTypeName } from "#core/llm/provider-types"

/** CrewAI's words for vendors (LiteLLM's), the one that is written first. */
const vendors: Partial<Record<ProviderTypeName, readonly string[]>> = {
  builtin: ["builtin"],
  openai: ["openai"],
  anthropic: ["anthropic"],
  google: ["gemini", "google", "vertex_ai"],
  xai: ["xai"],
  ollama: ["ollama", "ollama_chat"],
  vllm: ["hosted_vllm", "vllm"],
}

/** `anthropic/claude-…`, or a model that tells its vendor by its name; CrewAI takes all others for OpenAI's. */
export function readModel(name: string): { provider_type: string | undefined; model: string } {
  const cut = name.indexOf("/")
  const vendor = cut === -1 ? guessed(name) : name.slice(0, cut).toLowerCase()
  const [known] = Object.entries(vendors).find(([, words]) => words.includes(vendor)) ?? []
  return { provider_type: known, model: name.slice(cut + 1) }
}

const guessed = (model: string): string =>
  /^claude/i.test(model)
    ? "anthropic"
    : /^gemini/i.test(model)
      ? "gemini"
      : /^grok/i.test(model)
        ? "xai"
        : "openai"

/** A model as CrewAI names it. */
export function writeModel(model: string, provider_type: string | undefined): string {
  const [, words] = Object.entries(vendors).find(([type]) => type === provider_type) ?? []
  return words?.[0] === undefined ? model : `${words[0]}/${model}`
}
