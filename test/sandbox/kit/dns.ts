import { createSocket } from "node:dgram"
import { once } from "node:events"

/** What a name leads to, at the n-th time it is asked for; by default nothing. */
export type Zone = Record<string, string[] | ((asked: number) => string[])>

/** A name server on a port of its own that answers with a life of zero seconds, so that every look-up asks again. */
export async function nameServer(zone: Zone) {
  const asked: string[] = []
  const socket = createSocket("udp4")
  socket.on("message", (query, from) => {
    const { name, end } = nameAt(query, 12)
    const type = query.readUInt16BE(end)
    if (type === 1) asked.push(name)
    const entry = zone[name]
    const all =
      typeof entry === "function" ? entry(asked.filter((one) => one === name).length) : (entry ?? [])
    const fitting = all.filter((address) => address.includes(":") === (type === 28))
    const head = Buffer.from(query.subarray(0, end + 4))
    head.writeUInt16BE(entry === undefined ? 0x8183 : 0x8180, 2)
    head.writeUInt16BE(1, 4)
    head.writeUInt16BE(fitting.length, 6)
    head.writeUInt32BE(0, 8)
    socket.send(
      Buffer.concat([head, ...fitting.map((address) => record(type, address))]),
      from.port,
      from.address,
    )
  })
  socket.bind(0, "127.0.0.1")
  await once(socket, "listening")
  return { address: `127.0.0.1:${socket.address().port}`, asked, close: () => socket.close() }
}

function nameAt(message: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = []
  let at = start
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(
      message
        .subarray(at + 1, at + 1 + length)
        .toString("latin1")
        .toLowerCase(),
    )
    at += length + 1
  }
  return { name: labels.join("."), end: at + 1 }
}

function record(type: number, address: string): Buffer {
  const bytes = type === 1 ? Buffer.from(address.split(".").map(Number)) : v6(address)
  const head = Buffer.alloc(12)
  head.writeUInt16BE(0xc00c, 0)
  head.writeUInt16BE(type, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt32BE(0, 6)
  head.writeUInt16BE(bytes.length, 10)
  return Buffer.concat([head, bytes])
}

/** An address without the dotted form. */
function v6(address: string): Buffer {
  const [head = "", tail = ""] = address.split("::")
  const groups = (text: string): string[] => (text === "" ? [] : text.split(":"))
  const missing = 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array.from({ length: missing }, () => "0"), ...groups(tail)]
  return Buffer.from(all.map((group) => group.padStart(4, "0")).join(""), "hex")
}
