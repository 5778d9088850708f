import type { ServerResponse } from "node:http"
import type { LogReader } from "../runs/log.ts"
import type { RunRecord } from "../runs/record.ts"

const pieceBytes = 65_536

/** Frames that came in one turn leave in one piece. */
function nextPiece(reader: LogReader): string {
  let piece = ""
  while (piece.length < pieceBytes) {
    const line = reader.next()
    if (line === undefined) break
    piece += line
  }
  return piece
}

/** Writes a run's frames as they come, from a number on; answers when all is written or the reader is gone. */
export function streamFrames(res: ServerResponse, record: RunRecord, after: number): Promise<void> {
  if (res.destroyed) return Promise.resolve()
  res.writeHead(200, {
    "content-type": "application/x-ndjson",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-run-id": record.id,
  })
  res.flushHeaders()
  return new Promise((resolve) => {
    let isBlocked = false
    let isScheduled = false
    const write = (): void => {
      isScheduled = false
      while (!isBlocked && !reader.isDone) {
        const piece = nextPiece(reader)
        if (piece === "") return
        isBlocked = !res.write(piece)
      }
      if (reader.isDone) res.end()
    }
    const reader = record.log.read(after, () => {
      if (isScheduled) return
      isScheduled = true
      queueMicrotask(write)
    })
    res.on("drain", () => {
      isBlocked = false
      write()
    })
    res.once("close", () => {
      reader.close()
      resolve()
    })
    write()
  })
}
