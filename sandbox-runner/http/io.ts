import type { RawData, WebSocket } from "ws"
import { IoUp } from "../../core/contract/sandbox.ts"
import type { Run } from "../backend.ts"
import { parseJson } from "../depth.ts"
import type { RunRecord } from "../runs/record.ts"
import { bytesOf } from "../utf8.ts"

export const maxIoBytes = 524_288
const maxBuffered = 262_144
const pollMs = 20

/** Joins a socket to a run: frames go down, input, size and signals come up. */
export function joinSocket(socket: WebSocket, record: RunRecord, after: number): void {
  sendFrames(socket, record, after)
  socket.on("error", () => socket.terminate())
  socket.on("message", (data, isBinary) => {
    const run = record.run
    const up = isBinary ? undefined : messageOf(textOf(data))
    if (up === undefined) socket.close(1008, "This message is not one of this protocol.")
    else if (run !== undefined) take(socket, run, up)
  })
}

const textOf = (data: RawData): string =>
  (Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data)).toString(
    "utf8",
  )

function messageOf(text: string): IoUp | undefined {
  const json = parseJson(text, 4)
  const parsed = json.ok ? IoUp.safeParse(json.value) : undefined
  return parsed?.success === true ? parsed.data : undefined
}

function take(socket: WebSocket, run: Run, up: IoUp): void {
  switch (up.type) {
    case "stdin":
      if (run.stdin(bytesOf(up))) return
      // The program does not read: neither do we, so that the sender's own buffers fill.
      socket.pause()
      void run.drained().then(() => socket.resume())
      return
    case "stdin_end":
      run.stdin(null)
      return
    case "resize":
      return run.resize(up.cols, up.rows)
    case "signal":
      return run.signal(up.name)
    default:
      up satisfies never
  }
}

function sendFrames(socket: WebSocket, record: RunRecord, after: number): void {
  let isScheduled = false
  const later = (ms: number): void => {
    if (isScheduled) return
    isScheduled = true
    setTimeout(send, ms)
  }
  const send = (): void => {
    isScheduled = false
    while (socket.readyState === socket.OPEN) {
      // A socket tells nobody when it has drained; it is asked again.
      if (socket.bufferedAmount > maxBuffered) return later(pollMs)
      const line = reader.next()
      if (line === undefined) break
      socket.send(line.trimEnd())
    }
    if (reader.isDone) socket.close(1000)
  }
  const reader = record.log.read(after, () => later(0))
  socket.once("close", () => reader.close())
  send()
}
