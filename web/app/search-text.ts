/**
 * `?status=failed,timed_out&q=42`: what stands in a URL is text that a person may read and type; the routes' schemas make
 * values of it.
 */
export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text))
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    const text = Array.isArray(value) ? value.map(write).join(",") : write(value)
    if (text !== "") params.set(name, text)
  }
  // Commas and colons need no escape in a query (RFC 3986) and read better without.
  const written = params.toString().replaceAll("%2C", ",").replaceAll("%3A", ":")
  return written ? `?${written}` : ""
}

function write(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? `${value}`
    : ""
}
