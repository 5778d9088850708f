import { asText, isJsonObject, type Json, type JsonObject } from "#core/json"

/**
 * The words of the Model Context Protocol that both a call of a tool and the import of one need. Versions from 2026-07-28 on say
 * with each request what they are; those before begin with a handshake.
 */
export const mcpVersion = "2026-07-28"
export const legacyMcpVersion = "2025-11-25"

const token = /^[\w!#$%&'*+.^`|~-]+$/

type Mirrored = { name: string; path: string[] }

/** What of a schema is mirrored into headers (`x-mcp-header`), or why the tool must not be used. */
export function mirrorsOf(
  schema: JsonObject,
): { ok: true; mirrors: Mirrored[] } | { ok: false; message: string } {
  const mirrors: Mirrored[] = []
  let wrong: string | undefined
  const names = new Set<string>()
  const walk = (value: Json, path: string[] | undefined, depth: number): void => {
    if (depth > 32 || wrong !== undefined || typeof value !== "object" || value === null) return
    if (Array.isArray(value)) return value.forEach((one) => walk(one, undefined, depth + 1))
    const header = value["x-mcp-header"]
    if (header !== undefined) {
      if (typeof header !== "string" || !token.test(header)) wrong = "An x-mcp-header is no name of a header."
      else if (names.has(header.toLowerCase())) wrong = `The x-mcp-header ${header} stands twice.`
      else if (!path || path.length === 0) wrong = `The x-mcp-header ${header} stands where no argument is.`
      else if (!["string", "integer", "boolean"].includes(asText(value["type"] ?? "")))
        wrong = `The x-mcp-header ${header} is for texts, whole numbers and booleans.`
      else mirrors.push({ name: header, path })
      names.add(asText(header).toLowerCase())
    }
    for (const [key, one] of Object.entries(value)) {
      if (key === "enum" || key === "const" || key === "default" || key === "examples") continue
      if (key !== "properties" || !isJsonObject(one)) walk(one, undefined, depth + 1)
      else for (const [name, inner] of Object.entries(one)) walk(inner, path && [...path, name], depth + 1)
    }
  }
  walk(schema, [], 0)
  return wrong === undefined ? { ok: true, mirrors } : { ok: false, message: wrong }
}

/** The arguments of a call that its server wants to see in headers. */
export function mirroredHeaders(schema: JsonObject, args: JsonObject): Record<string, string> {
  const read = mirrorsOf(schema)
  const headers: Record<string, string> = {}
  for (const { name, path } of read.ok ? read.mirrors : []) {
    const value = path.reduce<Json | undefined>(
      (at, part) => (isJsonObject(at) && Object.hasOwn(at, part) ? at[part] : undefined),
      args,
    )
    if (value !== undefined && value !== null) headers[`Mcp-Param-${name}`] = headerText(asText(value))
  }
  return headers
}

/** A text as the value of a header: what is no plain ASCII, or would be taken for this very encoding, goes as base64. */
export function headerText(text: string): string {
  const plain = /^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/.test(text)
  return plain && !/^=\?base64\?.*\?=$/.test(text) ? text : `=?base64?${base64(text)}?=`
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/** `core` has no btoa; header values are short. */
function base64(text: string): string {
  const bytes = utf8(text)
  let made = ""
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = bytes.slice(i, i + 3)
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0)
    made += alphabet[bits >> 18]! + alphabet[(bits >> 12) & 63]!
    made += b === undefined ? "=" : alphabet[(bits >> 6) & 63]!
    made += c === undefined ? "=" : alphabet[bits & 63]!
  }
  return made
}

const utf8 = (text: string): number[] =>
  Array.from(encodeURIComponent(text.toWellFormed()).matchAll(/%([0-9A-F]{2})|(.)/g), ([, hex, sign]) =>
    hex === undefined ? sign!.charCodeAt(0) : Number.parseInt(hex, 16),
  )

/** The answer of a tool: what it says in structure, else its text, else its parts. */
export function answerOfResult(result: JsonObject): Json {
  const { structuredContent, content } = result
  if (structuredContent !== undefined) return structuredContent
  const parts = (Array.isArray(content) ? content : []).filter(isJsonObject)
  const texts = parts.map((one) => (one["type"] === "text" ? one["text"] : undefined))
  if (texts.every((one) => typeof one === "string")) return texts.join("\n")
  return parts
}

/** The words of a result, for a failure that says them. */
export const wordsOfResult = (result: JsonObject): string => {
  const answer = answerOfResult({ content: result["content"] ?? [] })
  return typeof answer === "string" ? answer : JSON.stringify(answer)
}
