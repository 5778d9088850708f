/** The lines of a stream of text, each without its end; throws when one is longer than `most` characters. */
export async function* linesOf(
  body: ReadableStream<Uint8Array>,
  most: number,
): AsyncGenerator<string, void, void> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let parts: string[] = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      let text = decoder.decode(value, { stream: true })
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
        parts.push(text.slice(0, end))
        yield parts.join("")
        parts = []
        length = 0
        text = text.slice(end + 1)
      }
      parts.push(text)
      length += text.length
      if (length > most) throw new RangeError("a line is too long")
    }
  } finally {
    // Whoever has read enough lets the connection go.
    await reader.cancel().catch(() => {})
  }
}
