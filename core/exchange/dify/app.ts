import type { InputFault } from "#core/errors"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { listOf, numberOf, objectOf, objectsOf, pointOf, textOf } from "../fields.ts"

export type DifyNode = {
  key: string
  kind: string
  title: string
  position: { x: number; y: number }
  parent: string | undefined
  data: JsonObject
  said: JsonObject
  isNote: boolean
}

export type DifyEdge = { source: string; target: string; handle: string }

export type App = {
  name: string
  description: string
  mode: string
  nodes: DifyNode[]
  edges: DifyEdge[]
  environment: JsonObject[]
  conversation: JsonObject[]
  features: JsonObject
}

const mostFaults = 50

/** Reads what of a file is the app's graph; what is not of the right shape is said with its place. */
export function appOf(value: JsonObject): { ok: true; app: App } | { ok: false; faults: InputFault[] } {
  const app = objectOf(value["app"])
  const graph = objectOf(objectOf(value["workflow"])["graph"])
  const faults: InputFault[] = []
  if (listOf(graph["nodes"]).length === 0)
    faults.push({ path: "content.workflow.graph.nodes", message: "There are no steps in it." })
  const nodes = nodesOf(graph["nodes"], faults)
  if (faults.length > 0) return { ok: false, faults: faults.slice(0, mostFaults) }
  const workflow = objectOf(value["workflow"])
  return {
    ok: true,
    app: {
      name: textOf(app["name"]).trim(),
      description: textOf(app["description"]),
      mode: textOf(app["mode"]),
      nodes,
      edges: objectsOf(graph["edges"]).map((one) => ({
        source: textOf(one["source"]),
        target: textOf(one["target"]),
        handle: textOf(one["sourceHandle"]) || "source",
      })),
      environment: objectsOf(workflow["environment_variables"]),
      conversation: objectsOf(workflow["conversation_variables"]),
      features: objectOf(workflow["features"]),
    },
  }
}

function nodesOf(given: Json | undefined, faults: InputFault[]): DifyNode[] {
  const keys = new Set<string>()
  return listOf(given).flatMap((one, i): DifyNode[] => {
    const at = `content.workflow.graph.nodes.${i}`
    const fault = (path: string, message: string): DifyNode[] => {
      faults.push({ path: `${at}${path}`, message })
      return []
    }
    if (!isJsonObject(one)) return fault("", "A step is an object.")
    if (!isJsonObject(one["data"])) return fault(".data", "A step has data.")
    const key = textOf(one["id"])
    if (key === "") return fault(".id", "A step has an id.")
    if (keys.has(key)) return fault(".id", `Two steps have the id ${key.slice(0, 100)}.`)
    keys.add(key)
    const data = one["data"]
    const isNote = one["type"] === "custom-note"
    const parent = textOf(one["parentId"])
    return [
      {
        key,
        kind: isNote ? "note" : textOf(data["type"]),
        title: textOf(data["title"]),
        position: pointOf(one["position"]),
        parent: parent === "" ? undefined : parent,
        data,
        said: one,
        isNote,
      },
    ]
  })
}

/** The form that a start node asks for. */
export function inputSchemaOf(variables: Json | undefined, isChat: boolean): JsonObject {
  const types: Record<string, JsonObject> = {
    paragraph: { type: "string", format: "textarea" },
    number: { type: "number" },
    checkbox: { type: "boolean" },
    "file-list": { type: "array" },
    json: { type: "object" },
    json_object: { type: "object" },
    file: {},
  }
  const asked = objectsOf(variables).filter((one) => textOf(one["variable"]) !== "")
  const properties: JsonObject = Object.fromEntries(
    asked.map((one) => {
      const options = listOf(one["options"]).filter((option) => typeof option === "string")
      const title = textOf(one["label"]).slice(0, 200)
      const type = textOf(one["type"])
      const schema = types[type] ?? { type: "string" }
      const most = numberOf(one["max_length"])
      const isText = type === "paragraph" || type === "text-input" || type === "text"
      const first = beginningOf(one["default"], schema, options)
      return [
        textOf(one["variable"]),
        {
          ...schema,
          ...(title === "" ? {} : { title }),
          ...(options.length > 0 ? { enum: options } : {}),
          ...(isText && most !== undefined && most >= 1 ? { maxLength: Math.trunc(most) } : {}),
          ...(first === undefined ? {} : { default: first }),
        },
      ]
    }),
  )
  const required = asked.filter((one) => one["required"] === true).map((one) => textOf(one["variable"]))
  if (isChat) properties["query"] = { type: "string", title: "Question", format: "textarea" }
  return {
    type: "object",
    properties,
    ...(required.length > 0 || isChat ? { required: [...required, ...(isChat ? ["query"] : [])] } : {}),
  }
}

/** What a field begins with, when it says so and it fits. */
function beginningOf(value: Json | undefined, schema: JsonObject, options: Json[]): Json | undefined {
  if (value === undefined || value === null || value === "") return undefined
  if (options.length > 0) return options.includes(value) ? value : undefined
  switch (schema["type"]) {
    case "string":
      return typeof value === "string" ? value : undefined
    case "number":
      return numberOf(value)
    case "boolean":
      return typeof value === "boolean" ? value : undefined
    default:
      return undefined
  }
}
