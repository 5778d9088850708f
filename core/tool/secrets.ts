/** `{{ credentials.key }}`: a secret of the tool, filled in where its request leaves or its program begins. */
const placeholder = /\{\{\s*credentials\.([A-Za-z_][A-Za-z0-9_]{0,63})\s*\}\}/g

/** The secrets that a text names, each once. */
export const secretsIn = (text: string): string[] => [
  ...new Set([...text.matchAll(placeholder)].map(([, name]) => name!)),
]

/** The text without its secrets: what is left of it may hold no other expression. */
export const withoutSecrets = (text: string): string => text.replace(placeholder, "")

/** The text with its secrets in it. A name that is not given is a fault of the caller. */
export const withSecrets = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(placeholder, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value === undefined) throw new Error(`no secret is given for ${name}`)
    return value
  })

/** Headers that hold no secret, and those that do: the latter are filled in where the request leaves, and by nobody before. */
export function partHeaders(headers: Readonly<Record<string, string>>): {
  open: Record<string, string>
  sealed: Record<string, string>
} {
  const parted: { open: Record<string, string>; sealed: Record<string, string> } = { open: {}, sealed: {} }
  for (const [name, text] of Object.entries(headers))
    parted[secretsIn(text).length > 0 ? "sealed" : "open"][name] = text
  return parted
}
