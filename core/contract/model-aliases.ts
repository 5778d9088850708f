import * as z from "zod"
import { AliasId, ProviderId } from "#core/ids"
import { endpoint, listQuery, PageInfo, Time } from "./endpoint.ts"

/** One place where an alias is answered. Targets with the same order share its calls by weight; later orders are asked when earlier ones fail. */
export const AliasTarget = z.strictObject({
  llm_provider_id: ProviderId,
  model: z.string().trim().min(1, { error: "Name a model" }).max(200),
  order: z.int().min(0).max(20).default(0),
  weight: z.int().min(1).max(1_000).default(1),
  temperature: z.number().min(0).max(2).optional(),
  max_tokens: z.int().min(1).max(1_000_000).optional(),
})
export type AliasTarget = z.infer<typeof AliasTarget>

export const AliasSettings = z.strictObject({
  /** Further tries at the same target for what may pass: a vendor's Retry-After is honoured up to `max_wait_ms`. */
  retries: z.int().min(0).max(5).default(1),
  max_wait_ms: z.int().min(0).max(60_000).default(10_000),
  first_token_ms: z.int().min(100).max(600_000).optional(),
  idle_ms: z.int().min(100).max(600_000).optional(),
  total_ms: z.int().min(100).max(3_600_000).optional(),
  /** An answer that breaks off goes on at the next target after what was said; otherwise it begins anew. */
  splice: z.boolean().default(false),
  /** Answers of equal questions at temperature 0 come from the tenant's cache for so long; 0: never. */
  cache_seconds: z.int().min(0).max(2_592_000).default(0),
})
export type AliasSettings = z.infer<typeof AliasSettings>

const draft = {
  /** Agents and nodes name it as their model. */
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, {
    error: "Use small letters, digits, dot, _ and - (63 at most)",
  }),
  description: z.string().max(500).default(""),
  targets: z.array(AliasTarget).min(1, { error: "Add a target" }).max(20),
  settings: AliasSettings.prefault({}),
}
export const AliasDraft = z.strictObject(draft).meta({ id: "ModelAliasDraft" })
export type AliasDraft = z.infer<typeof AliasDraft>

/** How a target does: `open` is left out for a while after failures, `trying` lets one call through. */
export const TargetHealth = z
  .object({
    llm_provider_id: ProviderId,
    model: z.string(),
    breaker: z.enum(["closed", "open", "trying"]),
    until: Time.nullable(),
    calls: z.int(),
    failures: z.int(),
    p50_ms: z.number().nullable(),
    p95_ms: z.number().nullable(),
    last_error: z.object({ code: z.string(), message: z.string(), at: Time }).nullable(),
  })
  .meta({ id: "TargetHealth" })
export type TargetHealth = z.infer<typeof TargetHealth>

export const ModelAlias = z
  .object({ id: AliasId, ...draft, version: z.int(), created_at: Time, updated_at: Time })
  .meta({ id: "ModelAlias" })
export type ModelAlias = z.infer<typeof ModelAlias>

const params = z.object({ alias_id: AliasId })
const tag = "Model aliases"
const reply = z.object({ model_alias: ModelAlias })

export const aliasesApi = {
  list: endpoint({
    method: "GET",
    path: "/model-aliases",
    needs: "provider.read",
    tag,
    summary: "List model aliases",
    query: listQuery(["created_at", "name"]),
    reply: z.object({ model_aliases: z.array(ModelAlias), total: z.int(), page_info: PageInfo }),
  }),
  create: endpoint({
    method: "POST",
    path: "/model-aliases",
    needs: "provider.edit",
    tag,
    summary: "Create a model alias",
    status: 201,
    body: AliasDraft,
    reply,
  }),
  get: endpoint({
    method: "GET",
    path: "/model-aliases/:alias_id",
    needs: "provider.read",
    tag,
    summary: "One model alias",
    params,
    reply,
  }),
  update: endpoint({
    method: "PUT",
    path: "/model-aliases/:alias_id",
    needs: "provider.edit",
    tag,
    summary: "Change a model alias",
    params,
    body: AliasDraft,
    reply,
    headers: { "If-Match": "The ETag you read; 412 when it has changed since" },
  }),
  remove: endpoint({
    method: "DELETE",
    path: "/model-aliases/:alias_id",
    needs: "provider.edit",
    tag,
    summary: "Delete a model alias",
    status: 204,
    params,
  }),
  health: endpoint({
    method: "GET",
    path: "/model-health",
    needs: "provider.read",
    tag,
    summary: "How models did in the last day, and which are left out for now",
    reply: z.object({ targets: z.array(TargetHealth) }),
  }),
  prices: endpoint({
    method: "GET",
    path: "/model-prices",
    needs: "provider.read",
    tag,
    summary: "What models cost, in micro-USD for a million tokens",
    reply: z.object({
      version: z.string(),
      prices: z.array(
        z.object({
          provider_type: z.string(),
          llm_provider_id: ProviderId.nullable().meta({
            description: "The provider whose own price this is; null for one of the table",
          }),
          model: z.string(),
          input: z.int(),
          output: z.int(),
          cache_read: z.int().nullable(),
          cache_write: z.int().nullable(),
          reasoning: z.int().nullable(),
        }),
      ),
    }),
  }),
} as const
