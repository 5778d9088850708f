import * as z from "zod"

/** As much of JSON Schema as the reference shows. */
export type Schema = {
  $ref?: string
  type?: string | string[]
  format?: string
  title?: string
  description?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  example?: unknown
  examples?: unknown[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  additionalProperties?: boolean | Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  pattern?: string
}

const schema = z.custom<Schema>((value) => typeof value === "object" && value !== null)
const content = z.record(z.string(), z.looseObject({ schema: schema.optional() })).optional()

const Parameter = z.looseObject({
  name: z.string(),
  in: z.enum(["path", "query", "header", "cookie"]),
  required: z.boolean().optional(),
  description: z.string().optional(),
  schema: schema.optional(),
})
export type Parameter = z.infer<typeof Parameter>

const Response = z.looseObject({ $ref: z.string().optional(), description: z.string().default(""), content })
type Response = z.infer<typeof Response>

const RawOperation = z.looseObject({
  operationId: z.string().optional(),
  tags: z.array(z.string()).optional(),
  summary: z.string().optional(),
  description: z.string().optional(),
  parameters: z.array(Parameter).default([]),
  requestBody: z.looseObject({ required: z.boolean().optional(), content }).optional(),
  responses: z.record(z.string(), Response).default({}),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
})

const methods = ["get", "post", "put", "patch", "delete"] as const
export type Method = (typeof methods)[number]

const Document = z.looseObject({
  openapi: z.string(),
  info: z.looseObject({ title: z.string(), version: z.string(), description: z.string().optional() }),
  paths: z.record(
    z.string(),
    z.looseObject({
      get: RawOperation.optional(),
      post: RawOperation.optional(),
      put: RawOperation.optional(),
      patch: RawOperation.optional(),
      delete: RawOperation.optional(),
    }),
  ),
  components: z
    .looseObject({
      schemas: z.record(z.string(), schema).default({}),
      responses: z.record(z.string(), Response).default({}),
    })
    .default({ schemas: {}, responses: {} }),
  "x-failures": z.record(z.string(), z.object({ status: z.int(), say: z.string() })).default({}),
})

export type Answer = { status: string; description: string; schema?: Schema | undefined }
export type FailureRow = { code: string; status: number; say: string }

export type Operation = {
  id: string
  method: Method
  path: string
  tag: string
  summary: string
  description?: string | undefined
  parameters: Parameter[]
  body?: { required: boolean; schema: Schema } | undefined
  answers: Answer[]
  /** The statuses of refusals, all of the shape of a problem. */
  refusals: string[]
  /** Whether it can be called without signing in. */
  isOpen: boolean
  /** The scopes that a key needs for it. */
  scopes: string[]
}

export type Reference = {
  title: string
  version: string
  description?: string | undefined
  groups: { tag: string; operations: Operation[] }[]
  schemas: Record<string, Schema>
  failures: FailureRow[]
}

const schemaOf = (media: z.infer<typeof content>): Schema | undefined =>
  media?.["application/json"]?.schema ?? Object.values(media ?? {})[0]?.schema

/** Reads an OpenAPI document into what the pages show: operations, grouped by noun, in the document's order. */
export function readReference(raw: unknown): Reference {
  const document = Document.parse(raw)
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const found = item[method]
      return found ? [operationOf(method, path, found, document.components.responses)] : []
    }),
  )
  const groups = [...Map.groupBy(operations, (operation) => operation.tag)].map(([tag, members]) => ({
    tag,
    operations: members,
  }))
  const { title, version, description } = document.info
  const failures = Object.entries(document["x-failures"]).map(([code, { status, say }]) => ({
    code,
    status,
    say,
  }))
  return { title, version, description, groups, schemas: document.components.schemas, failures }
}

const last = (reference: string): string => reference.split("/").at(-1) ?? ""
const isRefusal = (status: string): boolean => status === "default" || Number(status) >= 400

function operationOf(
  method: Method,
  path: string,
  raw: z.infer<typeof RawOperation>,
  shared: Record<string, Response>,
): Operation {
  const responses = Object.entries(raw.responses)
  const body = schemaOf(raw.requestBody?.content)
  return {
    id: raw.operationId ?? `${method}${path.replace(/\W+/g, "-")}`,
    method,
    path,
    tag: raw.tags?.[0] ?? "Other",
    summary: raw.summary ?? path,
    description: raw.description,
    parameters: raw.parameters,
    body: body && { required: raw.requestBody?.required ?? false, schema: body },
    answers: responses
      .filter(([status]) => !isRefusal(status))
      .map(([status, given]) => {
        const response = given.$ref ? (shared[last(given.$ref)] ?? given) : given
        return { status, description: response.description, schema: schemaOf(response.content) }
      }),
    refusals: responses
      .map(([status]) => status)
      .filter((status) => isRefusal(status) && status !== "default"),
    isOpen: raw.security?.length === 0,
    scopes: [...new Set(raw.security?.flatMap((one) => Object.values(one).flat()))],
  }
}

/** The schema that a reference names; itself if it is none. */
export function resolve(one: Schema, schemas: Record<string, Schema>): Schema {
  const { $ref, ...beside } = one
  return $ref === undefined ? one : { ...schemas[last($ref)], ...beside }
}

/** "string", "flow[]", "integer or null". */
export function sayType(one: Schema): string {
  if (one.$ref) return last(one.$ref)
  if (one.const !== undefined) return JSON.stringify(one.const)
  if (one.enum) return one.enum.map((value) => JSON.stringify(value)).join(" | ")
  const union = one.anyOf ?? one.oneOf
  if (union) return [...new Set(union.map((member) => sayType(member)))].join(" or ")
  if (one.allOf?.[0]) return sayType(one.allOf[0])
  if (Array.isArray(one.type)) return one.type.join(" or ")
  if (one.type === "array") return one.items ? `${sayType(one.items)}[]` : "array"
  if (one.type) return one.format ? `${one.type} (${one.format})` : one.type
  return one.properties ? "object" : "any"
}
