const mostChars = 1_000

/** A short message as JSON; undefined for whatever is none. */
export function parsed(message: string | ArrayBuffer): unknown {
  if (typeof message !== "string" || message.length > mostChars) return undefined
  try {
    return JSON.parse(message)
  } catch {
    return undefined
  }
}
