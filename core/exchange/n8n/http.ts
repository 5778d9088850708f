import type { Json, JsonObject } from "#core/json"
import { jsonIn, objectOf, objectsOf, textOf } from "../fields.ts"
import { cutAtMarks } from "../marks.ts"
import { made, opaque, type Mapped, type StepView } from "./step.ts"

/** A body that is a file, which steps do not pass on. */
const file = Symbol("file")

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])

/** The HTTP Request step, of all its versions. */
export function httpStep(step: StepView): Mapped {
  const { p, words } = step
  const method = textOf(p["method"]) || textOf(p["requestMethod"]) || "GET"
  if (!methods.has(method)) return opaque(`Requests with ${method.slice(0, 40)} are not sent here.`)
  const notes: string[] = []
  const url = words.text(p["url"])
  const body = bodyOf(step, notes)
  if (body === file) return opaque("It sends a file from the step before, which steps do not pass on here.")
  credentialsOf(step, notes)
  const options = objectOf(p["options"])
  for (const name of Object.keys(options))
    if (!["response", "timeout", "fullResponse", "redirect"].includes(name))
      notes.push(`The option ${name} was left out.`)
  const timeout = options["timeout"]
  const data: JsonObject = {
    method,
    url,
    ...filled(
      "query",
      pairs(step, p["queryParameters"], p["queryParametersUi"], p["queryParametersJson"], notes),
    ),
    ...filled(
      "headers",
      pairs(step, p["headerParameters"], p["headerParametersUi"], p["headerParametersJson"], notes),
    ),
    ...(body === undefined ? {} : { body }),
    ...(typeof timeout === "number" && timeout >= 1
      ? { timeout_ms: Math.min(3_600_000, Math.trunc(timeout)) }
      : {}),
  }
  return made("http", data, notes)
}

const filled = (name: string, value: JsonObject): JsonObject =>
  Object.keys(value).length > 0 ? { [name]: value } : {}

/** Parameters as a list of pairs, or as JSON in a text. */
function pairs(
  step: StepView,
  newer: Json | undefined,
  older: Json | undefined,
  json: Json | undefined,
  notes: string[],
): JsonObject {
  const list = [...objectsOf(objectOf(newer)["parameters"]), ...objectsOf(objectOf(older)["parameter"])]
  const found: JsonObject = {}
  for (const { name, value } of list) {
    const key = textOf(name)
    if (key === "" || key.length > 200) continue
    const said = step.words.text(value)
    if (said.includes("(removed)")) {
      notes.push(`${key} held a secret, which was not taken over: choose a credential.`)
      step.missing(key, "header or parameter")
    } else found[key] = said
  }
  if (typeof json === "string" && json.trim() !== "")
    notes.push("Parameters that were written as JSON were left out: write them as pairs.")
  return found
}

function bodyOf({ p, words }: StepView, notes: string[]): Json | undefined | typeof file {
  const type = textOf(p["contentType"]) || textOf(p["bodyContentType"]) || "json"
  if (
    p["sendBody"] === false ||
    (p["sendBody"] === undefined &&
      p["bodyParametersUi"] === undefined &&
      p["bodyParametersJson"] === undefined)
  )
    return undefined
  if (type === "binaryData") return file
  if (type === "form-urlencoded" || type === "multipart-form-data")
    notes.push("The body is sent as JSON here, not as a form.")
  if (type === "raw") return words.text(p["body"])
  const text = p["jsonBody"] ?? p["bodyParametersJson"]
  if (text !== undefined && p["specifyBody"] !== "keypair") return jsonBody(words, text, notes)
  const list = [
    ...objectsOf(objectOf(p["bodyParameters"])["parameters"]),
    ...objectsOf(objectOf(p["bodyParametersUi"])["parameter"]),
  ]
  return Object.fromEntries(
    list.flatMap(({ name, value }) => (textOf(name) === "" ? [] : [[textOf(name), words.value(value)]])),
  )
}

/** JSON that is written as a text: as data where it can be read, else as the text. */
function jsonBody(words: StepView["words"], text: Json, notes: string[]): Json {
  if (typeof text !== "string") return words.value(text)
  const source = text.startsWith("=") ? text.slice(1) : text
  const read = jsonIn(text.startsWith("=") ? withQuotes(source) : source)
  if (read !== undefined) return text.startsWith("=") ? words.marked(read) : words.value(read)
  if (!/^\s*\{\{[\s\S]*\}\}\s*$/.test(source))
    notes.push("The body is sent as the text that its template makes.")
  return words.text(text)
}

/** A template of JSON whose expressions all stand in quotes: those that stood alone keep their type all the same. */
function withQuotes(source: string): string {
  let isText = false
  const made = cutAtMarks(source).map((part, i) => {
    if (i % 2 === 1) return isText ? JSON.stringify(part).slice(1, -1) : JSON.stringify(part)
    for (const [sign] of part.matchAll(/\\[\s\S]|"/g)) if (sign === '"') isText = !isText
    return part
  })
  return made.join("")
}

/** A step names its credentials and holds none: they become a wish. */
export function credentialsOf({ node, p, missing }: StepView, notes: string[]): void {
  const given = Object.entries(objectOf(node.said["credentials"]))
  for (const [kind, one] of given) missing(textOf(objectOf(one)["name"]) || kind, kind)
  const asks = textOf(p["authentication"])
  if (given.length > 0) notes.push("It used credentials, which a file does not hold: choose stored ones.")
  else if (asks !== "" && asks !== "none") {
    missing(textOf(p["nodeCredentialType"]) || textOf(p["genericAuthType"]) || asks, asks)
    notes.push("It asks for credentials: choose stored ones.")
  }
}
