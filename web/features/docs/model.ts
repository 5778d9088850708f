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

const Response = z.looseObject({ description: z.string().default(""), content })

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
  paths: z.record(z.string(), z.looseObject(Object.fromEntries(methods.map((method) => [method, RawOperation.optional()])))),
  components: z.looseObject({ schemas: z.record(z.string(), schema).default({}) }).optional(),
})

export type Answer = { status: string; description: string; schema?: Schema | undefined }

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
  /** Whether it can be called without signing in. */
  isOpen: boolean
}

export type Reference = {
  title: string
  version: string
  description?: string | undefined
  groups: { tag: string; operations: Operation[] }[]
  schemas: Record<string, Schema>
}

const schemaOf = (media: z.infer<typeof content>): Schema | undefined =>
  media?.["application/json"]?.schema ?? Object.values(media ?? {})[0]?.schema

/** Reads an OpenAPI document into what the pages show: operations, grouped by noun, in the document's order. */
export function readReference(raw: unknown): Reference {
  const document = Document.parse(raw)
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const found = item[method] as z.infer<typeof RawOperation> | undefined
      return found ? [operationOf(method, path, found)] : []
    }),
  )
  const groups = [...Map.groupBy(operations, (operation) => operation.tag)].map(([tag, members]) => ({ tag, operations: members }))
  const { title, version, description } = document.info
  return { title, version, description, groups, schemas: document.components?.schemas ?? {} }
}

function operationOf(method: Method, path: string, raw: z.infer<typeof RawOperation>): Operation {
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
    answers: Object.entries(raw.responses).map(([status, response]) => ({
      status,
      description: response.description,
      schema: schemaOf(response.content),
    })),
    isOpen: raw.security?.length === 0,
  }
}

/** The schema that a reference names; itself if it is none. */
export function resolve(one: Schema, schemas: Record<string, Schema>): Schema {
  const name = one.$ref?.split("/").at(-1)
  return name === undefined ? one : (schemas[name] ?? {})
}

/** "string", "flow[]", "integer or null". */
export function sayType(one: Schema, schemas: Record<string, Schema>): string {
  if (one.$ref) return one.$ref.split("/").at(-1) ?? "object"
  if (one.const !== undefined) return JSON.stringify(one.const)
  if (one.enum) return one.enum.map((value) => JSON.stringify(value)).join(" | ")
  const union = one.anyOf ?? one.oneOf
  if (union) return [...new Set(union.map((member) => sayType(member, schemas)))].join(" or ")
  if (one.allOf?.[0]) return sayType(one.allOf[0], schemas)
  if (Array.isArray(one.type)) return one.type.join(" or ")
  if (one.type === "array") return one.items ? `${sayType(one.items, schemas)}[]` : "array"
  if (one.type) return one.format ? `${one.type} (${one.format})` : one.type
  return one.properties ? "object" : "any"
}
