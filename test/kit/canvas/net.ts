import { WebSocket } from "ws"
import type { Opening, Wire } from "./window.ts"

/** Opens a flow's canvas over the network, as a page or a program does. */
export async function openWire(
  address: string,
  flow: string,
  token: string,
  { client, since }: Opening,
): Promise<Wire> {
  const query = new URLSearchParams({ client, ...(since === undefined ? {} : { since: String(since) }) })
  const url = `${address.replace("http", "ws")}/api/v1/flows/${flow}/canvas?${query.toString()}`
  const socket = new WebSocket(url, {
    headers: { authorization: `Bearer ${token}` },
    origin: address,
    // As browsers do. A compressor for each of a thousand people is more than the server is to hold.
    perMessageDeflate: true,
  })
  socket.binaryType = "nodebuffer"
  const early: (string | Uint8Array)[] = []
  let hear = (data: string | Uint8Array): void => void early.push(data)
  let gone: (code: number) => void = () => {}
  socket.on("message", (data: Buffer, isBinary: boolean) => hear(isBinary ? data : data.toString()))
  socket.on("close", (code) => gone(code))
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve)
    socket.once("error", reject)
  })
  if (socket.extensions !== "") throw new Error(`The server compresses each socket: ${socket.extensions}`)
  socket.on("error", () => socket.terminate())
  return {
    send: (data) => socket.send(data),
    close: () => socket.terminate(),
    onMessage: (next) => {
      hear = next
      for (const data of early.splice(0)) next(data)
    },
    onClose: (next) => (gone = next),
  }
}
