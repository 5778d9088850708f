import type { InputFault } from "#core/errors"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { readYaml } from "#core/yaml"

/** A document of OpenAPI as plain data, whose references are looked up in it and nowhere else. */
export type OpenApiDocument = { root: JsonObject; version: "3.0" | "3.1" }

type Read = { ok: true; document: OpenApiDocument } | { ok: false; faults: InputFault[] }

const mostDepth = 64
/** Reading YAML takes its time; the largest documents are written as JSON. */
const mostYaml = 1_500_000
const yamlLimits = { depth: mostDepth, tokens: 600_000, tooLong: "This document is too long." }

const refusal = (message: string, at = ""): Read => ({
  ok: false,
  faults: [{ path: at === "" ? "document" : `document${at}`, message }],
})

/** Reads JSON or YAML, and says where a document is none that can be imported. Places are JSON pointers: `document#/paths`. */
export function readOpenApi(given: string | JsonObject): Read {
  const read = typeof given === "string" ? readText(given.replace(/^\uFEFF/, "")) : { value: given }
  if ("ok" in read) return read
  const { value } = read
  if (!isJsonObject(value)) return refusal("An OpenAPI document is an object.")
  if (isDeeper(value, mostDepth)) return refusal(`Nested deeper than ${mostDepth} levels.`)
  return judged(value)
}

function readText(text: string): { value: Json } | Read {
  if (/^\s*[{[]/.test(text)) {
    try {
      return { value: JSON.parse(text) as Json }
    } catch (error) {
      return refusal(
        `This is not valid JSON: ${error instanceof Error ? error.message : "it cannot be read"}`,
      )
    }
  }
  if (text.trim() === "") return refusal("The document is empty.")
  if (text.length > mostYaml)
    return refusal("This is more YAML than is read here. Send the document as JSON.")
  const read = readYaml(text, "document", yamlLimits)
  return read.ok ? { value: (read.value ?? null) as Json } : read
}

function judged(root: JsonObject): Read {
  const { openapi, swagger, paths } = root
  if (openapi === undefined && swagger !== undefined)
    return refusal("This is Swagger 2.0. Convert it to OpenAPI 3 first.", "#/swagger")
  if (typeof openapi !== "string") return refusal("The field openapi names no version.", "#/openapi")
  const version = /^3\.0(?:\.|$)/.test(openapi) ? "3.0" : /^3\.[12](?:\.|$)/.test(openapi) ? "3.1" : undefined
  if (version === undefined)
    return refusal(`Version ${openapi.slice(0, 20)} is not known here: 3.0, 3.1 and 3.2 are.`, "#/openapi")
  if (!isJsonObject(paths)) return refusal("The document has no paths.", "#/paths")
  const wrong = Object.entries(paths).find(
    ([path, item]) => !path.startsWith("x-") && !(path.startsWith("/") && isJsonObject(item)),
  )
  if (wrong) {
    const message = wrong[0].startsWith("/") ? "A path holds an object." : "A path begins with /."
    return refusal(message, `#/paths/${pointerPart(wrong[0])}`)
  }
  return { ok: true, document: { root, version } }
}

/** Without recursion: what is judged here may be nested as deep as a text can be long. */
function isDeeper(value: Json, most: number): boolean {
  let level: Json[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true
    level = level.flatMap((one) =>
      (Array.isArray(one) ? one : isJsonObject(one) ? Object.values(one) : []).filter(
        (inner) => typeof inner === "object" && inner !== null,
      ),
    )
  }
  return false
}

export const pointerPart = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1")

/** What a reference leads to, or what is wrong with it. Only the document itself is looked at: nothing is fetched. */
export type Found = { ok: true; value: Json; ref: string } | { ok: false; message: string }

const mostHops = 20

/** Follows references to references; a circle of them leads nowhere. */
export function resolved(document: OpenApiDocument, value: Json | undefined, at: string): Found {
  let found: Json = value ?? null
  let ref = at
  for (let hop = 0; hop < mostHops; hop++) {
    if (!isJsonObject(found) || typeof found["$ref"] !== "string") return { ok: true, value: found, ref }
    ref = found["$ref"]
    const next = lookedUp(document.root, ref)
    if (next === undefined) return { ok: false, message: missing(ref) }
    found = next
  }
  return { ok: false, message: `The reference ${shown(ref)} leads in a circle.` }
}

const shown = (ref: string): string => ref.slice(0, 200)

const missing = (ref: string): string =>
  ref.startsWith("#")
    ? `The reference ${shown(ref)} leads to nothing.`
    : `The reference ${shown(ref)} leads out of the document. Bundle it into one file first.`

function lookedUp(root: JsonObject, ref: string): Json | undefined {
  if (ref === "#") return root
  if (!ref.startsWith("#/")) return undefined
  let at: Json | undefined = root
  for (const part of ref.slice(2).split("/")) {
    const name = decoded(part).replaceAll("~1", "/").replaceAll("~0", "~")
    if (Array.isArray(at)) at = at[Number(name)]
    else if (isJsonObject(at) && Object.hasOwn(at, name)) at = at[name]
    else return undefined
  }
  return at
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
