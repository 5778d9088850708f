import * as z from "zod"
import { kindOf } from "#core/flow/kinds"
import type { Kind } from "#core/flow/kinds/kind"
import { isJsonObject, type Json, type JsonObject } from "#core/json"

/** One control of the property panel, as a kind's schema describes it. */
export type PanelField = {
  /** Dotted, from the node's data. */
  path: string
  title: string
  help: string | undefined
  required: boolean
  control: Control
}

export type Control =
  | { is: "text" }
  /** A text with expressions in it, over so many lines. */
  | { is: "prompt"; lines: number }
  | { is: "duration"; unitMs: 1 | 1_000; fallback: number | undefined }
  | { is: "provider" }
  | { is: "model" }
  | { is: "credential" }
  | {
      is: "number"
      integer: boolean
      least: number | undefined
      most: number | undefined
      fallback: number | undefined
    }
  | { is: "choice"; options: string[] }
  | { is: "choice_or_number"; options: string[]; least: number | undefined; most: number | undefined }
  | { is: "switch" }
  | { is: "value" }
  | { is: "json_schema" }
  | { is: "form" }
  | { is: "routes"; of: "branches" | "classes" | "buttons" }
  | { is: "words" }
  | { is: "group"; fields: PanelField[]; starting: JsonObject }

/** Fields that every executable kind takes; they fold away under "Errors and retries". */
const commonKeys = new Set(["timeout_ms", "retry", "on_error", "error_value"])

export type PanelFields = { own: PanelField[]; common: PanelField[] }

const known = new Map<string, PanelFields>()

/** The panel of a kind, made once from its zod schema. Fields are read leniently: a schema that grows still gets a control. */
export function panelFields(type: string): PanelFields {
  const made = known.get(type)
  if (made) return made
  const kind = kindOf(type)
  const schema = kind
    ? (z.toJSONSchema(kind.data, { io: "input", unrepresentable: "any" }) as JsonObject)
    : {}
  const fields = fieldsOf(schema, "").map((field) =>
    field.control.is === "text" && kind && takesExpression(kind, field.path)
      ? { ...field, control: { is: "prompt" as const, lines: 1 } }
      : field,
  )
  const panel = {
    own: fields.filter((field) => !commonKeys.has(field.path)),
    common: fields.filter((field) => commonKeys.has(field.path)),
  }
  known.set(type, panel)
  return panel
}

/** Whether a kind reads expressions from a field, as it says itself. */
const takesExpression = (kind: Kind, path: string): boolean =>
  kind.expressions({ [path]: "x" }).some((field) => field.path === path)

function fieldsOf(schema: JsonObject, prefix: string): PanelField[] {
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {}
  const required = Array.isArray(schema["required"]) ? schema["required"] : []
  return Object.entries(properties).flatMap(([key, one]) => {
    if (!isJsonObject(one)) return []
    const path = prefix === "" ? key : `${prefix}.${key}`
    return [
      {
        path,
        title: textOf(one["title"]) ?? key.replaceAll("_", " "),
        help: textOf(one["description"])?.replace(/^(?:Milliseconds|Seconds)\b/, "Time"),
        required: required.includes(key),
        control: controlOf(path, key, one),
      },
    ]
  })
}

/** Texts this long are written over several lines. */
const longText = 10_000
const veryLongText = 50_000

function controlOf(path: string, key: string, schema: JsonObject): Control {
  if (key === "llm_provider_id") return { is: "provider" }
  if (key === "model") return { is: "model" }
  if (key === "credentials") return { is: "credential" }
  if (key === "form_schema") return { is: "form" }
  if (key.endsWith("_schema")) return { is: "json_schema" }
  if (key.endsWith("_ms")) return { is: "duration", unitMs: 1, fallback: numberOf(schema["default"]) }
  if (key.endsWith("_seconds")) return { is: "duration", unitMs: 1_000, fallback: undefined }
  const union = Array.isArray(schema["anyOf"]) ? schema["anyOf"].filter(isJsonObject) : []
  const words = union.flatMap((one) => (typeof one["const"] === "string" ? [one["const"]] : []))
  const number = union.find((one) => one["type"] === "integer" || one["type"] === "number")
  if (words.length > 0 && number) {
    return {
      is: "choice_or_number",
      options: words,
      least: numberOf(number["minimum"]),
      most: numberOf(number["maximum"]),
    }
  }
  switch (schema["type"]) {
    case "string":
      return stringControl(schema)
    case "integer":
    case "number":
      return {
        is: "number",
        integer: schema["type"] === "integer",
        least: numberOf(schema["minimum"]),
        most: numberOf(schema["maximum"]),
        fallback: numberOf(schema["default"]),
      }
    case "boolean":
      return { is: "switch" }
    case "array":
      return listControl(schema)
    case "object":
      return isJsonObject(schema["properties"])
        ? { is: "group", fields: fieldsOf(schema, path), starting: defaultsOf(schema) }
        : { is: "value" }
    default:
      return { is: "value" }
  }
}

function stringControl(schema: JsonObject): Control {
  const options = Array.isArray(schema["enum"]) ? schema["enum"].filter((one) => typeof one === "string") : []
  if (options.length > 0) return { is: "choice", options }
  const most = numberOf(schema["maxLength"]) ?? 0
  if (most < longText) return { is: "text" }
  return { is: "prompt", lines: most < veryLongText ? 1 : 3 }
}

/** Lists whose entries are routes out of the node, by the field that tells them apart. */
const routeFields = { branches: "when", classes: "description", buttons: "label" } as const

function listControl(schema: JsonObject): Control {
  const items = isJsonObject(schema["items"]) ? schema["items"] : {}
  const properties = isJsonObject(items["properties"]) ? items["properties"] : {}
  for (const [of, field] of Object.entries(routeFields))
    if ("id" in properties && field in properties) return { is: "routes", of: of as keyof typeof routeFields }
  return items["type"] === "string" ? { is: "words" } : { is: "value" }
}

function defaultsOf(schema: JsonObject): JsonObject {
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {}
  return Object.fromEntries(
    Object.entries(properties).flatMap(([key, one]): [string, Json][] =>
      isJsonObject(one) && one["default"] !== undefined ? [[key, one["default"]]] : [],
    ),
  )
}

const textOf = (value: Json | undefined): string | undefined =>
  typeof value === "string" ? value : undefined
const numberOf = (value: Json | undefined): number | undefined =>
  typeof value === "number" ? value : undefined
