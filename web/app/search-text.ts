/** `?status=failed,timed_out&q=42`: what stands in a URL is text a person may read and type; the routes' schemas make values of it. */
export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text))
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    if (value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)) continue
    params.set(name, Array.isArray(value) ? value.join(",") : String(value))
  }
  // Commas and colons need no escape in a query (RFC 3986) and read better without.
  const written = params.toString().replaceAll("%2C", ",").replaceAll("%3A", ":")
  return written ? `?${written}` : ""
}
