import type { RunFrame } from "../../core/contract/sandbox.ts"

type WithoutSeq<T> = T extends unknown ? Omit<T, "seq"> : never
export type Unnumbered = WithoutSeq<RunFrame>

export interface LogReader {
  /** The next line with its newline; undefined when there is none yet. */
  next(): string | undefined
  /** Whether the log has ended and this reader has had all of it. */
  readonly isDone: boolean
  close(): void
}

interface Line {
  seq: number
  text: string
}

interface Cursor {
  seq: number
  lag: number
  wake: () => void
}

/** What a run has told, as numbered lines: the last megabyte of it, for readers that come and go. */
export class FrameLog {
  readonly #ringBytes: number
  readonly #maxLag: number
  readonly #lines: Line[] = []
  readonly #cursors = new Set<Cursor>()
  #bytes = 0
  #seq = 0
  #ended = false
  #held: (() => void)[] = []

  constructor(ringBytes = 1_048_576, maxLag = 262_144) {
    this.#ringBytes = ringBytes
    this.#maxLag = maxLag
  }

  get bytes(): number {
    return this.#bytes
  }

  get readers(): number {
    return this.#cursors.size
  }

  /** Adds a frame. The promise is kept once no reader lags far behind: whoever writes much waits for it. */
  append(frame: Unnumbered): void | Promise<void> {
    const seq = ++this.#seq
    const text = `${JSON.stringify({ ...frame, seq })}\n`
    this.#lines.push({ seq, text })
    this.#bytes += text.length
    this.#ended = frame.type === "exit"
    // The last line stays whatever its size: it is the answer.
    while (this.#bytes > this.#ringBytes && this.#lines.length > 1)
      this.#bytes -= this.#lines.shift()?.text.length ?? 0
    for (const cursor of this.#cursors) {
      cursor.lag += text.length
      cursor.wake()
    }
    return this.#isCrowded ? new Promise((resolve) => this.#held.push(resolve)) : undefined
  }

  /** Reads what comes after a number; `wake` is called whenever there is more. What is no longer kept is told as a gap. */
  read(after: number, wake: () => void): LogReader {
    const cursor: Cursor = { seq: Math.min(after, this.#seq), lag: 0, wake }
    cursor.lag = this.#lines.reduce((sum, line) => sum + (line.seq > cursor.seq ? line.text.length : 0), 0)
    this.#cursors.add(cursor)
    const isDone = (): boolean => this.#ended && cursor.seq >= this.#seq
    return {
      next: () => this.#next(cursor),
      get isDone() {
        return isDone()
      },
      close: () => {
        this.#cursors.delete(cursor)
        this.#release()
      },
    }
  }

  #next(cursor: Cursor): string | undefined {
    const first = this.#lines[0]
    if (first === undefined || cursor.seq >= this.#seq) return undefined
    const missed = first.seq - cursor.seq - 1
    if (missed > 0) {
      cursor.seq = first.seq - 1
      return `${JSON.stringify({ type: "gap", seq: cursor.seq, missed })}\n`
    }
    const line = this.#lines[cursor.seq + 1 - first.seq]
    if (line === undefined) return undefined
    cursor.seq = line.seq
    cursor.lag -= line.text.length
    this.#release()
    return line.text
  }

  get #isCrowded(): boolean {
    for (const cursor of this.#cursors) if (cursor.lag > this.#maxLag) return true
    return false
  }

  #release(): void {
    if (this.#held.length === 0 || this.#isCrowded) return
    const held = this.#held
    this.#held = []
    for (const go of held) go()
  }
}
