import type { Json, JsonObject } from "#core/json"
import { jsonIn, objectOf, objectsOf, textOf } from "../fields.ts"
import { removed } from "../secrets.ts"
import type { Mapped, StepView } from "./step.ts"

/** A body that is a file, which steps do not pass on. */
const file = Symbol("file")

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])

export function httpStep({ data, words, missing }: StepView): Mapped {
  const method = (textOf(data["method"]) || "get").toUpperCase()
  if (!methods.has(method))
    return { made: { opaque: `Requests with ${method.slice(0, 40)} are not sent here.` } }
  const notes: string[] = []
  const authorization = objectOf(data["authorization"])
  if (textOf(authorization["type"]) !== "" && authorization["type"] !== "no-auth") {
    const config = objectOf(authorization["config"])
    missing(
      textOf(config["header"]) || textOf(data["title"]) || "Authorization",
      textOf(config["type"]) || "api-key",
    )
    notes.push("It sent a secret, which was not taken over: choose a credential.")
  }
  const pairs = (value: Json | undefined): JsonObject => {
    const found: JsonObject = {}
    for (const line of textOf(value).split("\n")) {
      const [name = "", ...rest] = line.split(":")
      if (name.trim() === "" || name.trim().length > 200) continue
      const [secret] = words.secretsIn(line)
      if (secret !== undefined || line.includes(removed)) {
        missing(secret ?? name.trim(), secret === undefined ? "header or parameter" : "environment variable")
        notes.push(`${name.trim()} held a secret, which was not taken over: choose a credential.`)
      } else found[name.trim()] = words.text(rest.join(":").trim())
    }
    return found
  }
  const [query, headers] = [pairs(data["params"]), pairs(data["headers"])]
  const body = bodyOf(objectOf(data["body"]), words, notes)
  if (body === file) return { made: { opaque: "It sends a file, which steps do not pass on here." } }
  const type = Object.keys(headers).some((name) => name.toLowerCase() === "content-type")
    ? undefined
    : typeOf(objectOf(data["body"]), body)
  if (type !== undefined) headers["Content-Type"] = type
  if (data["ssl_verify"] === false) notes.push("Certificates are always verified here.")
  if (!failsAsHere(data))
    notes.push("An answer of 400 or above fails the step here; there it went on, with its status_code.")
  return {
    made: {
      type: "http",
      data: {
        method,
        url: words.text(data["url"]),
        ...(Object.keys(query).length > 0 ? { query } : {}),
        ...(Object.keys(headers).length > 0 ? { headers } : {}),
        ...(body === undefined ? {} : { body }),
      },
      notes,
    },
  }
}

/** Dify fails a request by its status only where it is told what to do then. */
const failsAsHere = (data: JsonObject): boolean =>
  !["", "none"].includes(textOf(data["error_strategy"])) ||
  objectOf(data["retry_config"])["retry_enabled"] === true

/** What a body is sent as, where a text does not say so by itself. */
function typeOf({ type }: JsonObject, body: Json | undefined): string | undefined {
  if (type === "x-www-form-urlencoded") return "application/x-www-form-urlencoded"
  return type === "json" && typeof body === "string" ? "application/json" : undefined
}

function bodyOf(said: JsonObject, words: StepView["words"], notes: string[]): Json | undefined | typeof file {
  const { type, data } = said
  const rows = objectsOf(data)
  const text = typeof data === "string" ? data : textOf(rows[0]?.["value"])
  switch (type) {
    case "json":
    case "raw-text": {
      const made = words.text(text)
      // Variables that stand in quotes leave the JSON whole.
      const read = type === "json" ? jsonIn(made) : undefined
      return read === undefined ? made : read
    }
    case "form-data":
    case "x-www-form-urlencoded": {
      if (rows.some((row) => row["type"] === "file")) return file
      if (type === "form-data") notes.push("The body is sent as JSON here, not as a form of parts.")
      const pairs =
        rows.length > 0
          ? rows.map((row) => [textOf(row["key"]), words.text(row["value"])])
          : text
              .split("\n")
              .map((line) => [
                line.split(":")[0]!.trim(),
                words.text(line.split(":").slice(1).join(":").trim()),
              ])
      return Object.fromEntries(pairs.filter(([key]) => key !== "")) as JsonObject
    }
    case "binary":
      return file
    default:
      return undefined
  }
}
