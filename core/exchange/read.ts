import type { InputFault } from "#core/errors"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { readJson } from "#core/strict-json"
import { readYaml } from "#core/yaml"
import type { ExchangeFormat } from "./format.ts"

/** A file as text and as what it says. */
export type Document = { text: string; value: JsonObject; language: "json" | "yaml" }

export type Refusal = { ok: false; faults: InputFault[] }
type Read = { ok: true; document: Document } | Refusal

/** A flow of ours may be as large as a flow can be. */
const mostRead = 4_000_000
/** The original of another product is kept in one row beside the flow; ordinary files are a hundredth of it. */
export const mostText = 1_500_000
const yamlLimits = { depth: 64, tokens: 600_000, tooLong: "This is more YAML than is read here." }

export const refusal = (message: string, path = "content"): Refusal => ({
  ok: false,
  faults: [{ path, message }],
})

/** Reads JSON or YAML as strictly as a request is read: no name twice, nothing deeper than 64 levels, no aliases. */
export function readDocument(content: string | JsonObject): Read {
  if (typeof content !== "string") {
    return {
      ok: true,
      document: { text: JSON.stringify(content, null, 2), value: content, language: "json" },
    }
  }
  const text = content.replace(/^\uFEFF/, "")
  if (text.trim() === "") return refusal("The file is empty.")
  if (text.length > mostRead) return tooLong(mostRead)
  return /^\s*[{[]/.test(text) ? fromJson(text) : fromYaml(text)
}

export const tooLong = (most: number): Refusal =>
  refusal(`A file to import holds at most ${most.toLocaleString("en")} characters.`)

function fromJson(text: string): Read {
  const read = readJson(text)
  if (!read.ok) {
    if (!("fault" in read)) return refusal("This is not valid JSON: it may have been cut off.")
    const { path, message } = read.fault
    return refusal(message, ["content", path].filter(Boolean).join("."))
  }
  const value = single(read.value as Json)
  const inside = isJsonObject(value) ? wrapped(value) : undefined
  if (inside !== undefined) {
    const inner = fromYaml(inside)
    return inner.ok ? { ok: true, document: { ...inner.document, text, language: "json" } } : inner
  }
  return isJsonObject(value)
    ? { ok: true, document: { text, value, language: "json" } }
    : refusal(
        Array.isArray(read.value) && read.value.length > 1
          ? "The file holds several flows. Import them one by one."
          : "The file holds no flow.",
      )
}

/** What Dify's console answers when an app is exported, and people keep: its YAML as the one field of an object. */
const wrapped = ({ data, ...rest }: JsonObject): string | undefined =>
  typeof data === "string" && Object.keys(rest).length === 0 ? data : undefined

/** Some products write a list of flows, even when it is one. */
const single = (value: Json): Json | undefined =>
  Array.isArray(value) ? (value.length === 1 ? value[0] : undefined) : value

function fromYaml(text: string): Read {
  const read = readYaml(text, "content", yamlLimits)
  if (!read.ok) return read
  const value = plain(read.value)
  return isJsonObject(value)
    ? { ok: true, document: { text, value, language: "yaml" } }
    : refusal("The file is neither JSON nor YAML that holds fields.")
}

/** Numbers that JSON does not know are texts here, and dates too. */
const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null)) as Json

/** What a document says that it is, by the marks that each format has; undefined when it has none of them. */
export function formatOf(value: JsonObject): ExchangeFormat | undefined {
  if (value["format"] === "edgecrew.flow") return "edgecrew.flow"
  if (typeof value["openapi"] === "string" || typeof value["swagger"] === "string") return "openapi"
  const isApp = value["kind"] === "app" || isJsonObject(value["workflow"])
  if (isJsonObject(value["app"]) && (isApp || isJsonObject(value["model_config"]))) return "dify"
  const { nodes } = value
  if (Array.isArray(nodes)) {
    if (isJsonObject(value["connections"])) return "n8n"
    if (Array.isArray(value["edges"])) return isFlowise(nodes) ? "flowise" : undefined
    return undefined
  }
  return isCrew(value) ? "crewai" : undefined
}

const isFlowise = (nodes: Json[]): boolean =>
  nodes.some(
    (node) => isJsonObject(node) && isJsonObject(node["data"]) && typeof node["data"]["name"] === "string",
  )

/** CrewAI's two files, together or one of them: entries that say a role and a goal, or a description and what is expected. */
function isCrew(value: JsonObject): boolean {
  if (typeof value["agents_yaml"] === "string" && typeof value["tasks_yaml"] === "string") return true
  const [agents, tasks] = [value["agents"], value["tasks"]]
  if (isJsonObject(agents) && isJsonObject(tasks)) return true
  if (Array.isArray(agents) && Array.isArray(tasks)) return [...agents, ...tasks].every(isJsonObject)
  const entries = Object.values(value)
  return (
    entries.length > 0 &&
    entries.every(
      (one) =>
        isJsonObject(one) &&
        ((one["role"] !== undefined && one["goal"] !== undefined) ||
          (one["description"] !== undefined && one["expected_output"] !== undefined)),
    )
  )
}
