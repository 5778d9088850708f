import { checkSchema } from "#core/json-schema"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { resolved, type OpenApiDocument } from "./document.ts"

/** Something that was left out or cannot be, and where it stands in the document. */
export type Note = { at: string; message: string }

const kept = new Set([
  "type",
  "title",
  "description",
  "enum",
  "const",
  "default",
  "format",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "pattern",
  "minItems",
  "maxItems",
  "uniqueItems",
  "minProperties",
  "maxProperties",
  "required",
])
const inner = ["items", "contains", "additionalProperties", "propertyNames", "not", "if", "then", "else"]
const lists = ["allOf", "anyOf", "oneOf", "prefixItems"]
const mostDepth = 20
const mostText = 1_000
const mostDefinitions = 200

/**
 * Turns the schemas of one operation into JSON Schema 2020-12 that stands alone: what is referred to becomes `$defs`, circles and
 * all, and what only documents, or only an answer holds, is left out.
 */
export class SchemaReader {
  readonly notes: Note[] = []
  readonly #document: OpenApiDocument
  readonly #names = new Map<string, string>()
  readonly #defs: JsonObject = {}
  readonly #waiting: { name: string; value: Json; ref: string }[] = []

  constructor(document: OpenApiDocument) {
    this.#document = document
  }

  /** The schema of what is sent; undefined when a reference in it leads nowhere. */
  read(schema: Json | undefined, at: string): Json {
    return this.#convert(schema ?? true, at, 0)
  }

  /** The definitions that the schemas read so far refer to, one after another: a chain of them is as long as a document. */
  definitions(): JsonObject {
    for (let i = 0; this.#waiting.length > 0; i++) {
      const { name, value, ref } = this.#waiting.shift()!
      if (i < mostDefinitions) this.#defs[name] = this.#convert(value, ref, 0)
      else
        this.#left(
          ref,
          `More than ${mostDefinitions} schemas belong to this operation; this one is not checked.`,
        )
    }
    return this.#defs
  }

  #convert(schema: Json, at: string, depth: number): Json {
    if (typeof schema === "boolean") return schema
    if (!isJsonObject(schema)) return this.#left(at, "This schema is no object.")
    if (depth > mostDepth) return this.#left(at, `Nested deeper than ${mostDepth} levels.`)
    if (typeof schema["$ref"] === "string") return this.#refer(schema, at, depth)
    const made: JsonObject = {}
    for (const [key, value] of Object.entries(schema)) if (kept.has(key)) made[key] = value
    for (const key of ["title", "description"])
      if (typeof made[key] === "string") made[key] = made[key].slice(0, mostText)
      else delete made[key]
    for (const key of inner) {
      const value = schema[key]
      if (value !== undefined) made[key] = this.#convert(value, `${at}/${key}`, depth + 1)
    }
    for (const key of lists) {
      const value = schema[key]
      if (Array.isArray(value))
        made[key] = value.map((one, i) => this.#convert(one, `${at}/${key}/${i}`, depth + 1))
    }
    this.#properties(schema, made, at, depth)
    this.#patterns(schema, made, at)
    return this.#document.version === "3.0" ? modern(schema, made) : made
  }

  #properties(schema: JsonObject, made: JsonObject, at: string, depth: number): void {
    if (!isJsonObject(schema["properties"])) return
    const properties: JsonObject = {}
    const dropped = new Set<Json>()
    for (const [name, one] of Object.entries(schema["properties"])) {
      if (name === "__proto__" || (isJsonObject(one) && one["readOnly"] === true)) dropped.add(name)
      else properties[name] = this.#convert(one, `${at}/properties/${name}`, depth + 1)
    }
    made["properties"] = properties
    if (Array.isArray(made["required"]) && dropped.size > 0)
      made["required"] = made["required"].filter((name) => !dropped.has(name))
  }

  /** Regular expressions of another dialect than ours are left out rather than refused: the server checks them anyway. */
  #patterns(schema: JsonObject, made: JsonObject, at: string): void {
    const { pattern, patternProperties } = schema
    if (pattern !== undefined && checkSchema({ pattern }).length > 0) {
      delete made["pattern"]
      this.#left(`${at}/pattern`, "This regular expression is not checked here.")
    }
    if (patternProperties !== undefined)
      this.#left(`${at}/patternProperties`, "patternProperties is not checked here.")
  }

  #refer({ $ref, ...beside }: JsonObject, at: string, depth: number): Json {
    const found = resolved(this.#document, { $ref: $ref! }, at)
    if (!found.ok) return this.#left(at, found.message)
    const known = this.#names.get(found.ref)
    if (known === undefined) {
      const name = this.#newName(found.ref)
      this.#names.set(found.ref, name)
      this.#defs[name] = true
      this.#waiting.push({ name, value: found.value, ref: found.ref })
    }
    const reference = { $ref: `#/$defs/${this.#names.get(found.ref)!}` }
    const said = beside["description"]
    if (this.#document.version === "3.0" || Object.keys(beside).length === 0) return reference
    if (Object.keys(beside).every((key) => !kept.has(key)) || depth > mostDepth) return reference
    return typeof said === "string" &&
      Object.keys(beside).every((key) => key === "description" || !kept.has(key))
      ? { ...reference, description: said.slice(0, mostText) }
      : { allOf: [reference, this.#convert(beside, at, depth + 1)] }
  }

  #newName(ref: string): string {
    const last =
      ref
        .split("/")
        .at(-1)!
        .replace(/[^A-Za-z0-9_]/g, "_") || "schema"
    let name = last.slice(0, 60)
    for (let i = 2; Object.hasOwn(this.#defs, name); i++) name = `${last.slice(0, 60)}_${i}`
    return name
  }

  /** Whatever cannot be read lets everything through; the note says so. */
  #left(at: string, message: string): true {
    if (this.notes.length < 50) this.notes.push({ at, message })
    return true
  }
}

/** What 3.0 says in its own words, as JSON Schema has it. */
function modern(schema: JsonObject, made: JsonObject): JsonObject {
  for (const [bound, exclusive] of [
    ["minimum", "exclusiveMinimum"],
    ["maximum", "exclusiveMaximum"],
  ] as const) {
    if (typeof made[exclusive] !== "boolean") continue
    const isExclusive = made[exclusive]
    delete made[exclusive]
    if (isExclusive && typeof made[bound] === "number") {
      made[exclusive] = made[bound]
      delete made[bound]
    }
  }
  if (schema["nullable"] !== true) return made
  if (Array.isArray(made["enum"]) && !made["enum"].includes(null)) made["enum"] = [...made["enum"], null]
  if (typeof made["type"] === "string") return { ...made, type: [made["type"], "null"] }
  return made["allOf"] || made["anyOf"] || made["oneOf"] ? { anyOf: [made, { type: "null" }] } : made
}
