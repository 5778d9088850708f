import { setTimeout as sleep } from "node:timers/promises"
import type { Backend, Outcome, Run, RunSink, RunSpec, Verdict } from "../../../sandbox-runner/backend.ts"

/** What a run of the fake does, given as the JSON of `code`. Nothing is spawned. */
export type Step =
  | { out: string }
  | { err: string }
  | { bytes: string }
  | { flood: number }
  | { wait: number }
  | { result: string }
  | { archive: string }
  | { end: Partial<Outcome> }
  | { until: "cancel" | "input_end" }
  | { echo: true }

const nothing: Outcome = {
  status: "ok",
  reason: null,
  exit_code: 0,
  signal: null,
  truncated: { stdout: false, stderr: false },
  result: null,
  resultTruncated: false,
  archive: null,
  archiveTruncated: false,
  usage: { wall_ms: 1, cpu_ms: 1, memory_peak: 1, oom_kills: 0 },
}

/** Walls of paper: plays scripts, keeps count of slots, and remembers what it was asked. */
export class FakeBackend implements Backend {
  readonly profile = "dev"
  readonly isolation = "none (fake)"
  readonly started: RunSpec[] = []
  readonly signals: string[] = []
  readonly sizes: [number, number][] = []
  verdictNow: Verdict = { ready: true, at: Date.now() }
  mostAtOnce = 0
  readonly #slots: number
  #busy = 0
  #listeners: (() => void)[] = []

  constructor(slots = 4) {
    this.#slots = slots
  }

  verdict(): Verdict {
    return this.verdictNow
  }

  capacity() {
    return {
      slots: this.#slots,
      free: this.#slots - this.#busy,
      quarantined: 0,
      pool: { python: 0 },
      starting: 0,
    }
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener)
  }

  async close(): Promise<void> {}

  start(spec: RunSpec, sink: RunSink): Run {
    if (this.#busy >= this.#slots) throw new Error("the service asked for a slot that was not free")
    this.started.push(spec)
    this.#busy++
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#busy)
    const play = new Play(spec, sink)
    const done = play.run().then((outcome) => {
      this.#busy--
      for (const listener of this.#listeners) listener()
      return outcome
    })
    return {
      done,
      cancel: () => play.cancel(),
      stdin: (bytes) => play.stdin(bytes),
      drained: () => sleep(1),
      signal: (name) => void this.signals.push(name),
      resize: (cols, rows) => void this.sizes.push([cols, rows]),
    }
  }
}

class Play {
  readonly #spec: RunSpec
  readonly #sink: RunSink
  readonly #cancelled = new AbortController()
  #onInput: (bytes: Buffer | null) => void = () => {}
  #early: (Buffer | null)[] = []

  constructor(spec: RunSpec, sink: RunSink) {
    this.#spec = spec
    this.#sink = sink
    this.#onInput = (bytes) => void this.#early.push(bytes)
  }

  cancel(): void {
    this.#cancelled.abort()
  }

  stdin(bytes: Buffer | null): boolean {
    this.#onInput(bytes)
    return true
  }

  async run(): Promise<Outcome> {
    await sleep(1)
    this.#sink.started()
    let outcome = nothing
    try {
      for (const step of JSON.parse(this.#spec.request.code ?? "[]") as Step[]) {
        outcome = { ...outcome, ...(await this.#step(step)) }
        this.#cancelled.signal.throwIfAborted()
      }
      return outcome
    } catch {
      return { ...outcome, status: "cancelled", exit_code: null }
    }
  }

  async #step(step: Step): Promise<Partial<Outcome>> {
    const { signal } = this.#cancelled
    if ("out" in step) await this.#sink.stdout(Buffer.from(step.out))
    else if ("err" in step) await this.#sink.stderr(Buffer.from(step.err))
    else if ("bytes" in step) await this.#sink.stdout(Buffer.from(step.bytes, "base64"))
    else if ("wait" in step) await sleep(step.wait, undefined, { signal })
    else if ("result" in step) return { result: Buffer.from(step.result, "latin1") }
    else if ("archive" in step) return { archive: Buffer.from(step.archive, "base64") }
    else if ("end" in step) return step.end
    else if ("flood" in step) await this.#flood(step.flood)
    else if ("echo" in step) await this.#echo()
    else await sleep(2 ** 31 - 1, undefined, { signal })
    return {}
  }

  async #flood(bytes: number): Promise<void> {
    const chunk = Buffer.alloc(65_536, "x")
    for (let sent = 0; sent < bytes && !this.#cancelled.signal.aborted; sent += chunk.length) {
      await this.#sink.stdout(chunk)
      // Another run's turn.
      await new Promise(setImmediate)
    }
  }

  #echo(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#cancelled.signal.addEventListener("abort", () => reject(new Error("cancelled")))
      this.#onInput = (bytes) => {
        if (bytes === null) resolve()
        else void this.#sink.stdout(bytes)
      }
      for (const bytes of this.#early) this.#onInput(bytes)
    })
  }
}
