import { isJsonObject, type Json, type JsonObject } from "#core/json"
import type { OpenApiBody, OpenApiParameter } from "../config.ts"
import { pointerPart, resolved, type OpenApiDocument } from "./document.ts"
import type { Note, SchemaReader } from "./schema.ts"

/** What a call of an operation takes, and where each argument goes. */
export type Arguments = {
  properties: JsonObject
  required: string[]
  parameters: OpenApiParameter[]
  body: OpenApiBody | undefined
  /** Why the operation cannot be called by a tool. */
  problems: Note[]
}

const styles = new Set<string>([
  "simple",
  "label",
  "matrix",
  "form",
  "spaceDelimited",
  "pipeDelimited",
  "deepObject",
])
/** OpenAPI leaves these to other fields of the document. */
const unsent = new Set(["accept", "content-type", "authorization"])

/** Gathers the arguments of one operation under names that models can say, each once. */
export class ArgumentReader {
  readonly made: Arguments = { properties: {}, required: [], parameters: [], body: undefined, problems: [] }
  readonly #document: OpenApiDocument
  readonly #schemas: SchemaReader

  constructor(document: OpenApiDocument, schemas: SchemaReader) {
    this.#document = document
    this.#schemas = schemas
  }

  /** The operation's own parameters come before those of its path, which they replace. */
  parameters(lists: { list: Json | undefined; at: string }[]): void {
    const known = new Set<string>()
    for (const { list, at } of lists) {
      for (const [i, one] of (Array.isArray(list) ? list : []).entries()) {
        const place = `${at}/${i}`
        const found = resolved(this.#document, one, place)
        if (!found.ok) this.#problem(place, found.message)
        else if (!isJsonObject(found.value)) this.#problem(place, "A parameter is an object.")
        else this.#parameter(found.value, place, known)
      }
    }
  }

  #parameter(said: JsonObject, at: string, known: Set<string>): void {
    const { name, in: where } = said
    if (typeof name !== "string" || name === "" || name.length > 200)
      return this.#problem(at, "A parameter has a name of at most 200 characters.")
    if (where !== "path" && where !== "query" && where !== "header" && where !== "cookie")
      return this.#problem(`${at}/in`, "A parameter is in path, query, header or cookie.")
    if (known.has(`${where} ${name}`)) return undefined
    known.add(`${where} ${name}`)
    if (where === "header" && unsent.has(name.toLowerCase())) return undefined
    const content = isJsonObject(said["content"]) ? Object.entries(said["content"])[0] : undefined
    const media = content && isJsonObject(content[1]) ? content[1] : undefined
    const style = typeof said["style"] === "string" && styles.has(said["style"]) ? said["style"] : undefined
    const schema = this.#schemas.read((media ?? said)["schema"], `${at}/schema`)
    const argument = this.#argument(name, where, described(schema, said["description"]))
    if (said["required"] === true || where === "path") this.made.required.push(argument)
    this.made.parameters.push({
      name,
      in: where,
      argument,
      ...(style === undefined ? {} : { style: style as NonNullable<OpenApiParameter["style"]> }),
      ...(typeof said["explode"] === "boolean" ? { explode: said["explode"] } : {}),
      ...(media ? { json: true } : {}),
    })
  }

  body(said: Json | undefined, at: string): void {
    if (said === undefined) return
    const found = resolved(this.#document, said, at)
    if (!found.ok) return this.#problem(at, found.message)
    const content = isJsonObject(found.value) ? found.value["content"] : undefined
    if (!isJsonObject(found.value) || !isJsonObject(content) || Object.keys(content).length === 0)
      return this.#problem(at, "This body says no content.")
    const isRequired = found.value["required"] === true
    const type =
      Object.keys(content).find(isJson) ??
      Object.keys(content).find(isForm) ??
      Object.keys(content).find(isText)
    if (type === undefined) {
      if (!isRequired) return undefined
      const types = Object.keys(content).join(", ").slice(0, 200)
      return this.#problem(`${at}/content`, `A body of ${types} cannot be sent; JSON, forms and texts can.`)
    }
    const media = content[type]
    const place = `${at}/content/${pointerPart(type)}/schema`
    const given = isJsonObject(media) ? media["schema"] : undefined
    // A range such as application/* is sent as what we write.
    const content_type = type.includes("*") ? (isJson(type) ? "application/json" : "text/plain") : type
    if (isJson(type) || isForm(type)) this.#structured(given, place, content_type, isRequired)
    else this.#whole({ type: "string" }, content_type, isRequired)
  }

  /** A plain object becomes arguments of its own, anything else one argument. */
  #structured(given: Json | undefined, at: string, content_type: string, isRequired: boolean): void {
    const found = resolved(this.#document, given ?? true, at)
    if (!found.ok) return this.#problem(at, found.message)
    const plain = plainObject(found.value)
    const schema = this.#schemas.read(plain ? found.value : (given ?? true), plain ? found.ref : at)
    const properties = plain && isJsonObject(schema) ? schema["properties"] : undefined
    if (!isJsonObject(schema) || !isJsonObject(properties) || Object.keys(properties).length === 0)
      return this.#whole(schema, content_type, isRequired)
    const required = Array.isArray(schema["required"]) ? schema["required"] : []
    const spread = Object.entries(properties).map(([name, one]) => {
      const argument = this.#argument(name, "body", one)
      // What an optional body requires is asked for only when there is one, which arguments alone cannot say.
      if (isRequired && required.includes(name)) this.made.required.push(argument)
      return { name, argument }
    })
    this.made.body = { content_type, spread }
  }

  #whole(schema: Json, content_type: string, isRequired: boolean): void {
    const argument = this.#argument("body", "body", schema)
    if (isRequired) this.made.required.push(argument)
    this.made.body = { content_type, argument }
  }

  #argument(name: string, where: string, schema: Json): string {
    const plain =
      name
        .replace(/[^A-Za-z0-9_]+/g, "_")
        .replace(/^_+|(?<!_)_+$/g, "")
        .slice(0, 60) || where
    const { properties } = this.made
    let argument = plain
    if (Object.hasOwn(properties, argument)) argument = `${plain.slice(0, 50)}_${where}`
    for (let i = 2; Object.hasOwn(properties, argument); i++) argument = `${plain.slice(0, 50)}_${where}_${i}`
    properties[argument] = schema
    return argument
  }

  #problem(at: string, message: string): void {
    this.made.problems.push({ at, message })
  }
}

const isJson = (type: string): boolean =>
  /^(?:application|text)\/(?:[\w.-]+\+)?json\b|^(?:application\/)?\*(?:\/\*)?$|^\*\/\*$/i.test(type)
const isForm = (type: string): boolean => /^application\/x-www-form-urlencoded\b/i.test(type)
const isText = (type: string): boolean =>
  /^text\/|^application\/(?:[\w.-]+\+)?(?:xml|yaml|graphql)\b/i.test(type)

/** An object whose properties are all that it says. */
const plainObject = (schema: Json): boolean =>
  isJsonObject(schema) &&
  isJsonObject(schema["properties"]) &&
  (schema["type"] === undefined || schema["type"] === "object") &&
  ["allOf", "anyOf", "oneOf", "not", "if", "$ref", "patternProperties"].every(
    (key) => schema[key] === undefined,
  ) &&
  !isJsonObject(schema["additionalProperties"]) &&
  schema["nullable"] !== true

const described = (schema: Json, said: Json | undefined): Json =>
  typeof said !== "string" || said === ""
    ? schema
    : isJsonObject(schema)
      ? { description: said.slice(0, 1_000), ...schema }
      : schema === true
        ? { description: said.slice(0, 1_000) }
        : schema
