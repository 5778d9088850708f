const usualMs = 50
const mostCharacters = 4_096
/** A vendor may say everything at once; an event must fit into a row of the journal. */
const mostAtOnce = 65_536

/**
 * Gathers streamed text into chunks: what comes after a silence goes on at once, the rest `mostMs` after the chunk before or by
 * 4 KiB, whichever is sooner.
 */
export class DeltaBatch {
  private readonly send: (text: string) => void
  private readonly mostMs: number
  private text = ""
  /** Runs for as long as a chunk has just gone. */
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(send: (text: string) => void, mostMs: number = usualMs) {
    this.send = send
    this.mostMs = mostMs
  }

  add(text: string): void {
    this.text += text
    if (this.timer === undefined || this.text.length >= mostCharacters) this.pass()
  }

  flush(): void {
    this.stop()
    if (this.text === "") return
    const { text } = this
    this.text = ""
    for (let i = 0; i < text.length; i += mostAtOnce) this.send(text.slice(i, i + mostAtOnce))
  }

  /** Sends what there is, and waits before the next chunk; a silence ends the waiting. */
  private pass(): void {
    const isSome = this.text !== ""
    this.flush()
    if (isSome) this.timer = setTimeout(() => this.pass(), this.mostMs)
  }

  stop(): void {
    if (this.timer !== undefined) clearTimeout(this.timer)
    this.timer = undefined
  }
}
