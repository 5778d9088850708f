import type { ProgramStream } from "#core/tool/program"
import { DeltaBatch } from "./delta-batch.ts"

/** Characters that the journal keeps of what one attempt prints. */
const mostCharacters = 262_144

/** A log is watched as it is written: from the program to the page it may take 50 ms in all. */
const pauseMs = 20

/** Gathers what a program prints into pieces for the journal, in the order in which it came; what is too much is left out, and that is said. */
export class LogBatch {
  private readonly send: (stream: ProgramStream, text: string) => void
  private readonly batches: Record<ProgramStream, DeltaBatch>
  private last: ProgramStream | undefined
  private room = mostCharacters

  constructor(send: (stream: ProgramStream, text: string) => void) {
    this.send = send
    this.batches = {
      stdout: new DeltaBatch((text) => this.send("stdout", text), pauseMs),
      stderr: new DeltaBatch((text) => this.send("stderr", text), pauseMs),
    }
  }

  add(stream: ProgramStream, text: string): void {
    if (text === "" || this.room < 0) return
    if (this.last !== undefined && this.last !== stream) this.batches[this.last].flush()
    this.last = stream
    const kept = text.slice(0, this.room)
    this.room -= text.length
    this.batches[stream].add(kept)
    if (this.room >= 0) return
    this.batches[stream].flush()
    this.send(
      stream,
      `\n… the log holds ${mostCharacters.toLocaleString("en")} characters; the rest is left out.\n`,
    )
  }

  flush(): void {
    if (this.last !== undefined) this.batches[this.last].flush()
  }
}
