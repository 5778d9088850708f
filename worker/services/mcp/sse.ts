/** The data of each event of a `text/event-stream`, in order. An event that is not ended by an empty line is none. */
export async function* eventData(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader()
  let rest = ""
  let data: string[] = []
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      rest += value
      // A lone CR ends a line too, unless its LF is still to come.
      const lines = rest.split(/\r\n|\n|\r(?!$)/)
      rest = lines.pop()!
      for (const line of lines) {
        if (line === "") {
          if (data.length > 0) yield data.join("\n")
          data = []
        } else if (line === "data" || line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""))
      }
    }
  } finally {
    void reader.cancel().catch(() => {})
  }
}
