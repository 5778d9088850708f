import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { OpenApiTool, type ToolDraft } from "../tool.ts"
import { toolFaults } from "../validate.ts"
import { ArgumentReader } from "./arguments.ts"
import { pointerPart, resolved, type OpenApiDocument } from "./document.ts"
import { SchemaReader, type Note } from "./schema.ts"
import { requirementsOf } from "./security.ts"

type OpenApiDraft = Extract<ToolDraft, { kind: "openapi" }>

/** What would become of one operation of a document. */
export type Operation = {
  /** `GET /orders/{id}`: no other operation of the document has it. */
  key: string
  method: string
  path: string
  summary: string
  /** Under which headings the document has it. */
  tags: string[]
  deprecated: boolean
  /** The tool, when there can be one. */
  draft: OpenApiDraft | undefined
  /** Why there can be none. */
  problems: Note[]
  /** What the tool does without. */
  notes: Note[]
  /** Alternatives of security schemes, as `requirementsOf` says. */
  security: string[][]
}

const methods = ["get", "head", "post", "put", "patch", "delete"] as const
const known = new Set(["options", "trace", "query"])
const mostSchema = 64 * 1024
export const mostOperations = 2_000

export type ReadingOptions = {
  source_url?: string | undefined
  server_url?: string | undefined
  prefix?: string | undefined
}

/** Every operation in the order of the document, each judged by itself: one that is broken keeps no other from being used. */
export function operationsOf(document: OpenApiDocument, options: ReadingOptions): Operation[] {
  const names = new Set<string>()
  const operations: Operation[] = []
  for (const [path, given] of Object.entries(document.root["paths"] as JsonObject)) {
    if (path.startsWith("x-")) continue
    const at = `#/paths/${pointerPart(path)}`
    const found = resolved(document, given, at)
    const item = found.ok && isJsonObject(found.value) ? found.value : {}
    for (const method of methods)
      if (item[method] !== undefined && operations.length < mostOperations)
        operations.push(new OperationReader(document, options, { item, at, path, method }).read(names))
    for (const method of Object.keys(item).filter((one) => known.has(one)))
      operations.push(
        unusable(method, path, `${at}/${method}`, `${method.toUpperCase()} is not sent by tools.`),
      )
    if (!found.ok) operations.push(unusable("get", path, at, found.message))
  }
  return operations
}

const unusable = (method: string, path: string, at: string, message: string): Operation => ({
  key: `${method.toUpperCase()} ${path}`,
  method: method.toUpperCase(),
  path,
  summary: "",
  tags: [],
  deprecated: false,
  draft: undefined,
  problems: [{ at, message }],
  notes: [],
  security: [],
})

type Place = { item: JsonObject; at: string; path: string; method: (typeof methods)[number] }

class OperationReader {
  readonly #document: OpenApiDocument
  readonly #options: ReadingOptions
  readonly #place: Place

  constructor(document: OpenApiDocument, options: ReadingOptions, place: Place) {
    this.#document = document
    this.#options = options
    this.#place = place
  }

  read(names: Set<string>): Operation {
    const { item, at, path, method } = this.#place
    const said = item[method]!
    const place = `${at}/${method}`
    if (!isJsonObject(said)) return unusable(method, path, place, "An operation is an object.")
    const schemas = new SchemaReader(this.#document)
    const reader = new ArgumentReader(this.#document, schemas)
    reader.parameters([
      { list: said["parameters"], at: `${place}/parameters` },
      { list: item["parameters"], at: `${at}/parameters` },
    ])
    if (method !== "get" && method !== "head") reader.body(said["requestBody"], `${place}/requestBody`)
    const server = serverOf(this.#document, [said, item], this.#options)
    const problems = [...reader.made.problems]
    if (server === undefined)
      problems.push({ at: "#/servers", message: "The document names no server. Say server_url." })
    const draft =
      server === undefined ? undefined : this.#draft(said, reader, schemas, server, names, problems)
    return {
      key: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      summary: textOf(said["summary"]).slice(0, 300) || textOf(said["description"]).slice(0, 300),
      tags: tagsOf(said["tags"]),
      deprecated: said["deprecated"] === true,
      draft: problems.length === 0 ? draft : undefined,
      problems: problems.slice(0, 20),
      notes: schemas.notes,
      security: requirementsOf(said, this.#document.root),
    }
  }

  #draft(
    said: JsonObject,
    { made }: ArgumentReader,
    schemas: SchemaReader,
    server_url: string,
    names: Set<string>,
    problems: Note[],
  ): OpenApiDraft | undefined {
    const { at, path, method } = this.#place
    const id = textOf(said["operationId"])
    const defs = schemas.definitions()
    const input_schema: JsonObject = {
      type: "object",
      properties: made.properties,
      ...(made.required.length > 0 ? { required: [...new Set(made.required)] } : {}),
      additionalProperties: false,
      ...(Object.keys(defs).length > 0 ? { $defs: defs } : {}),
    }
    if (JSON.stringify(input_schema).length > mostSchema)
      problems.push({ at: `${at}/${method}`, message: "Its arguments take more than 64 KiB to describe." })
    const description = [textOf(said["summary"]), textOf(said["description"])].filter((text) => text !== "")
    const read = OpenApiTool.safeParse({
      kind: "openapi",
      name: nameOf(id === "" ? `${method} ${path}` : id, this.#options.prefix ?? "", names),
      description: description.join("\n\n").slice(0, 2_000) || `${method.toUpperCase()} ${path}`,
      input_schema,
      risk: method === "get" || method === "head" ? "read" : method === "delete" ? "danger" : "write",
      needs_approval: method === "delete",
      execution_config: {
        ...(this.#options.source_url === undefined ? {} : { source_url: this.#options.source_url }),
        operation_id: (id || `${method} ${path}`).slice(0, 200),
        server_url,
        method: method.toUpperCase(),
        path,
        parameters: made.parameters,
        ...(made.body ? { body: made.body } : {}),
      },
    })
    if (read.success) {
      for (const fault of toolFaults(read.data).slice(0, 5))
        problems.push({ at: `${at}/${method}`, message: fault.message })
      return read.data
    }
    for (const { path: where, message } of read.error.issues.slice(0, 5))
      problems.push({ at: `${at}/${method}`, message: `${where.join(".")}: ${message}` })
    return undefined
  }
}

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value.trim() : "")

const tagsOf = (said: Json | undefined): string[] =>
  (Array.isArray(said) ? said : [])
    .filter((tag) => typeof tag === "string")
    .slice(0, 20)
    .map((tag) => tag.slice(0, 100))

/** `listOrders` and `GET /orders/{id}` in small letters with _, each once. */
function nameOf(said: string, prefix: string, names: Set<string>): string {
  const words = `${prefix}${said}`
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|(?<!_)_+$/g, "")
  const plain = (/^[a-z]/.test(words) ? words : `call_${words}`).slice(0, 63).replace(/(?<!_)_+$/, "")
  let name = plain
  for (let i = 2; names.has(name); i++) name = `${plain.slice(0, 58)}_${i}`
  names.add(name)
  return name
}

/** The first server of the operation, its path or the document, with the defaults of its variables. */
function serverOf(
  { root }: OpenApiDocument,
  places: JsonObject[],
  { server_url, source_url }: ReadingOptions,
): string | undefined {
  if (server_url !== undefined) return server_url
  for (const { servers } of [...places, root]) {
    const [first] = Array.isArray(servers) ? servers : []
    if (isJsonObject(first) && typeof first["url"] === "string") return absolute(filled(first), source_url)
  }
  // Without servers an API is at the root of where its document is.
  return absolute("/", source_url)
}

function filled(server: JsonObject): string {
  const variables = isJsonObject(server["variables"]) ? server["variables"] : {}
  return textOf(server["url"]).replace(/\{([^{}]*)\}/g, (whole, name: string) => {
    const one = Object.hasOwn(variables, name) ? variables[name] : undefined
    const value = isJsonObject(one) ? one["default"] : undefined
    return typeof value === "string" ? value : whole
  })
}

/** `core` has no URL of its own: schemes, hosts and paths are told apart by their signs. */
function absolute(url: string, source: string | undefined): string | undefined {
  if (/^https?:\/\//i.test(url)) return url
  const [, scheme, host, folder] = /^(https?:)(\/\/[^/?#]+)([^?#]*\/)?/i.exec(source ?? "") ?? []
  if (scheme === undefined || host === undefined) return undefined
  if (url.startsWith("//")) return `${scheme}${url}`
  return url.startsWith("/") ? `${scheme}${host}${url}` : `${scheme}${host}${folder ?? "/"}${url}`
}

/** The servers that a document offers, as they stand in it. */
export const serversOf = ({ root }: OpenApiDocument): string[] =>
  (Array.isArray(root["servers"]) ? root["servers"] : [])
    .filter(isJsonObject)
    .map(filled)
    .filter((url) => url !== "")
    .slice(0, 20)
