import type { WebhookConfig } from "#core/contract/trigger-config"
import type { DeliveryEnvelope } from "#core/contract/triggers"
import { Failure } from "#core/errors"
import type { Json, JsonObject } from "#core/json"
import { readJson } from "#core/strict-json"

const mostHeaders = 100
const mostHeaderLength = 4_096
const masked = "(hidden)"

/** Names of headers that open doors or sign: `Authorization`, `X-Gitlab-Token`, `X-Shop-Hmac-Sha256`, and senders' own like `X-Acme-Secret`. */
const secretHeader =
  /secret|token|passw(?:or)?d|api-?key|access-?key|signature|hmac|credential|cookie|session|(?:^|-)auth(?:$|-)|authori[sz]ation/

/** Which header of a webhook holds its secret or its signature. */
const signingHeader = ({ signature }: WebhookConfig): string | undefined =>
  "header" in signature ? signature.header.toLowerCase() : undefined

/** A delivery's headers as they may be kept and shown: without secrets and signatures. */
export function shownHeaders(headers: Headers, config: WebhookConfig): Record<string, string> {
  const signing = signingHeader(config)
  const shown: Record<string, string> = {}
  for (const [name, value] of [...headers].slice(0, mostHeaders)) {
    const isSecret = secretHeader.test(name) || name === signing
    if (name !== "__proto__") shown[name] = isSecret ? masked : value.slice(0, mostHeaderLength)
  }
  return shown
}

/** A query's names with their values; the last of a name that stands twice. */
export function queryOf(search: URLSearchParams): Record<string, string> {
  const query: Record<string, string> = {}
  for (const [name, value] of [...search].slice(0, mostHeaders)) {
    if (name !== "__proto__") query[name.slice(0, mostHeaderLength)] = value.slice(0, mostHeaderLength)
  }
  return query
}

/** The text of raw bytes; webhooks send UTF-8. */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    throw new Failure("request.malformed", { detail: "The request body is not UTF-8." })
  }
}

/** A body by its type: JSON, a form, or text. */
export function bodyOf(text: string, contentType: string | undefined): Json {
  if (text === "") return null
  const type = (contentType ?? "").split(";")[0]!.trim().toLowerCase()
  if (type === "application/json" || /^application\/[\w.-]+\+json$/.test(type)) return jsonOf(text)
  if (type === "application/x-www-form-urlencoded") return fieldsOf(new URLSearchParams(text))
  if (type.startsWith("text/")) return text
  throw new Failure("request.unsupported_type", {
    detail: "Send the body as application/json, application/x-www-form-urlencoded or text/plain.",
  })
}

function jsonOf(text: string): Json {
  const read = readJson(text)
  if (read.ok) return read.value as Json
  throw "fault" in read
    ? new Failure("request.invalid", { errors: [read.fault] })
    : new Failure("request.malformed")
}

/** A form's fields; one that stands more than once is a list. */
function fieldsOf(form: URLSearchParams): JsonObject {
  const fields: JsonObject = {}
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name)
    if (name !== "__proto__") fields[name] = values.length === 1 ? values[0]! : values
  }
  return fields
}

export const envelopeOf = (
  text: string,
  { headers, query, method }: Omit<DeliveryEnvelope, "body">,
): DeliveryEnvelope => ({
  body: bodyOf(text, headers["content-type"]),
  headers,
  query,
  method,
})
