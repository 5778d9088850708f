/** As much of the API's document as requests are made of. */
interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  default?: unknown
  required?: string[]
  properties?: Record<string, Schema>
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  minimum?: number
}

interface Operation {
  security: object[]
  parameters: { name: string; in: string; schema: Schema }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses: Record<string, { content?: Record<string, unknown> }>
}

export interface Document {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

/** A request as an attacker who has read the document would begin with. */
export interface Sample {
  method: string
  /** With its query. */
  path: string
  body: string | undefined
}

/** What ends the attacker's own session, or takes away what others are tried on. */
const ending = new Set(["post /api/v1/auth/logout", "post /api/v1/auth/switch", "post /api/v1/auth/password"])

/** Something that a schema takes, as far as its shape tells. */
function valueOf(schema: Schema, schemas: Record<string, Schema>, depth = 0): unknown {
  if (depth > 8) return null
  if (schema.$ref) return valueOf(schemas[schema.$ref.split("/").at(-1)!] ?? {}, schemas, depth + 1)
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const first = schema.anyOf?.[0] ?? schema.oneOf?.[0] ?? schema.allOf?.[0]
  if (first) return valueOf(first, schemas, depth + 1)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === "object" || schema.properties)
    return Object.fromEntries(
      Object.entries(schema.properties ?? {})
        .filter(([name, one]) => schema.required?.includes(name) ?? one.type === "string")
        .map(([name, one]) => [name, valueOf(one, schemas, depth + 1)]),
    )
  if (type === "array") return []
  if (type === "integer" || type === "number") return Math.max(1, schema.minimum ?? 1)
  if (type === "boolean") return false
  return schema.default ?? "a"
}

const isStream = ({ responses }: Operation): boolean =>
  "101" in responses ||
  Object.values(responses).some(({ content }) => content && "text/event-stream" in content)

/**
 * One request of each operation, with everything that it takes: real ids where they are known, the mark where an injection is
 * tried in a path. What answers without end is left out, and so is what would end the session or delete.
 */
export function samplesOf(document: Document, ids: Readonly<Record<string, string>>, mark = ""): Sample[] {
  const { schemas } = document.components
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([method, one]) => method !== "delete" && !isStream(one) && !ending.has(`${method} ${path}`))
      .map(([method, { parameters, requestBody }]) => {
        const named = path.replace(/\{(\w+)\}/g, (_, name: string) => `${ids[name] ?? "x"}${mark}`)
        const query = parameters
          .filter((one) => one.in === "query")
          .map((one) => `${one.name}=${encodeURIComponent(String(valueOf(one.schema, schemas)))}`)
        const schema = requestBody?.content["application/json"]?.schema
        return {
          method: method.toUpperCase(),
          path: query.length > 0 ? `${named}?${query.join("&")}` : named,
          body: schema && JSON.stringify(valueOf(schema, schemas)),
        }
      }),
  )
}
