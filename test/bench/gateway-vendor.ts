import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

/** A model server in a process of its own, so that its work is not counted as ours. Each of its words is the time at which it was sent. */

/** One clock for both processes. */
const now = (): number => performance.timeOrigin + performance.now()

const chunk = (delta: object, finish_reason: string | null = null): string =>
  `data: ${JSON.stringify({
    id: "chatcmpl-bench",
    object: "chat.completion.chunk",
    created: 1,
    model: "bench",
    choices: [{ index: 0, delta, finish_reason }],
  })}\n\n`

/** The model's name says how many words come how many milliseconds apart: `20x25`. */
function answer(model: string, arrived: number, response: ServerResponse): void {
  const [words = 1, pace = 0] = model.split("x").map(Number)
  response.writeHead(200, { "content-type": "text/event-stream" })
  response.write(chunk({ role: "assistant", content: `${arrived} ` }))
  let sent = 0
  const timer = setInterval(() => {
    response.write(chunk({ content: `${now()} ` }))
    if (++sent < words) return
    clearInterval(timer)
    response.write(chunk({}, "stop"))
    const usage = { prompt_tokens: 10, completion_tokens: words, total_tokens: words + 10 }
    response.write(
      `data: ${JSON.stringify({ id: "chatcmpl-bench", object: "chat.completion.chunk", created: 1, model, choices: [], usage })}\n\n`,
    )
    response.end("data: [DONE]\n\n")
  }, pace)
  response.on("close", () => clearInterval(timer))
}

const server = createServer((request, response) => {
  const arrived = now()
  let text = ""
  request.on("data", (piece: Buffer) => (text += piece.toString("utf8")))
  request.on("end", () => answer((JSON.parse(text) as { model: string }).model, arrived, response))
})
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port))
process.on("disconnect", () => process.exit(0))
