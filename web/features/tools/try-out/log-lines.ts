import type { ExecutionEvent } from "#core/execution/event"

/** One line of a call's log: what a program printed, or what a step says of itself. */
export type PrintedLine = {
  id: number
  from: "stdout" | "stderr" | "step"
  /** When its first sign came, ISO 8601. */
  at: string
  text: string
}

/** So many lines are one block, which stays the same once the next one has begun. */
const blockLength = 100

// Colours and cursors mean something to terminals only.
// oxlint-disable-next-line no-control-regex
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007]*\u0007|[@-_])/g

/** What a terminal would show of a line that was written over: the last that was written. */
const settledText = (text: string): string => {
  const plain = text.replace(escapes, "").replace(/\r+$/, "")
  return plain.slice(plain.lastIndexOf("\r") + 1)
}

type Raw = PrintedLine & { isWhole: boolean }

/**
 * The log of an execution as lines, made from its journal as it grows. What was read is not read again, and blocks that are full
 * keep their identity, so that a long log costs what is new of it.
 */
export class LogLines {
  readonly #blocks: PrintedLine[][] = []
  #open: Raw | undefined
  #read = 0
  #count = 0

  /** Every line so far, in blocks. */
  take(events: readonly ExecutionEvent[]): readonly (readonly PrintedLine[])[] {
    for (; this.#read < events.length; this.#read++) {
      const event = events[this.#read]!
      if (event.type !== "tool.log" && event.type !== "node.log") continue
      const { message, stream } = event.data
      if (stream === undefined) this.#line(event.at, "step", message)
      else this.#pieces(event.at, stream, message)
    }
    return this.#blocks
  }

  #pieces(at: string, from: "stdout" | "stderr", text: string): void {
    const parts = text.split("\n")
    for (const [i, part] of parts.entries()) {
      const isLast = i === parts.length - 1
      if (isLast && part === "") continue
      const open = this.#open
      if (open && !open.isWhole && open.from === from) this.#grow(open, part, !isLast)
      else this.#put({ id: this.#count++, from, at, text: part, isWhole: !isLast })
    }
  }

  #line(at: string, from: "step", text: string): void {
    this.#put({ id: this.#count++, from, at, text, isWhole: true })
  }

  #grow(open: Raw, more: string, isWhole: boolean): void {
    const next = { ...open, text: open.text + more, isWhole }
    this.#open = next
    const block = this.#blocks.at(-1)!
    this.#blocks[this.#blocks.length - 1] = [...block.slice(0, -1), shown(next)]
  }

  #put(line: Raw): void {
    this.#open = line
    const block = this.#blocks.at(-1)
    if (!block || block.length >= blockLength) this.#blocks.push([shown(line)])
    else this.#blocks[this.#blocks.length - 1] = [...block, shown(line)]
  }
}

const shown = ({ id, from, at, text }: Raw): PrintedLine => ({ id, from, at, text: settledText(text) })

/** The whole log as one text, to be copied. */
export const textOf = (blocks: readonly (readonly PrintedLine[])[]): string =>
  blocks.flatMap((block) => block.map(({ text }) => text)).join("\n")
