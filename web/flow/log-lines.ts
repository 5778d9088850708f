import type { ExecutionEvent } from "#core/execution/event"
import { nodeKey } from "#core/execution/state"

/** One line of a log: what a program printed, or what a step says of itself. */
export type PrintedLine = {
  id: number
  from: "stdout" | "stderr" | "step"
  level: "info" | "warning" | "error"
  /** When its first sign came, ISO 8601. */
  at: string
  text: string
  node_id: string
  scope: string
}

// Colours and cursors mean something to terminals only.
// oxlint-disable-next-line no-control-regex
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007]*\u0007|[@-_])/g

/** What a terminal would show of a line that was written over: the last that was written. */
const settledText = (text: string): string => {
  const plain = text.replace(escapes, "").replace(/\r+$/, "")
  return plain.slice(plain.lastIndexOf("\r") + 1)
}

/** A line that is not whole yet: where it stands, and what was written of it. */
type Open = { index: number; raw: string }

type LogEvent = Extract<ExecutionEvent, { type: "node.log" | "tool.log" }>

/**
 * The log of an execution, or of a part of it, as lines, made from its journal as it grows. What was read is not read again, and a line
 * is another object only when it has grown, so that a long log costs what is new of it.
 */
export class LogLines {
  readonly #has: (nodeId: string, scope: string) => boolean
  readonly #lines: PrintedLine[] = []
  /** By attempt and stream: programs print at the same time. */
  readonly #open = new Map<string, Open>()
  #read = 0

  constructor(has: (nodeId: string, scope: string) => boolean = () => true) {
    this.#has = has
  }

  /** Reads what has come since, and gives every line so far. */
  take(events: readonly ExecutionEvent[]): readonly PrintedLine[] {
    for (; this.#read < events.length; this.#read++) {
      const event = events[this.#read]!
      if ((event.type === "tool.log" || event.type === "node.log") && event.node_id !== undefined)
        if (this.#has(event.node_id, event.scope ?? "")) this.#log(event, event.node_id)
    }
    return this.#lines
  }

  #log(event: LogEvent, node_id: string): void {
    const { at, attempt = 1, scope = "" } = event
    const { message, stream } = event.data
    const level = event.type === "node.log" ? event.data.level : "info"
    const said = { level, at, node_id, scope }
    if (stream === undefined) {
      this.#put({ ...said, from: "step", text: message })
      return
    }
    const key = `${nodeKey(node_id, scope)} ${attempt} ${stream}`
    const parts = message.split("\n")
    for (const [i, part] of parts.entries()) {
      const isWhole = i < parts.length - 1
      const open = this.#open.get(key)
      if (open) {
        open.raw += part
        this.#lines[open.index] = { ...this.#lines[open.index]!, text: settledText(open.raw) }
        if (isWhole) this.#open.delete(key)
      } else if (isWhole || part !== "") {
        const index = this.#put({ ...said, from: stream, text: settledText(part) })
        if (!isWhole) this.#open.set(key, { index, raw: part })
      }
    }
  }

  #put(line: Omit<PrintedLine, "id">): number {
    const id = this.#lines.length
    this.#lines.push({ ...line, id })
    return id
  }
}

/** A log as one text, to be copied. */
export const textOf = (lines: readonly PrintedLine[]): string => lines.map(({ text }) => text).join("\n")
