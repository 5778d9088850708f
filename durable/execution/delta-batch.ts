const mostMs = 50
const mostCharacters = 4_096
/** A vendor may say everything at once; an event must fit into a row of the journal. */
const mostAtOnce = 65_536

/** Gathers streamed text into chunks: the first goes on at once, the rest after 50 ms or 4 KiB, whichever is sooner. */
export class DeltaBatch {
  private readonly send: (text: string) => void
  private text = ""
  private timer: ReturnType<typeof setTimeout> | undefined
  private isFirst = true

  constructor(send: (text: string) => void) {
    this.send = send
  }

  add(text: string): void {
    this.text += text
    if (this.isFirst || this.text.length >= mostCharacters) this.flush()
    else this.timer ??= setTimeout(() => this.flush(), mostMs)
  }

  flush(): void {
    this.stop()
    if (this.text === "") return
    const { text } = this
    this.text = ""
    this.isFirst = false
    for (let i = 0; i < text.length; i += mostAtOnce) this.send(text.slice(i, i + mostAtOnce))
  }

  stop(): void {
    if (this.timer !== undefined) clearTimeout(this.timer)
    this.timer = undefined
  }
}
