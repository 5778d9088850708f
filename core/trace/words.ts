import { mostText } from "./span.ts"

/** OpenTelemetry's names of vendors, where they differ from ours. */
const vendors: Record<string, string> = {
  google: "gcp.gemini",
  xai: "x_ai",
  workers_ai: "cloudflare.workers_ai",
}

/** `gen_ai.provider.name` of a provider type. */
export const providerName = (type: string): string => (Object.hasOwn(vendors, type) ? vendors[type]! : type)

/** The beginning of a text, without a half of a pair of surrogates at its end. */
export function excerpt(text: string, most = mostText): string {
  if (text.length <= most) return text
  const cut = text.slice(0, most - 1)
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`
}

/** An address that may be kept: names of its query without their values, and neither a password nor a fragment. */
export function redactUrl(url: string): string {
  const [whole = "", query] = url.replace(/#.*$/s, "").split(/\?(.*)/s)
  const place = whole.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, "$1REDACTED@")
  if (query === undefined) return place
  return `${place}?${query.replace(/(^|&)([^=&]*)=[^&]*/g, "$1$2=REDACTED")}`
}

/** `server.address` of an address. */
export const hostOf = (url: string): string | undefined =>
  /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?(\[[^\]]*\]|[^/?#:]+)/i.exec(url)?.[1]

/** The texts in a step's resolved fields, one after the other: the prompt of a model step is among them. */
export function wordsOf(value: unknown, most = mostText): string {
  const words: string[] = []
  let left = most
  const gather = (one: unknown): void => {
    if (left <= 0) return
    if (typeof one === "string") {
      const part = one
        .slice(0, 4 * most)
        .trim()
        .slice(0, left)
      if (part !== "") words.push(part)
      left -= part.length + 1
    } else if (typeof one === "object" && one !== null) {
      for (const inner of Object.values(one)) gather(inner)
    }
  }
  gather(value)
  return words.join("\n")
}
