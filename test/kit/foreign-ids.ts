import * as z from "zod"
import { isJsonObject } from "#core/json"
import type { Endpoint } from "#core/contract/endpoint"
import type { World } from "./world.ts"

/** Fields that name a thing of a tenant under another name than the address does. */
const alias: Record<string, keyof World> = {
  llm_provider_id: "provider_id",
  to_agent_id: "agent_id",
  attached_flow_id: "flow_id",
  parent_id: "message_id",
  with: "execution_id",
}
/** Names of what lies inside one thing, such as a step; they are no ids of a tenant's. */
const inside = new Set(["node_id", "parent_node_id", "client", "span_id"])

const worldName = (field: string): keyof World | undefined => {
  if (inside.has(field)) return undefined
  const single = field.replace(/_ids$/, "_id")
  return alias[single] ?? (single.endsWith("_id") ? (single as keyof World) : undefined)
}

/** A place of a body or a query that names something, and what it names. */
type Naming = { path: string[]; names: keyof World; list: boolean }

type JsonSchema = {
  properties?: Record<string, JsonSchema>
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
  items?: JsonSchema
  type?: string
}

function namingsIn(schema: JsonSchema, path: string[], depth = 0): Naming[] {
  if (depth > 6) return []
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]
  return [
    ...branches.flatMap((one) => namingsIn(one, path, depth + 1)),
    ...Object.entries(schema.properties ?? {}).flatMap(([field, inner]) => {
      const names = worldName(field)
      const own: Naming[] = names
        ? [{ path: [...path, field], names, list: inner.type === "array" || field.endsWith("_ids") }]
        : []
      return [...own, ...namingsIn(inner, [...path, field], depth + 1)]
    }),
  ]
}

const placesOf = (schema: z.ZodType | undefined): Naming[] => {
  if (!schema) return []
  const found = namingsIn(
    z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "inline" }) as JsonSchema,
    [],
  )
  return [...new Map(found.map((one) => [one.path.join("."), one])).values()]
}

/** Where a route's body may name something of a tenant. */
export const namedInBody = (endpoint: Endpoint): Naming[] => placesOf(endpoint.body)
/** Where its query may. */
export const namedInQuery = (endpoint: Endpoint): Naming[] => placesOf(endpoint.query)

/** A body with something else named in one of its places. */
export function withNamed(body: unknown, { path, list }: Naming, id: string): unknown {
  const [first, ...rest] = path
  if (first === undefined) return list ? [id] : id
  const fields: Record<string, unknown> = isJsonObject(body) ? body : {}
  return { ...fields, [first]: withNamed(fields[first], { path: rest, list, names: "flow_id" }, id) }
}
