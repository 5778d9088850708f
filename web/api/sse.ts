/** One server-sent event as the wire gives it. */
export type ServerEvent = { id: string | undefined; event: string; data: string }

/**
 * Reads server-sent events from a response body, as https://html.spec.whatwg.org/multipage/server-sent-events.html says.
 * `EventSource` is not used: it cannot send an access token and hides the status of a refusal.
 */
export async function* readServerEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent, void> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let rest = ""
  let lines: string[] = []
  try {
    for (;;) {
      const { done, value } = await reader.read()
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true })
      // A carriage return at the very end may be half of a line break, as long as more can come.
      const whole = rest.endsWith("\r") && !done ? rest.length - 1 : rest.length
      const parts = rest.slice(0, whole).split(/\r\n|\n|\r/)
      rest = parts.pop()! + rest.slice(whole)
      for (const line of parts) {
        if (line !== "") lines.push(line)
        else {
          const event = eventOf(lines)
          lines = []
          if (event) yield event
        }
      }
      if (done) return
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function eventOf(lines: readonly string[]): ServerEvent | null {
  const data: string[] = []
  let id: string | undefined
  let event = "message"
  for (const line of lines) {
    const colon = line.indexOf(":")
    if (colon === 0) continue
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "")
    if (field === "data") data.push(value)
    else if (field === "id") id = value
    else if (field === "event") event = value
  }
  return data.length > 0 ? { id, event, data: data.join("\n") } : null
}
