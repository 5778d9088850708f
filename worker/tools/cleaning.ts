import { cleanerOf } from "#worker/services/http-step/clean"
import type { ProgramStream } from "#core/tool/program"
import type { Print } from "./place.ts"

/**
 * Takes secrets out of what a program prints, also where one comes in two pieces: the end of a piece that may be the beginning of
 * a secret waits for the next one.
 */
export class CleanPrint {
  private readonly print: Print
  private readonly longest: number
  private readonly starts: ReadonlySet<string>
  private readonly clean: (text: string) => string
  private readonly spellings: readonly string[]
  private readonly held: Record<ProgramStream, string> = { stdout: "", stderr: "" }

  constructor(secrets: readonly string[], print: Print) {
    this.print = print
    const cleaner = cleanerOf(secrets)
    const { spellings } = cleaner
    this.clean = (text) => cleaner.text(text)
    this.longest = Math.max(0, ...spellings.map((one) => one.length))
    // By its first sign most text is seen to begin no secret.
    this.starts = new Set(spellings.map((one) => one[0]!))
    this.spellings = spellings
  }

  write(stream: ProgramStream, text: string): void {
    const whole = this.clean(this.held[stream] + text)
    const keep = this.beginningAtEnd(whole)
    this.held[stream] = whole.slice(whole.length - keep)
    if (keep < whole.length) this.print(stream, whole.slice(0, whole.length - keep))
  }

  flush(): void {
    for (const stream of ["stdout", "stderr"] as const) {
      const rest = this.held[stream]
      this.held[stream] = ""
      if (rest !== "") this.print(stream, rest)
    }
  }

  /** How many signs at the end of a text a secret may begin with. */
  private beginningAtEnd(text: string): number {
    for (let at = Math.max(0, text.length - this.longest + 1); at < text.length; at++) {
      if (!this.starts.has(text[at]!)) continue
      const tail = text.slice(at)
      if (this.spellings.some((one) => one.startsWith(tail))) return tail.length
    }
    return 0
  }
}
