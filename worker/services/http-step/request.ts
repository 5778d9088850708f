import { isJsonObject, type Json } from "#core/json"
import type { HttpStepRequest } from "#durable/execution/http-port"
import { HttpFailure } from "./failure.ts"

/** The most bytes of a request's body. */
export const mostRequestBytes = 512 * 1024

const asText = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value))

/** Name and value for each entry; a list gives one for each of its entries, null none. */
const pairsOf = (fields: Record<string, Json>): [string, string][] =>
  Object.entries(fields).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((one) => one !== null)
      .map((one): [string, string] => [name, asText(one)]),
  )

/** The address with more parameters. What stood in its query stays as it was written. */
export function withQuery(url: URL, query: Record<string, Json>): URL {
  const added = new URLSearchParams(pairsOf(query)).toString()
  const whole = new URL(url)
  whole.search = [url.search.slice(1), added].filter((part) => part !== "").join("&")
  return whole
}

export function headersOf(fields: Record<string, Json>): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(fields)) {
    if (value === null) continue
    try {
      headers.set(name, asText(value))
    } catch {
      // The value may be somebody's secret, the name is not.
      const shown = name.slice(0, 80).replace(/[^ -~]/g, "?")
      throw HttpFailure.of(
        "http.bad_request",
        `The header “${shown}” cannot be sent: its name or value is no header's.`,
      )
    }
  }
  if (!headers.has("accept")) headers.set("accept", "*/*")
  if (!headers.has("user-agent")) headers.set("user-agent", "Edgecrew")
  return headers
}

const isForm = (type: string | null): boolean => /^application\/x-www-form-urlencoded\b/i.test(type ?? "")

/** The bytes of a body, and the type that they are of when the headers name none. GET and HEAD have none. */
export function bodyOf(
  { method, body }: Pick<HttpStepRequest, "method" | "body">,
  headers: Headers,
): Uint8Array<ArrayBuffer> | null {
  if (body === undefined || body === null || method === "GET" || method === "HEAD") return null
  const type = headers.get("content-type")
  const [text, usualType] =
    typeof body === "string"
      ? [body, "text/plain;charset=utf-8"]
      : isForm(type) && isJsonObject(body)
        ? [new URLSearchParams(pairsOf(body)).toString(), ""]
        : [JSON.stringify(body), "application/json"]
  if (type === null) headers.set("content-type", usualType)
  const bytes = Uint8Array.from(new TextEncoder().encode(text))
  if (bytes.length > mostRequestBytes)
    throw HttpFailure.of("http.too_large", `The request's body is larger than ${mostRequestBytes} bytes.`)
  return bytes
}

const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])

export function methodOf(method: string): string {
  if (!methods.has(method)) throw HttpFailure.of("http.bad_request", "This method cannot be sent.")
  return method
}
