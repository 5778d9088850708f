import { ExpressionError } from "./error.ts"

/** What one evaluation may use. A step is 0.1 to 0.3 µs of work: one node visited, or a stretch of a loop. */
export type Limits = {
  /** Work, counted and not timed: the clock of a Worker stands still during pure computation. */
  steps: number
  /** Evaluations inside one another: recursion and nesting together. */
  depth: number
  /** Longest string that may be built, in UTF-16 units. */
  string: number
  /** Longest array that may be built. */
  list: number
  /** All that is built along the way, in bytes (estimated). */
  memory: number
  /** The result as JSON, in UTF-8 bytes. */
  output: number
  /** A second fence where the clock does advance (Node, browsers). */
  deadlineMs: number
}

export const DEFAULT_LIMITS: Limits = {
  steps: 250_000,
  depth: 600,
  string: 1 << 20,
  list: 100_000,
  memory: 32 << 20,
  output: 256 << 10,
  deadlineMs: 1_000,
}

/** Longest source of one expression, in UTF-16 units. */
export const MAX_SOURCE = 16 << 10

const STEPS_BETWEEN_CLOCK_READINGS = 1 << 14

const BYTES_A_SLOT = 8
const BYTES_AN_OBJECT = 48

/** The budget of one evaluation. Each evaluation has its own, so that two of the same expression share nothing. */
export class Budget {
  readonly limits: Limits
  depth = 0
  /** Where the last call stood in the source, for errors that functions throw. */
  position: number | undefined
  private steps = 0
  private memory = 0
  private output = 0
  private nextReading = STEPS_BETWEEN_CLOCK_READINGS
  private startedAt: number | undefined
  private answers: Map<object, boolean> | undefined
  private readonly time: string | undefined

  /** `time` is when the execution takes place, in ISO 8601; the same for a replay. */
  constructor(limits: Limits, time?: string) {
    this.limits = limits
    this.time = time
  }

  /** Counts one step. */
  step(): void {
    this.spend(1)
  }

  /** Counts work that is not a node: a stretch of a loop, a scan of a text. */
  spend(steps: number): void {
    this.steps += steps
    if (this.steps > this.limits.steps) throw tooLong(`${this.limits.steps.toLocaleString("en")} steps`)
    if (this.steps < this.nextReading) return
    this.nextReading = this.steps + STEPS_BETWEEN_CLOCK_READINGS
    this.startedAt ??= Date.now()
    if (Date.now() - this.startedAt > this.limits.deadlineMs) throw tooLong(`${this.limits.deadlineMs} ms`)
  }

  /** Refuses work that could use up a whole budget at one stroke, before it begins. */
  afford(steps: number): void {
    if (steps > this.limits.steps) throw tooLong(`${this.limits.steps.toLocaleString("en")} steps`)
  }

  /** Counts one step and one level; the caller takes the level back when it is done. */
  enter(): void {
    this.step()
    if (++this.depth > this.limits.depth) throw tooDeep()
  }

  /** Counts `bytes` of newly built data. */
  allocate(bytes: number): void {
    this.memory += bytes
    if (this.memory > this.limits.memory)
      throw tooLarge(`more than ${this.limits.memory >> 20} MiB of intermediate data`)
  }

  /** Counts an array about to be built, or one that grows to `length` by `added` items. */
  list(length: number, added = length): void {
    if (length > this.limits.list)
      throw tooLarge(`an array of more than ${this.limits.list.toLocaleString("en")} items`)
    this.allocate(BYTES_A_SLOT * added)
    this.spend(0.25 + added / 4)
  }

  /** Counts an object with `keys` entries. */
  object(keys: number): void {
    this.allocate(BYTES_AN_OBJECT + 2 * BYTES_A_SLOT * keys)
    this.spend(2 + keys)
  }

  /** Counts a look at every character of a text: a search, a comparison, its use as a key. */
  read(text: string): void {
    this.spend(text.length / 64)
  }

  /** Counts a string of `length` about to be built. */
  text(length: number): void {
    if (length > this.limits.string)
      throw tooLarge(`a text of more than ${this.limits.string.toLocaleString("en")} characters`)
    this.allocate(2 * length)
    this.spend(length / 64)
  }

  /** Counts two texts put end to end: the engine shares the longer one, so that only the shorter one is new. */
  join(first: number, second: number): void {
    if (first + second > this.limits.string) this.text(first + second)
    this.allocate(32 + 2 * Math.min(first, second))
  }

  /** Asks a question about an object whose cost grows with the object, once for each object. */
  once<T extends object>(subject: T, ask: (subject: T) => boolean): boolean {
    this.answers ??= new Map()
    const known = this.answers.get(subject)
    if (known !== undefined) return known
    const answer = ask(subject)
    this.answers.set(subject, answer)
    this.allocate(BYTES_AN_OBJECT)
    return answer
  }

  /** An object has changed, so what was known about it no longer holds. */
  forget(subject: object): void {
    this.answers?.delete(subject)
  }

  /** Counts bytes of the answer. */
  emit(bytes: number): void {
    this.output += bytes
    if (this.output > this.limits.output) {
      throw new ExpressionError(
        "expression.output",
        `The result is larger than ${this.limits.output >> 10} KiB. Select the fields that are needed, or keep large data in a file.`,
      )
    }
  }

  /** The instant that `$now()` and `$millis()` answer; NaN when it is not known. */
  instant(): number {
    return this.time === undefined ? Number.NaN : Date.parse(this.time)
  }
}

const tooLong = (limit: string) =>
  new ExpressionError(
    "expression.timeout",
    `The expression needs more than ${limit}. Look for a loop without end, or work on less data.`,
  )

export const tooDeep = (): ExpressionError =>
  new ExpressionError(
    "expression.depth",
    "The expression calls itself or nests too deeply. Add a case that ends the recursion, or make the call the last thing the function does.",
  )

const tooLarge = (what: string) =>
  new ExpressionError("expression.too_large", `The expression builds ${what}. Work on less data at a time.`)

/** Most expressions in one text, and in one flow: each costs its parser a third of a millisecond before anything is said of it. */
export const MOST_EXPRESSIONS = 500
export const MOST_IN_A_FLOW = 5_000
