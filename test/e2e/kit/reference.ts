import * as z from "zod"
import { Validator, type Schema } from "@cfworker/json-schema"

const Content = z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) }))

const Response = z.union([
  z.object({ $ref: z.string() }),
  z.object({ description: z.string().min(1), content: Content.optional() }),
])

export const Operation = z.object({
  operationId: z.string().min(1),
  summary: z.string().min(1),
  tags: z.array(z.string()).min(1),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(
    z.object({
      name: z.string(),
      in: z.enum(["path", "query", "header", "cookie"]),
      required: z.boolean().optional(),
      schema: z.record(z.string(), z.unknown()),
    }),
  ),
  requestBody: z.object({ required: z.boolean(), content: Content }).optional(),
  responses: z.record(z.string().regex(/^[1-5]\d\d$|^default$/), Response),
})
export type Operation = z.infer<typeof Operation>

const methods = ["get", "post", "put", "patch", "delete"] as const

/** OpenAPI 3.1 as far as our document goes; a part that the standard does not know is refused. */
export const Document = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d$/),
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  servers: z.array(z.object({ url: z.string() })),
  tags: z.array(z.object({ name: z.string() })),
  paths: z.record(z.string().startsWith("/"), z.partialRecord(z.enum(methods), Operation)),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[\w.-]+$/), z.record(z.string(), z.unknown())),
    responses: z.record(z.string(), Response),
    securitySchemes: z.record(
      z.string(),
      z.union([
        z.object({ type: z.literal("http"), scheme: z.string() }),
        z.object({ type: z.literal("apiKey"), in: z.enum(["query", "header", "cookie"]), name: z.string() }),
      ]),
    ),
  }),
  "x-capabilities": z.record(z.string(), z.string()),
  "x-failures": z.record(z.string(), z.object({ status: z.int(), say: z.string() })),
})
export type Document = z.infer<typeof Document>

export interface Route {
  method: string
  path: string
  operation: Operation
}

/** The API as it describes itself. */
export class Reference {
  readonly document: Document
  readonly routes: readonly Route[]
  readonly #validators = new Map<string, Validator>()

  constructor(document: unknown) {
    this.document = Document.parse(document)
    this.routes = Object.entries(this.document.paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, operation]) =>
        operation === undefined ? [] : [{ method: method.toUpperCase(), path, operation }],
      ),
    )
  }

  static async of(address: string): Promise<Reference> {
    const response = await fetch(`${address}/api/v1/openapi.json`)
    return new Reference(await response.json())
  }

  /** The route that a request meets; a literal segment goes before a parameter. */
  routeOf(method: string, pathname: string): Route | undefined {
    const segments = pathname.split("/")
    const fits = (path: string): boolean => {
      const own = path.split("/")
      return (
        own.length === segments.length && own.every((part, i) => part.startsWith("{") || part === segments[i])
      )
    }
    const found = this.routes.filter((route) => route.method === method && fits(route.path))
    return found.sort((a, b) => a.path.split("{").length - b.path.split("{").length)[0]
  }

  /** A schema of the document as a validator. */
  validator(name: string, schema: Schema): Validator {
    const known = this.#validators.get(name)
    if (known) return known
    const made = new Validator({ ...schema, components: this.document.components }, "2020-12", false)
    this.#validators.set(name, made)
    return made
  }

  /** Why a successful answer is not what the document promises; undefined when it is. */
  fault(
    method: string,
    pathname: string,
    answer: { status: number; body: unknown; text: string },
  ): string | undefined {
    const route = this.routeOf(method, pathname)
    if (!route) return `${method} ${pathname} is not in the document`
    const response = route.operation.responses[String(answer.status)]
    if (!response || "$ref" in response) return `${route.path} does not promise ${answer.status}`
    const schema = response.content?.["application/json"]?.schema
    if (schema === undefined)
      return answer.text === "" || response.content ? undefined : `${route.path} promises no body`
    const { valid, errors } = this.validator(
      `${route.operation.operationId} ${answer.status}`,
      schema,
    ).validate(answer.body)
    return valid ? undefined : `${route.path}: ${JSON.stringify(errors.slice(-3))}`
  }
}
