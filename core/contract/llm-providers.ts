import * as z from "zod"
import { ProviderId } from "#core/ids"
import { Price } from "#core/llm/price"
import { webAddress } from "#core/web-address"
import { endpoint, listQuery, PageInfo, Time } from "./endpoint.ts"

export const ProviderType = z.enum([
  "builtin",
  "openai",
  "anthropic",
  "google",
  "xai",
  "ollama",
  "vllm",
  "workers_ai",
  "openai_compatible",
])
export type ProviderType = z.infer<typeof ProviderType>

export const ProviderConfig = z
  .strictObject({
    /** Where the vendor's API lives, such as `https://api.example.com/v1`. */
    base_url: webAddress(500, "Enter a URL such as https://api.example.com/v1").optional(),
    /** workers_ai only: the Cloudflare account whose models are called. */
    account_id: z
      .string()
      .regex(/^[\w-]{1,64}$/, { error: "Enter the account's id: 32 letters and digits" })
      .optional(),
    /** How servers that speak OpenAI's API are asked for JSON; `words` for those that know no response format. */
    structured_output: z.enum(["json_schema", "json_object", "words"]).optional(),
    /** The model used when a node names none. */
    default_model: z.string().trim().min(1).max(200).optional(),
    prices: z
      .record(z.string().trim().min(1, { error: "Name the model" }).max(200), Price)
      .refine((prices) => Object.keys(prices).length <= 100, { error: "Name at most 100 models" })
      .optional()
      .meta({
        description:
          "Micro-USD for a million tokens, by model: for models that the price table does not know, or prices of your own",
      }),
    /** builtin only: milliseconds between groups of words, so that a person can watch an answer come; absent is at once. */
    pace_ms: z.int().min(0, { error: "Use 0 or more" }).max(1_000, { error: "Use at most 1,000" }).optional(),
  })
  .meta({ id: "ProviderConfig" })

const Credentials = z.strictObject({ api_key: z.string().trim().min(1).max(2000).optional() })

const draft = {
  name: z.string().trim().min(1, { error: "Enter a name" }).max(120),
  provider_type: ProviderType,
  api_credentials: Credentials.optional(),
  config: ProviderConfig.default({}),
  is_active: z.boolean().default(true),
  is_default: z.boolean().optional(),
}

export const Provider = z
  .object({
    id: ProviderId,
    name: z.string(),
    provider_type: ProviderType,
    api_credentials: z.object({ set: z.boolean(), hint: z.string().optional() }),
    config: ProviderConfig,
    is_active: z.boolean(),
    /** The provider of every node that names none. One a tenant. */
    is_default: z.boolean(),
    version: z.int(),
    created_at: Time,
    updated_at: Time,
  })
  .meta({ id: "Provider" })
export type Provider = z.infer<typeof Provider>

const params = z.object({ provider_id: ProviderId })
const tag = "LLM providers"

export const providersApi = {
  list: endpoint({
    method: "GET",
    path: "/llm-providers",
    needs: "provider.read",
    tag,
    summary: "List providers",
    query: listQuery(["created_at", "name", "provider_type"]),
    reply: z.object({ llm_providers: z.array(Provider), total: z.int(), page_info: PageInfo }),
  }),
  create: endpoint({
    method: "POST",
    path: "/llm-providers",
    needs: "provider.edit",
    proof: true,
    tag,
    summary: "Add a provider",
    status: 201,
    body: z.strictObject(draft),
    reply: z.object({ llm_provider: Provider }),
  }),
  get: endpoint({
    method: "GET",
    path: "/llm-providers/:provider_id",
    needs: "provider.read",
    tag,
    summary: "One provider",
    params,
    reply: z.object({ llm_provider: Provider }),
  }),
  update: endpoint({
    method: "PUT",
    path: "/llm-providers/:provider_id",
    needs: "provider.edit",
    proof: true,
    tag,
    summary: "Change a provider; absent credentials stay as they are",
    params,
    body: z.strictObject({ ...draft, provider_type: ProviderType.optional() }),
    reply: z.object({ llm_provider: Provider }),
    headers: { "If-Match": "The ETag you read; 412 when it has changed since" },
  }),
  remove: endpoint({
    method: "DELETE",
    path: "/llm-providers/:provider_id",
    needs: "provider.edit",
    tag,
    summary: "Delete a provider",
    status: 204,
    params,
  }),
  restore: endpoint({
    method: "POST",
    path: "/llm-providers/:provider_id/restore",
    needs: "provider.edit",
    tag,
    summary: "Bring back a deleted provider",
    params,
    reply: z.object({ llm_provider: Provider }),
  }),
  test: endpoint({
    method: "POST",
    path: "/llm-providers/:provider_id/test",
    needs: "provider.edit",
    tag,
    summary: "Check a provider and list its models",
    params,
    reply: z.object({
      ok: z.boolean(),
      latency_ms: z.number(),
      models: z.array(z.string()),
      error: z.object({ code: z.string(), message: z.string() }).optional(),
    }),
  }),
} as const
