/** How long a server asks us to wait: milliseconds, seconds or a date (RFC 9110 §10.2.3), and never longer than `longestMs`. */
export function retryAfter(headers: Headers, now: number, longestMs: number): number | undefined {
  const exact = Number(headers.get("retry-after-ms") ?? Number.NaN)
  const text = headers.get("retry-after")
  const seconds = text === null ? Number.NaN : Number(text)
  const date = text === null ? Number.NaN : Date.parse(text) - now
  const wait = [exact, seconds * 1_000, date].find((one) => Number.isFinite(one))
  return wait === undefined ? undefined : Math.min(longestMs, Math.max(0, Math.round(wait)))
}

const patienceMs = 2_000

/** The first characters of an answer, as far as they come in two seconds; lets go of the rest. */
export async function beginningOf(response: Response, most: number): Promise<string> {
  const reader = response.body?.getReader()
  if (!reader) return ""
  const decoder = new TextDecoder()
  const patience = setTimeout(() => void reader.cancel().catch(() => {}), patienceMs)
  let text = ""
  try {
    while (text.length < most) {
      const { done, value } = await reader.read()
      if (done) break
      text += decoder.decode(value, { stream: true })
    }
  } catch {
    // The status says what is needed; a body that breaks off adds nothing.
  }
  clearTimeout(patience)
  void reader.cancel().catch(() => {})
  return text
}
