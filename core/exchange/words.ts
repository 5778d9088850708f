/** A place in a scope: where it begins, and the fields on the way. */
export type Path = readonly (string | number)[]

const plainName = /^[A-Za-z_]\w*$/
const reserved = new Set(["and", "or", "in", "true", "false", "null", "function"])

const step = (part: string | number): string => {
  if (typeof part === "number") return `[${part}]`
  return `.${plainName.test(part) && !reserved.has(part) ? part : `\`${part.replaceAll("`", "")}\``}`
}

/** Fields after an expression, as JSONata writes them: with quotes where a name needs them. */
export const steps = (path: Path): string => path.map(step).join("")

/** A path as JSONata writes it: `nodes.draft.text`. */
export const jsonata = (path: Path): string => steps(path).replace(/^\./, "")

/** A path as JavaScript reads it, without failing where something on the way is missing. */
export const javascript = (root: string, path: Path): string =>
  path.reduce<string>((left, part) => `${left}?.[${JSON.stringify(part)}]`, root)

/** A text as an expression. */
export const quoted = (text: string): string => JSON.stringify(text)

/** A text in which braces mean nothing, as a template. */
export const literal = (text: string): string =>
  text.includes("{{") ? text.replaceAll("{{", '{{ "{{" }}') : text

export const expression = (source: string): string => `{{ ${source} }}`

const untranslatedWords = "Write this anew"

/** What stands for an expression that has no counterpart: executed, it fails and says so. */
export const untranslated = (product: string, source: string): string =>
  `$error(${quoted(`${untranslatedWords}; in ${product} it was: ${source.replace(/\s+/g, " ").replaceAll("}}", "} }").slice(0, 300)}`)})`

/** A name of a node, made of whatever it is called elsewhere: small letters, digits and _, unlike all that are taken. */
export function nodeName(said: string, taken: ReadonlySet<string>): string {
  const letters = said
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|(?<!_)_+$/g, "")
    .slice(0, 40)
    .replace(/(?<!_)_+$/, "")
  const named = /^[a-z]/.test(letters) ? letters : letters === "" ? "step" : `step_${letters}`
  const base = reserved.has(named) || named === "constructor" || named === "prototype" ? `${named}_` : named
  for (let i = 1; ; i++) {
    const name = i === 1 ? base : `${base}_${i}`
    if (!taken.has(name)) return name
  }
}

/** The name of a route, as `nodeName`; some are taken by the kinds. */
export const routeName = (said: string, taken: ReadonlySet<string>): string =>
  nodeName(said, new Set([...taken, "else", "error", "out", "timeout"]))

/** Rich text as a browser's editor writes it, as the text that it shows. */
export function plainText(html: string): string {
  if (!/<(?:p|br|span|strong|em|ol|ul|li|h\d|code|pre|div|a|b|i)\b[^<>]*>/i.test(html)) return html
  return html
    .replace(/<li[^<>]*>\s*(?:<p[^<>]*>)?/gi, "- ")
    .replace(/<(?:strong|b)(?:\s[^<>]*)?>|<\/(?:strong|b)>/gi, "**")
    .replace(/<br\s*\/?>/gi, "\n")
    .replace(/<\/(?:p|li|h\d|div|pre|ol|ul)>/gi, "\n")
    .replace(/<\/?(?:p|br|span|em|ol|ul|li|h\d|code|pre|div|a|i|u)\b[^<>]*>/gi, "")
    .replace(/&nbsp;/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&")
    .replace(/\n{3,}/g, "\n\n")
    .trim()
}
