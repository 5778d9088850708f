import type { RunLimits, RunRequest, RunResult } from "../../core/contract/sandbox.ts"
import type { Backend, Egress, Outcome, Run } from "../backend.ts"
import { Utf8Splitter } from "../utf8.ts"
import { FrameLog } from "./log.ts"
import { type Ending, endingOf } from "./outcome.ts"

const pingMs = 10_000

/** What the walls need of a run's proxy, and what the program must find to use it, beside its own files. */
export interface WayOut {
  egress: Egress
  files: RunRequest["files"]
}

export interface RecordOptions {
  id: string
  tenant: string
  request: RunRequest
  /** Whether the whole output is gathered for one answer, in place of frames. */
  isGathered: boolean
}

type Stream = "stdout" | "stderr"

/** One run from its request to its last reader. */
export class RunRecord {
  readonly id: string
  readonly tenant: string
  readonly request: RunRequest
  readonly log = new FrameLog()
  /** Kept with the ending once the tree is gone; broken by a Problem if it never began. */
  readonly ended: Promise<Ending>
  /** Kept once it has a slot; broken likewise. */
  readonly begun: Promise<void>
  readonly #gathered: Record<Stream, Buffer[]> | undefined
  readonly #splitters: Record<Stream, Utf8Splitter> = {
    stdout: new Utf8Splitter(),
    stderr: new Utf8Splitter(),
  }
  readonly #createdAt = performance.now()
  readonly #onBegin: () => void
  readonly #settle: { resolve: (ending: Ending) => void; reject: (why: unknown) => void }
  #run: Run | undefined
  #cancelled = false
  #listeners = 0
  #orphan: NodeJS.Timeout | undefined
  ending: Ending | undefined
  /** Milliseconds from the request to the program's start and to its first byte. */
  startedMs: number | undefined
  firstByteMs: number | undefined

  constructor({ id, tenant, request, isGathered }: RecordOptions) {
    this.id = id
    this.tenant = tenant
    this.request = request
    this.#gathered = isGathered ? { stdout: [], stderr: [] } : undefined
    const end = Promise.withResolvers<Ending>()
    const start = Promise.withResolvers<void>()
    this.ended = end.promise
    this.begun = start.promise
    // Whoever waits for them hears of a refusal; with nobody waiting it is no fault.
    end.promise.catch(() => {})
    start.promise.catch(() => {})
    this.#onBegin = start.resolve
    this.#settle = {
      resolve: end.resolve,
      reject: (why) => {
        start.reject(why)
        end.reject(why)
      },
    }
  }

  get limits(): RunLimits {
    return this.request.limits
  }

  get isGathered(): boolean {
    return this.#gathered !== undefined
  }

  get run(): Run | undefined {
    return this.#run
  }

  /** About how much memory it holds. */
  get bytes(): number {
    const gathered = Object.values(this.#gathered ?? {}).flat()
    const artifacts = (this.ending?.artifacts ?? []).reduce((sum, one) => sum + one.b64.length, 0)
    return this.log.bytes + artifacts + gathered.reduce((sum, chunk) => sum + chunk.length, 0)
  }

  /** Hands the program to the walls; the promise is kept when all of it is over. Called once, while there is a slot. */
  async begin(backend: Backend, way: WayOut | undefined): Promise<void> {
    const { id, request } = this
    const spec =
      way === undefined
        ? { id, request }
        : { id, request: { ...request, files: [...request.files, ...way.files] }, egress: way.egress }
    const run = backend.start(spec, {
      started: () => this.#onStarted(),
      stdout: (bytes) => this.#onOutput("stdout", bytes),
      stderr: (bytes) => this.#onOutput("stderr", bytes),
    })
    this.#run = run
    this.#onBegin()
    if (this.#cancelled) run.cancel()
    const ping = setInterval(() => void this.log.append({ type: "ping" }), pingMs)
    const outcome = await run.done
    clearInterval(ping)
    this.#onEnd(outcome, backend.isolation)
  }

  /** It will never begin. */
  refuse(why: unknown): void {
    this.#settle.reject(why)
  }

  /** Ends this run and no other. One that waits for its slot yet is ended by its caller's signal. */
  cancel(): void {
    this.#cancelled = true
    this.#run?.cancel()
  }

  /** Somebody listens from now on. */
  adopt(): void {
    this.#listeners++
    clearTimeout(this.#orphan)
  }

  /** A listener has left; when it was the last one, the run is cancelled after a while. */
  abandon(afterMs: number): void {
    this.#listeners--
    if (this.ending !== undefined || this.#listeners > 0) return
    clearTimeout(this.#orphan)
    this.#orphan = setTimeout(() => this.cancel(), afterMs)
    this.#orphan.unref()
  }

  /** The whole answer; only for a run whose output was gathered. */
  async result(): Promise<RunResult> {
    const ending = await this.ended
    const textOf = (stream: Stream): string => Buffer.concat(this.#gathered?.[stream] ?? []).toString("utf8")
    return { ...ending, stdout: textOf("stdout"), stderr: textOf("stderr") }
  }

  #onStarted(): void {
    this.startedMs = performance.now() - this.#createdAt
    void this.log.append({ type: "started", id: this.id, limits: this.limits })
  }

  #onOutput(stream: Stream, bytes: Buffer): void | Promise<void> {
    this.firstByteMs ??= performance.now() - this.#createdAt
    if (this.#gathered !== undefined) {
      this.#gathered[stream].push(bytes)
      return undefined
    }
    const piece = this.#splitters[stream].push(bytes)
    return piece === null ? undefined : this.log.append({ type: stream, ...piece })
  }

  #onEnd(outcome: Outcome, isolation: string): void {
    for (const stream of ["stdout", "stderr"] as const) {
      const rest = this.#splitters[stream].end()
      if (rest !== null) void this.log.append({ type: stream, ...rest })
    }
    clearTimeout(this.#orphan)
    this.ending = endingOf(this.id, outcome, this.limits, isolation)
    if (this.#gathered === undefined) void this.log.append({ type: "exit", ...this.ending })
    this.#settle.resolve(this.ending)
  }
}
