import { readJson } from "#core/strict-json"
import { mostResultBytes, type Print } from "../place.ts"

/**
 * What a program prints to stdout: its log, and in its last line its result, if that is an object of JSON. A line that may be it is
 * held back until something follows; all else goes on at once.
 */
export class Output {
  private readonly print: Print
  /** A line that began with a brace, as far as it has come. */
  private held = ""
  private isHolding = false
  private isLineStart = true

  constructor(print: Print) {
    this.print = print
  }

  write(text: string): void {
    let open = ""
    for (const piece of piecesOf(text)) {
      if (this.isLineStart && this.isHolding && piece.trim() !== "") {
        // Something follows, so what was held is no result.
        open += this.release()
      }
      if (this.isLineStart && !this.isHolding && piece.startsWith("{")) this.isHolding = true
      if (this.isHolding) {
        this.held += piece
        if (this.held.length > mostResultBytes) open += this.release()
      } else open += piece
      this.isLineStart = piece.endsWith("\n")
    }
    if (open !== "") this.print("stdout", open)
  }

  private release(): string {
    const { held } = this
    this.held = ""
    this.isHolding = false
    return held
  }

  /** The object in the last line; undefined when there is none, and the line is part of the log. */
  end(): object | undefined {
    const last = this.release()
    const found = objectIn(last)
    if (!found && last !== "") this.print("stdout", last)
    return found
  }
}

/** The lines of a text, each with its end. */
const piecesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

function objectIn(text: string): object | undefined {
  const read = text === "" ? undefined : readJson(text)
  const value = read?.ok ? read.value : undefined
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined
}
