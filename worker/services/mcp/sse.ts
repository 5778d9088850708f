/** The data of each event of a `text/event-stream`, in order. An event that is not ended by an empty line is none. */
export async function* eventData(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ""
  let data: string[] = []
  try {
    for (;;) {
      const { done, value } = await reader.read()
      // At the end there is no LF to come.
      rest += done ? "\n" : value
      // A lone CR ends a line too, unless its LF is still to come.
      const lines = rest.split(/\r\n|\n|\r(?!$)/)
      rest = lines.pop()!
      for (const line of lines) {
        if (line === "") {
          if (data.length > 0) yield data.join("\n")
          data = []
        } else if (line === "data" || line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""))
      }
      if (done) return
    }
  } finally {
    void reader.cancel().catch(() => {})
  }
}
