import type { JsonSchema } from "#core/flow/graph"
import { isJsonObject, type Json, type JsonObject } from "#core/json"

/** One line of the input builder: a property of the flow's input schema, in the words of a form. */
export type InputField = {
  name: string
  type: InputType
  title: string
  description: string
  required: boolean
  default: Json | undefined
  /** Allowed values; empty means any. Texts only. */
  options: string[]
  /** Written over several lines. */
  long: boolean
  /** Rules that the builder does not show, such as `minLength`; they are kept as they are. */
  more: JsonObject
}

export const inputTypes = ["string", "number", "integer", "boolean", "array", "object"] as const
export type InputType = (typeof inputTypes)[number]

const isInputType = (value: unknown): value is InputType => inputTypes.some((type) => type === value)

const shown = new Set(["type", "title", "description", "default", "enum", "format"])
/** A schema that says more than this about the whole object is edited as JSON. */
const shownAbove = new Set([
  "$schema",
  "type",
  "properties",
  "required",
  "additionalProperties",
  "title",
  "description",
])

/** Multi-line text is a hint of ours in `format`, which validators that do not know it ignore. */
const longFormat = "textarea"

/** The fields of a schema, or null when it says more than the builder can show. */
export function fieldsOfSchema(schema: JsonSchema | undefined): InputField[] | null {
  if (schema === undefined) return []
  if (Object.keys(schema).some((key) => !shownAbove.has(key))) return null
  if (schema["type"] !== undefined && schema["type"] !== "object") return null
  if (isJsonObject(schema["additionalProperties"])) return null
  const properties = schema["properties"] ?? {}
  if (!isJsonObject(properties)) return null
  const required = Array.isArray(schema["required"]) ? schema["required"] : []
  const fields: InputField[] = []
  for (const [name, one] of Object.entries(properties)) {
    const field = isJsonObject(one) ? fieldOf(name, one, required.includes(name)) : null
    if (!field) return null
    fields.push(field)
  }
  return fields
}

function fieldOf(name: string, schema: JsonObject, required: boolean): InputField | null {
  if (!isInputType(schema["type"])) return null
  const options = schema["enum"] ?? []
  if (!Array.isArray(options) || !options.every((one) => typeof one === "string")) return null
  const isLong = schema["format"] === longFormat
  return {
    name,
    type: schema["type"],
    title: typeof schema["title"] === "string" ? schema["title"] : "",
    description: typeof schema["description"] === "string" ? schema["description"] : "",
    required,
    default: schema["default"],
    options,
    long: isLong,
    more: Object.fromEntries(
      Object.entries(schema).filter(([key]) => !shown.has(key) || (key === "format" && !isLong)),
    ),
  }
}

/**
 * The schema of the fields; undefined when there are none, which means that a flow takes any object. What the schema before said
 * about the whole object stays.
 */
export function schemaOfFields(
  fields: readonly InputField[],
  before: JsonSchema | undefined,
): JsonSchema | undefined {
  if (fields.length === 0) return undefined
  const { required: _required, ...rest }: JsonSchema = before ?? {
    type: "object",
    properties: {},
    additionalProperties: false,
  }
  const required = fields.filter((field) => field.required).map((field) => field.name)
  return {
    ...rest,
    type: "object",
    properties: Object.fromEntries(fields.map((field) => [field.name, propertyOf(field)])),
    ...(required.length > 0 ? { required } : {}),
  }
}

function propertyOf(field: InputField): JsonObject {
  const isText = field.type === "string"
  return {
    ...field.more,
    type: field.type,
    ...(field.title === "" ? {} : { title: field.title }),
    ...(field.description === "" ? {} : { description: field.description }),
    ...(field.default === undefined ? {} : { default: field.default }),
    ...(isText && field.options.length > 0 ? { enum: field.options } : {}),
    ...(isText && field.long ? { format: longFormat } : {}),
  }
}

/** What is wrong with a field's name, in words; undefined when nothing is. */
export function nameFault(name: string, others: readonly string[]): string | undefined {
  if (name === "") return "Enter a name"
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)) return "Use a letter, then letters, digits or _"
  if (["__proto__", "constructor", "prototype"].includes(name)) return "This name is reserved"
  return others.includes(name) ? "Another field has this name" : undefined
}
