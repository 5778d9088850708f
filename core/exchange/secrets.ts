import { isJsonObject, type Json, type JsonObject } from "#core/json"
import type { Document } from "./read.ts"

/** A secret that stood in a file: where, and under which name. */
export type FoundSecret = { path: string; name: string; value: string }

/** The text is searched for each of them; who keeps more in one file keeps a list of passwords, and no flow. */
export const mostSecrets = 200

/** What stands in a secret's place. */
export const removed = "(removed)"

/** Names under which secrets are kept. */
const secretName =
  /^(?:.*[_-])?(?:api[_-]?key|apikey|secret|client[_-]?secret|password|passwd|pwd|access[_-]?token|auth[_-]?token|refresh[_-]?token|bearer[_-]?token|private[_-]?key|authorization|x-api-key|token|pass)$/i

/** Texts that are secrets wherever they stand: keys of well known vendors, tokens, and passwords in addresses. */
const secretText =
  /(?<![A-Za-z0-9])(?:sk-(?:ant-|proj-|or-v1-)?[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{40,}|glpat-[A-Za-z0-9_-]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|AKIA[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{30,}|eck_[A-Za-z0-9_]{20,}|hf_[A-Za-z0-9]{30,}|gsk_[A-Za-z0-9]{30,}|eyJ[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,})/g
const inAddress = /:\/\/[^/\s:@{}]+:([^/\s@{}]{3,})@/g
const inCode = /\b(?:password|passwd|pwd|api_?key|secret|token)\s*[:=]\s*['"]([^'"\s]{4,})['"]/gi
const bearer = /\b(?:Bearer|Basic)\s+([A-Za-z0-9+/._~=-]{12,})/g

/** What a person writes who keeps the secret elsewhere. */
const isPlaceholder = (text: string): boolean =>
  text.includes("{{") ||
  text.includes(removed) ||
  text.startsWith("=") ||
  text.startsWith("$") ||
  /your[-_ ]?(?:api|token|key|password|secret)/i.test(text) ||
  /^(?:<.*>|\*+|x{3,}|\.{3}|your[-_ ].*|change[-_ ]?me|placeholder|string|text|password|secret|token|none|null|true|false)$/i.test(
    text,
  )

/** A name rather than a key, such as an example's `orders`; passwords may be words. */
const isWord = (text: string, name: string): boolean =>
  /^[a-z]+(?:[_:.-][a-z]+)*$/.test(text) && !/pass|pwd|^secret$/i.test(name)

/** Every secret in a document. Schemas of APIs speak of fields called `password` and hold none. */
export function secretsIn(root: JsonObject): FoundSecret[] {
  const found: FoundSecret[] = []
  const open: { value: Json; path: string; name: string }[] = [{ value: root, path: "", name: "" }]
  for (let one = open.pop(); one; one = open.pop()) {
    const { value, path, name } = one
    if (typeof value === "string") found.push(...inText(value, path, name))
    else if (Array.isArray(value))
      value.forEach((inner, i) => open.push({ value: inner, path: `${path}.${i}`, name: "" }))
    else if (isJsonObject(value)) open.push(...fieldsOf(value, path))
  }
  return found
}

/** A pair `{ name: "Authorization", value: … }` names its value as a field would. */
const fieldsOf = (value: JsonObject, path: string) => {
  const said = value["name"] ?? value["key"] ?? value["inputArgName"] ?? value["variable"]
  const pair = value["value_type"] === "secret" ? "secret" : said
  return Object.entries(value).map(([key, inner]) => ({
    value: inner,
    path: path === "" ? key : `${path}.${key}`,
    name: key === "value" && typeof pair === "string" ? pair : key,
  }))
}

function inText(text: string, path: string, name: string): FoundSecret[] {
  const parts = [
    ...[...text.matchAll(secretText)].map((match) => match[0]),
    ...[inAddress, bearer, inCode].flatMap((sign) => [...text.matchAll(sign)].map((match) => match[1]!)),
  ].filter((part) => !isPlaceholder(part))
  if (parts.length > 0) return [...new Set(parts)].map((value) => ({ path, name, value }))
  const isNamed = secretName.test(name) && text.length >= 4 && text.length <= 5_000 && !/\s/.test(text.trim())
  return isNamed && !isPlaceholder(text) && !isWord(text, name) ? [{ path, name, value: text }] : []
}

/**
 * The document without its secrets. Of the text only they are different, so that a file without secrets stays as it is to the byte;
 * where a secret cannot be found in the text as it is written, the text is written anew. Undefined of a document with too many.
 */
export function withoutSecrets(
  document: Document,
): { document: Document; secrets: FoundSecret[] } | undefined {
  const secrets = secretsIn(document.value)
  if (secrets.length === 0) return { document, secrets }
  const values = [...new Set(secrets.map((one) => one.value))].toSorted((a, b) => b.length - a.length)
  if (values.length > mostSecrets) return undefined
  const cleaned = (text: string): string =>
    values.reduce((left, value) => left.replaceAll(value, removed), text)
  const written = (value: string): string => JSON.stringify(value).slice(1, -1)
  const text = values.reduce(
    (left, value) => left.replaceAll(value, removed).replaceAll(written(value), removed),
    document.text,
  )
  const value = mapped(document.value, cleaned)
  return { document: { ...document, value: value as JsonObject, text }, secrets }
}

function mapped(value: Json, change: (text: string) => string): Json {
  if (typeof value === "string") return change(value)
  if (Array.isArray(value)) return value.map((one) => mapped(one, change))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapped(one, change)]))
}
