import type { AvailableProviderType } from "#core/llm/provider-types"

type BuiltinAccess = {
  /** A pause between groups of words, so that a demonstration can be watched; none by default. */
  pace_ms?: number | undefined
}

export type OpenAiAccess = {
  /** Where the API lives, such as `https://api.example.com/v1`; OpenAI's own by default for `openai`. */
  base_url?: string | undefined
  api_key?: string | undefined
  /** How a schema is asked for: by OpenAI's `json_schema`, or for older servers by `json_object` and words. */
  structured_output?: "json_schema" | "json_object" | undefined
}

type Access = { builtin: BuiltinAccess; openai: OpenAiAccess; openai_compatible: OpenAiAccess }
type Named = { builtin: unknown; openai: { model: string }; openai_compatible: { model: string } }

/** An account at a vendor: what is needed to list its models. */
export type ProviderTarget<T extends AvailableProviderType = AvailableProviderType> = {
  [K in T]: { provider_type: K } & Access[K]
}[T]

/** A model at an account: what is needed to call it. */
export type ModelTarget<T extends AvailableProviderType = AvailableProviderType> = {
  [K in T]: { provider_type: K } & Access[K] & Named[K]
}[T]
