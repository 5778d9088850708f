import { isJsonObject, type Json } from "#core/json"

/**
 * The one spelling of a JSON value, RFC 8785 (JCS): members sorted by UTF-16 code units, numbers and strings as ECMAScript writes
 * them, no space. Throws a TypeError for what I-JSON (RFC 7493) does not have: lone surrogates, NaN, infinities.
 */
export function canonical(value: Json): string {
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw new TypeError("a lone surrogate has no canonical form")
    return JSON.stringify(value)
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no canonical form`)
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (!isJsonObject(value)) return JSON.stringify(value)
  const members = Object.keys(value)
    .sort()
    .map((name) => `${canonical(name)}:${canonical(value[name]!)}`)
  return `{${members.join(",")}}`
}

/** The same value as canonical JSON can hold it: lone surrogates become U+FFFD, and of two names that then are one the last counts. */
export function wellFormed(value: Json): Json {
  if (typeof value === "string") return value.toWellFormed()
  if (typeof value === "number") return Number.isFinite(value) ? value : null
  if (Array.isArray(value)) return value.map(wellFormed)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toWellFormed(), wellFormed(member)]),
  )
}
