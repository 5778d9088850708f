import type { Json, JsonObject } from "#core/json"
import { Drawing } from "../drawing.ts"
import { listOf, objectOf, objectsOf, textOf } from "../fields.ts"
import { literal } from "../words.ts"
import { inputSchemaOf } from "./app.ts"
import { featuresIn } from "./features.ts"
import { modelOf } from "./steps.ts"

/** An app without a graph: one question to a model. */
export function simpleApp(app: JsonObject, config: JsonObject) {
  const drawing = new Drawing("dify")
  const mode = textOf(app["mode"])
  const fields = objectsOf(config["user_input_form"]).flatMap((one) =>
    Object.entries(one).map(([type, said]) => ({
      ...objectOf(said),
      type: type === "text-input" ? "text" : type,
    })),
  )
  const inputs = new Set(fields.map((one) => textOf((one as JsonObject)["variable"])))
  const system = textOf(config["pre_prompt"])
    .split(/(\{\{\s*\w+\s*\}\})/)
    .map((part, i) =>
      i % 2 === 0
        ? literal(part)
        : inputs.has(part.slice(2, -2).trim()) || part.includes("query")
          ? `{{ input.${part.slice(2, -2).trim()} }}`
          : literal(part),
    )
    .join("")
  const input = drawing.add("input", "input", { x: 0, y: 0 }, {}, "Input")
  const notes: string[] = []
  const settings = modelOf(config["model"], notes)
  const parts = Object.entries(left).flatMap(([name, words]) => (isUsed(config[name]) ? [words] : []))
  if (parts.length > 0) notes.push(`These were left out: ${parts.join(", ")}.`)
  if (config["prompt_type"] === "advanced")
    notes.push("Its prompt was written message by message, and was left out: write it anew.")
  const features = featuresIn({ ...config, file_upload: null })
  if (features.length > 0)
    drawing.notes.push(`These belong to the app there, and were left out: ${features.join(", ")}.`)
  if (mode !== "completion") notes.push("It remembered the conversation; here a step begins anew each time.")
  const asks = mode === "completion" ? "" : "{{ input.query }}"
  const data: JsonObject =
    asks === ""
      ? { prompt: system || "{{ input.query }}", ...settings }
      : { prompt: asks, ...(system === "" ? {} : { system }), ...settings }
  const node = drawing.place(
    {
      key: "app",
      name: textOf(app["name"]) || "App",
      kind: mode || "app",
      position: { x: 280, y: 0 },
      original: config,
    },
    { type: "llm", data, notes },
  )
  const output = drawing.add("output", "output", { x: 560, y: 0 }, {}, "Output")
  drawing.connect(input.id, node.id)
  drawing.connect(node.id, output.id)
  const input_schema = inputSchemaOf(fields, mode !== "completion" || fields.length === 0)
  return { name: textOf(app["name"]).trim(), description: textOf(app["description"]), drawing, input_schema }
}

/** Parts of an app that have no counterpart in a question to a model. */
const left: Record<string, string> = {
  agent_mode: "its tools, which an agent can be given",
  dataset_configs: "its knowledge bases",
  external_data_tools: "data that it fetched",
  file_upload: "files that are sent along",
}

function isUsed(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.length > 0
  const said = objectOf(value)
  return (
    said["enabled"] === true ||
    objectOf(said["image"])["enabled"] === true ||
    listOf(said["tools"]).length > 0 ||
    objectsOf(objectOf(said["datasets"])["datasets"]).length > 0
  )
}
