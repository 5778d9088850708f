import type { Json } from "#core/json"
import { binaryOf } from "./base64.ts"
import type { Cleaner } from "./clean.ts"

/** Cookies are nobody's business in a flow; the others speak of the connection (RFC 9110 §7.6.1). */
const dropped: ReadonlySet<string> = new Set([
  "set-cookie",
  "set-cookie2",
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authentication-info",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
])

const mostHeaders = 100
const mostHeaderLength = 4_096

/** The headers of an answer that a flow may see, bounded. What `Connection` names is dropped with it. */
export function seenHeaders(headers: Headers, clean: Cleaner): Record<string, string> {
  const named = new Set(
    (headers.get("connection") ?? "")
      .toLowerCase()
      .split(",")
      .map((name) => name.trim()),
  )
  return Object.fromEntries(
    [...headers]
      .filter(([name]) => !dropped.has(name) && !named.has(name) && name !== "__proto__")
      .slice(0, mostHeaders)
      .map(([name, value]) => [clean.text(name), clean.text(value).slice(0, mostHeaderLength)]),
  )
}

/** `application/json`, `text/json`, `application/problem+json`. */
const isJson = (type: string): boolean => /^(?:application|text)\/(?:[\w.-]+\+)?json\b/i.test(type)

/** The value of an answer's bytes: JSON when its type says so and it is, text when it is text, else base64 with its type. */
export function bodyValue(bytes: Uint8Array, contentType: string | null, clean: Cleaner): Json {
  if (bytes.length === 0) return null
  const type = contentType ?? ""
  const text = textOf(bytes, type)
  if (text === undefined) {
    const base64 = btoa(clean.binary(binaryOf(bytes)))
    return { base64, content_type: clean.text(type) || "application/octet-stream" }
  }
  const value = isJson(type) ? parsed(text) : undefined
  return value === undefined ? clean.text(text) : clean.json(value)
}

/** In the charset that the type names, else UTF-8; undefined for what is no text in it, or has NUL in it as binary files do. */
function textOf(bytes: Uint8Array, type: string): string | undefined {
  const charset = /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(type)?.[1] ?? "utf-8"
  try {
    const text = new TextDecoder(charset, { fatal: true, ignoreBOM: false }).decode(bytes)
    return text.includes("\0") ? undefined : text
  } catch {
    return charset.toLowerCase() === "utf-8" ? undefined : textOf(bytes, "")
  }
}

const mostDepth = 100

/** The JSON value of a text; undefined for what is none, or nested so deeply that walking through it would break the stack. */
function parsed(text: string): Json | undefined {
  if (depthOf(text) > mostDepth) return undefined
  try {
    // A key that would become a prototype where somebody copies it by assignment is left out.
    return /__proto__|\\u00/i.test(text)
      ? JSON.parse(text, (key, value: Json) => (key === "__proto__" ? undefined : value))
      : JSON.parse(text)
  } catch {
    return undefined
  }
}

function depthOf(text: string): number {
  let [depth, deepest] = [0, 0]
  for (let i = 0; i < text.length; i++) {
    const sign = text[i]
    if (sign === '"') {
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === "\\") i++
    } else if (sign === "{" || sign === "[") deepest = Math.max(deepest, ++depth)
    else if (sign === "}" || sign === "]") depth--
  }
  return deepest
}
