export interface Message {
  id: string | undefined
  data: string
}

/** Cuts a stream of server-sent events into messages, as the HTML standard tells a browser to; comments are passed over. */
export function createParser(): (text: string) => Message[] {
  let rest = ""
  return (text) => {
    const blocks = (rest + text).split("\n\n")
    rest = blocks.pop() ?? ""
    return blocks.flatMap((block) => {
      const fields = block.split("\n").map((line) => {
        const colon = line.indexOf(":")
        return { name: line.slice(0, colon), value: line.slice(colon + 1).replace(/^ /, "") }
      })
      const data = fields.filter(({ name }) => name === "data").map(({ value }) => value)
      if (data.length === 0) return []
      return [{ id: fields.find(({ name }) => name === "id")?.value, data: data.join("\n") }]
    })
  }
}
