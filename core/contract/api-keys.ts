import * as z from "zod"
import { allCapabilities } from "#core/access/capabilities"
import { AgentId, ApiKeyId, CrewId, FlowId } from "#core/ids"
import { endpoint, listQuery, PageInfo, Time } from "./endpoint.ts"

export const Scope = z.enum(allCapabilities)

/** Such as https://shop.example: as browsers write it, without a path. */
export const Origin = z
  .string()
  .max(300)
  .regex(/^https?:\/\/(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(?::\d{1,5})?$/, {
    error: "Name an origin, such as https://shop.example",
  })

/** What a key that stands in a site's source is held to: chats of visitors with one partner, from pages of these origins. */
export const KeyRestrictions = z
  .strictObject({
    agent_id: AgentId.optional(),
    crew_id: CrewId.optional(),
    flow_id: FlowId.optional(),
    origins: z.array(Origin).min(1, { error: "Name the sites that may use it" }).max(50),
  })
  .refine(({ agent_id, crew_id, flow_id }) => [agent_id, crew_id, flow_id].filter(Boolean).length === 1, {
    error: "Choose one agent, crew or flow",
  })
  .meta({ id: "KeyRestrictions" })
export type KeyRestrictions = z.infer<typeof KeyRestrictions>

export const ApiKey = z
  .object({
    id: ApiKeyId,
    name: z.string(),
    /** The last four characters of the secret. */
    hint: z.string(),
    scopes: z.array(Scope),
    /** Null: it opens whatever its scopes say. */
    restrictions: KeyRestrictions.nullable(),
    created_by: z.string(),
    created_at: Time,
    expires_at: Time.nullable(),
    used_at: Time.nullable(),
  })
  .meta({ id: "ApiKey" })
export type ApiKey = z.infer<typeof ApiKey>

const tag = "API keys"

export const apiKeysApi = {
  list: endpoint({
    method: "GET",
    path: "/api-keys",
    needs: "key.read",
    tag,
    summary: "List API keys",
    query: listQuery(["created_at", "name", "used_at"]),
    reply: z.object({ api_keys: z.array(ApiKey), total: z.int(), page_info: PageInfo }),
  }),
  create: endpoint({
    method: "POST",
    path: "/api-keys",
    needs: "key.edit",
    proof: true,
    tag,
    status: 201,
    summary: "Create an API key; the secret is shown this once",
    body: z.strictObject({
      name: z.string().trim().min(1, { error: "Enter a name" }).max(120),
      scopes: z.array(Scope).min(1, { error: "Choose at least one scope" }).max(allCapabilities.length),
      expires_at: z.iso.datetime({ offset: true }).optional(),
      /** For the widget of a site; the only scope is then `chat.write`. */
      restrictions: KeyRestrictions.optional(),
    }),
    reply: z.object({ api_key: ApiKey, secret: z.string() }),
  }),
  remove: endpoint({
    method: "DELETE",
    path: "/api-keys/:key_id",
    needs: "key.edit",
    tag,
    status: 204,
    summary: "Revoke an API key; it stops working within 5 s",
    params: z.object({ key_id: ApiKeyId }),
  }),
} as const
