import { constants } from "node:os"
import type { Socket } from "node:net"
import type { Outcome, Run, RunSink, RunSpec } from "../backend.ts"
import type { Used } from "./cgroup.ts"
import { fairMemoryOf, filesOf, usageOf } from "./processes.ts"
import type { Report } from "./report.ts"
import type { Sandbox } from "./sandbox.ts"
import { megabyte } from "./shapes.ts"

/** For the artefacts to come out after the program's end, and for the rest of its output to be read. */
const collectMs = 5_000
const drainMs = 2_000

/** The first name of a number is its usual one: SIGABRT and not SIGIOT. */
const signalNames = new Map(
  Object.entries(constants.signals)
    .map(([name, number]) => [number, name] as const)
    .toReversed(),
)

const nothing: Used = { cpuMs: 0, memoryPeak: 0, oomKills: 0 }

/** One program in one sandbox, from its release to the verified end of its tree. */
export class ActiveRun implements Run {
  readonly done: Promise<Outcome>
  readonly #spec: RunSpec
  readonly #sink: RunSink
  readonly #sandbox: Sandbox
  readonly #counted: boolean
  readonly #before: Used
  readonly #begun = performance.now()
  readonly #report: Report
  readonly #truncated = { stdout: false, stderr: false }
  #left: number
  #cut: Outcome["status"] | null = null
  #over = false
  #programEnded: number | null = null
  #result: Buffer[] = []
  #resultLength = 0
  #resultTruncated = false
  /** Where no cgroup counts: the most that was seen. */
  #seen = { cpuMs: 0, memory: 0 }
  #wall: NodeJS.Timeout
  #collect: NodeJS.Timeout | undefined
  #draining = false

  constructor(spec: RunSpec, sink: RunSink, sandbox: Sandbox, counted: boolean) {
    this.#spec = spec
    this.#sink = sink
    this.#sandbox = sandbox
    this.#counted = counted
    this.#before = sandbox.slot.group?.used() ?? nothing
    const { limits } = spec.request
    this.#left = limits.output_bytes
    this.#report = sandbox.words
    this.#report.arm(
      limits,
      () => this.#onProgramEnd(),
      () => this.#sandbox.kill(),
    )
    this.#wall = setTimeout(() => this.#end("timeout"), limits.wall_ms)
    this.#read()
    this.#write()
    this.done = this.#finish()
  }

  cancel(): void {
    this.#end("cancelled")
  }

  stdin(bytes: Buffer | null): boolean {
    const { stdin } = this.#sandbox
    if (stdin === null || this.#over || !stdin.writable) return true
    if (bytes === null) stdin.end(() => stdin.destroy())
    else return stdin.write(bytes)
    return true
  }

  drained(): Promise<void> {
    const { stdin } = this.#sandbox
    if (stdin === null || !stdin.writable || !stdin.writableNeedDrain) return Promise.resolve()
    return new Promise((resolve) => {
      const done = (): void => {
        stdin.off("drain", done)
        stdin.off("close", done)
        resolve()
      }
      stdin.on("drain", done)
      stdin.on("close", done)
    })
  }

  signal(name: NodeJS.Signals): void {
    if (!this.#over && this.#programEnded === null) this.#sandbox.signal(name)
  }

  resize(cols: number, rows: number): void {
    if (!this.#over) this.#sandbox.resize(cols, rows)
  }

  /** True when something of it could not be ended; known when `done` is kept. */
  left = false
  /** What bubblewrap said when it could not build the walls: for the operator, not for the caller. */
  fault = ""

  get uid(): number | null {
    return this.#sandbox.slot.uid
  }

  processes(): number[] {
    return this.#sandbox.processes()
  }

  /** A process of it is outside its group. */
  uncontained(): boolean {
    const members = this.#sandbox.slot.group?.processes()
    return members !== undefined && this.processes().some((pid) => !members.includes(pid))
  }

  /** Looked at ten times a second. */
  tick(): void {
    if (this.#over || this.#cut !== null) return
    const { limits } = this.#spec.request
    if (this.#counted) {
      const used = this.#used()
      if (used.oomKills > 0) this.#end("memory_limit")
      else if (used.cpuMs >= limits.cpu_ms) this.#end("cpu_limit")
      return
    }
    const pids = this.#sandbox.processes()
    const { memory: atMost, cpuMs } = usageOf(pids)
    const most = limits.memory_mb * megabyte
    const files = pids[0] === undefined || !this.#report.begun ? 0 : filesOf(pids[0])
    const memory = (atMost + files > most ? fairMemoryOf(pids) : atMost) + files
    this.#seen = { cpuMs: Math.max(this.#seen.cpuMs, cpuMs), memory: Math.max(this.#seen.memory, memory) }
    if (memory > most) this.#end("memory_limit")
    else if (cpuMs >= limits.cpu_ms) this.#end("cpu_limit")
  }

  #used(): Used {
    const used = this.#sandbox.slot.group?.used()
    if (used === undefined)
      return {
        cpuMs: Math.max(this.#seen.cpuMs, this.#report.cpuMs),
        memoryPeak: this.#seen.memory,
        oomKills: 0,
      }
    return {
      cpuMs: used.cpuMs - this.#before.cpuMs,
      memoryPeak: used.memoryPeak,
      oomKills: used.oomKills - this.#before.oomKills,
    }
  }

  #end(status: Outcome["status"]): void {
    // Bound to this run: when it is over, its slot may serve another already.
    if (this.#over || this.#cut !== null) return
    if (this.#programEnded === null) this.#cut = status
    this.#sandbox.kill()
  }

  #onProgramEnd(): void {
    this.#programEnded = performance.now()
    clearTimeout(this.#wall)
    this.#collect = setTimeout(() => this.#sandbox.kill(), collectMs)
  }

  #read(): void {
    const { stdout, stderr, result, report } = this.#sandbox
    // Artefacts are out: what is left of the sandbox is not needed.
    report.once("end", () => void this.#sandbox.born.then(() => this.#sandbox.kill()))
    void this.#report.begin.then(() => {
      this.#sink.started()
      this.#pass("stdout", stdout)
      this.#pass("stderr", stderr)
      return undefined
    })
    const cap = this.#spec.request.limits.result_bytes
    result.on("data", (bytes: Buffer) => {
      const fits = bytes.subarray(0, cap - this.#resultLength)
      if (fits.length < bytes.length) this.#resultTruncated = true
      this.#result.push(fits)
      this.#resultLength += fits.length
    })
  }

  #pass(name: "stdout" | "stderr", from: Socket): void {
    from.on("data", (bytes: Buffer) => {
      const fits = bytes.subarray(0, this.#left)
      this.#left -= fits.length
      if (fits.length < bytes.length) {
        this.#truncated[name] = true
        this.#end("output_limit")
      }
      const taken = fits.length === 0 ? undefined : this.#sink[name](fits)
      if (taken === undefined || this.#draining) return
      from.pause()
      const go = (): void => void from.resume()
      taken.then(go, go)
    })
  }

  #write(): void {
    const { stdin } = this.#spec.request
    const text = stdin === undefined ? null : JSON.stringify(stdin)
    if (this.#sandbox.stdin === null) this.#sandbox.give(text)
    else if (text !== null) this.#sandbox.stdin.write(text)
  }

  async #finish(): Promise<Outcome> {
    const exit = await this.#sandbox.ended
    const gone = await this.#sandbox.gone()
    this.left = !gone
    this.#over = true
    clearTimeout(this.#wall)
    clearTimeout(this.#collect)
    if (this.#counted && this.#cut === null && this.#used().oomKills > 0) this.#cut = "memory_limit"
    await this.#drain()
    this.#sandbox.close()
    return this.#outcome(exit, gone)
  }

  /** All writers are gone, so what is left is what the pipes hold: read to the end, whether the reader keeps up or not. */
  async #drain(): Promise<void> {
    this.#draining = true
    if (!this.#report.begun)
      this.#sandbox.stderr.on("data", (bytes: Buffer) => {
        this.fault = (this.fault + bytes.toString("utf8")).slice(0, 500)
      })
    const { stdout, stderr, result, report } = this.#sandbox
    const ends = [stdout, stderr, result, report].map(
      (stream) =>
        new Promise<void>((resolve) => {
          if (stream.readableEnded || stream.destroyed) return resolve()
          stream.once("end", resolve)
          stream.once("close", resolve)
          stream.resume()
        }),
    )
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, drainMs)))
    await Promise.race([Promise.all(ends), late])
    clearTimeout(timer)
  }

  #outcome(exit: number | null, gone: boolean): Outcome {
    const used = this.#used()
    const { code, begun, failed: isUnprepared } = this.#report
    const told = code ?? exit
    const signal = told !== null && told > 128 ? (signalNames.get(told - 128) ?? null) : null
    const failed = !gone
      ? "The program's processes could not be ended."
      : !begun
        ? "The sandbox did not start."
        : isUnprepared
          ? "The program's files or its way to the network could not be prepared."
          : null
    const status = gone ? (this.#cut ?? this.#natural(told, signal, failed, used)) : "sandbox_error"
    const ours = this.#cut !== null || status === "sandbox_error"
    return {
      status,
      reason: status === "sandbox_error" ? failed : null,
      exit_code: ours ? null : told,
      signal: ours ? null : signal,
      truncated: { ...this.#truncated },
      result: this.#resultLength === 0 ? null : Buffer.concat(this.#result),
      resultTruncated: this.#resultTruncated,
      archive: this.#cut === null ? this.#report.archive() : null,
      archiveTruncated: this.#report.truncated,
      usage: {
        wall_ms: Math.round(((this.#programEnded ?? performance.now()) - this.#begun) * 10) / 10,
        cpu_ms: Math.round(used.cpuMs * 10) / 10,
        memory_peak: used.memoryPeak,
        oom_kills: used.oomKills,
      },
    }
  }

  #natural(told: number | null, signal: string | null, failed: string | null, used: Used): Outcome["status"] {
    if (failed !== null) return "sandbox_error"
    if (told === 0) return "ok"
    const spent = used.cpuMs >= this.#spec.request.limits.cpu_ms
    if (signal === "SIGXCPU" || (signal === "SIGKILL" && spent)) return "cpu_limit"
    return "error"
  }
}
