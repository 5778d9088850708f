import type { Sandbox } from "./sandbox.ts"
import type { WarmLanguage } from "./shapes.ts"

/** An idle interpreter is renewed after this long. */
const oldestMs = 10 * 60_000
/** The answer goes out before the next start takes the processor. */
const afterMs = 5
/** A start that is not ready by then has failed; after so many in a row something is broken. */
const readyWithin = 20_000
const patience = 4

interface Warm {
  readonly language: WarmLanguage
  readonly sandbox: Sandbox
  readonly since: number
  ready: boolean
}

export interface PoolPorts {
  readonly sizes: Readonly<Record<WarmLanguage, number>>
  /** Starts one, or null while there is no slot. */
  make(language: WarmLanguage): Sandbox | null
  /** Ends one that nobody wants and gives its slot back. */
  discard(sandbox: Sandbox): Promise<void>
  changed(): void
  failed(language: WarmLanguage): void
}

/** Interpreters that wait inside their walls, each for one program of anybody; filled one at a time. */
export class Pool {
  readonly #ports: PoolPorts
  #warm: Warm[] = []
  #open = false
  #filling: NodeJS.Timeout | undefined
  #failures = 0
  readonly #leaving = new Set<Promise<void>>()

  constructor(ports: PoolPorts) {
    this.#ports = ports
  }

  get starting(): number {
    return this.#warm.filter((each) => !each.ready).length
  }

  waiting(): Record<WarmLanguage, number> {
    const of = (language: WarmLanguage): number =>
      this.#warm.filter((each) => each.ready && each.language === language).length
    return { python: of("python"), node: of("node") }
  }

  open(): void {
    this.#open = true
    this.refill()
  }

  /** The one that has waited longest, ready ones first: one that is still starting is further than a new one. */
  take(language: WarmLanguage): Sandbox | null {
    const mine = this.#warm.filter((each) => each.language === language)
    const best = mine.find((each) => each.ready) ?? mine[0]
    if (best === undefined) return null
    this.#warm = this.#warm.filter((each) => each !== best)
    return best.sandbox
  }

  refill(): void {
    if (!this.#open || this.#filling !== undefined) return
    this.#filling = setTimeout(() => {
      this.#filling = undefined
      this.#fill()
    }, afterMs)
    this.#filling.unref()
  }

  #fill(): void {
    if (!this.#open) return
    this.#retire()
    if (this.starting > 0) return
    const missing = (language: WarmLanguage): number =>
      this.#ports.sizes[language] - this.#warm.filter((each) => each.language === language).length
    const language = missing("python") >= missing("node") ? "python" : "node"
    if (missing(language) <= 0) return
    const sandbox = this.#ports.make(language)
    if (sandbox !== null) this.#watch({ language, sandbox, since: performance.now(), ready: false })
  }

  #watch(warm: Warm): void {
    this.#warm.push(warm)
    const late = setTimeout(() => this.#drop(warm, true), readyWithin)
    late.unref()
    void warm.sandbox.words.ready.then(() => {
      clearTimeout(late)
      warm.ready = true
      this.#failures = 0
      this.#ports.changed()
      this.refill()
      return undefined
    })
    void warm.sandbox.ended.then(() => {
      clearTimeout(late)
      this.#drop(warm, !warm.ready)
      return undefined
    })
  }

  /** Only while it is ours: one that was taken belongs to its run. */
  #drop(warm: Warm, failed: boolean): void {
    if (!this.#warm.includes(warm)) return
    this.#warm = this.#warm.filter((each) => each !== warm)
    this.#leave(warm)
    if (failed && ++this.#failures >= patience) this.#ports.failed(warm.language)
  }

  #leave(warm: Warm): void {
    const left = this.#ports.discard(warm.sandbox).then(() => {
      this.#leaving.delete(left)
      return undefined
    })
    this.#leaving.add(left)
  }

  #retire(): void {
    const old = performance.now() - oldestMs
    for (const warm of this.#warm.filter((each) => each.since < old)) this.#drop(warm, false)
  }

  /** Ends all that wait. `open` fills it again. */
  async close(): Promise<void> {
    this.#open = false
    clearTimeout(this.#filling)
    this.#filling = undefined
    const all = this.#warm
    this.#warm = []
    for (const warm of all) this.#leave(warm)
    await Promise.all(this.#leaving)
  }
}
