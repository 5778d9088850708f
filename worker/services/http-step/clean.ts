import type { Json } from "#core/json"
import { base64Of, binaryOf, bytesOf } from "./base64.ts"

/** Takes what was secret in a request out of everything that comes back: servers like to repeat what they were sent. */
export type Cleaner = {
  text(text: string): string
  json(value: Json): Json
  /** Bytes as a string of one sign each; as long as before. */
  binary(text: string): string
  /** Everything that is looked for. */
  spellings: readonly string[]
}

const mark = "[secret]"

const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

/** The spellings in which a server may repeat a text. */
function spellingsOf(secret: string): string[] {
  const percent = encodeURIComponent(secret)
  const base64 = base64Of(bytesOf(secret))
  return [
    secret,
    percent,
    percent.replace(/%[\dA-F]{2}/g, (one) => one.toLowerCase()),
    new URLSearchParams([["", secret]]).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
    escapeHtml(secret),
    base64.replace(/(?<!=)=+$/, ""),
    base64
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replace(/(?<!=)=+$/, ""),
  ]
}

/** A cleaner for what `addCredential` says was sent; without secrets it changes nothing. */
export function cleanerOf(secrets: readonly string[]): Cleaner {
  // The longest first: a spelling may hold a shorter one.
  const known = [...new Set(secrets.flatMap(spellingsOf))].sort((a, b) => b.length - a.length)
  const bytes = known.map((one) => binaryOf(bytesOf(one)))
  const text = (dirty: string) => known.reduce((now, one) => now.replaceAll(one, mark), dirty)
  const json = (value: Json): Json => {
    if (typeof value === "string") return text(value)
    if (Array.isArray(value)) return value.map(json)
    if (typeof value !== "object" || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [text(key), json(one)]))
  }
  return {
    text,
    spellings: known,
    json: known.length === 0 ? (value) => value : json,
    binary: (dirty) => bytes.reduce((now, one) => now.replaceAll(one, "*".repeat(one.length)), dirty),
  }
}
