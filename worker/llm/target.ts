import type { AvailableProviderType } from "#core/llm/provider-types"

type BuiltinAccess = {
  /** A pause between groups of words, so that a demonstration can be watched; none by default. */
  pace_ms?: number | undefined
}

type KeyedAccess = {
  /** Where the API lives, such as `https://api.example.com/v1`; the vendor's own by default. */
  base_url?: string | undefined
  api_key?: string | undefined
}

export type OpenAiAccess = KeyedAccess & {
  /** How a schema is asked for: by OpenAI's `json_schema`, for older servers by `json_object` and words, or by words alone. */
  structured_output?: "json_schema" | "json_object" | "words" | undefined
}

type Access = {
  builtin: BuiltinAccess
  openai: OpenAiAccess
  openai_compatible: OpenAiAccess
  anthropic: KeyedAccess
  google: KeyedAccess
  xai: KeyedAccess
  ollama: OpenAiAccess
  vllm: OpenAiAccess
  workers_ai: OpenAiAccess & { account_id?: string | undefined }
}
type Named<T extends AvailableProviderType> = T extends "builtin" ? unknown : { model: string }

/** An account at a vendor: what is needed to list its models. */
export type ProviderTarget<T extends AvailableProviderType = AvailableProviderType> = {
  [K in T]: { provider_type: K } & Access[K]
}[T]

/** A model at an account: what is needed to call it. */
export type ModelTarget<T extends AvailableProviderType = AvailableProviderType> = {
  [K in T]: { provider_type: K } & Access[K] & Named<K>
}[T]
