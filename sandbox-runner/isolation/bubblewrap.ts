import type { Backend, Capacity, Outcome, Profile, Run, RunSink, RunSpec, Verdict } from "../backend.ts"
import { archiveOf } from "./archive.ts"
import { Pool } from "./pool.ts"
import { ActiveRun } from "./run.ts"
import { Sandbox, type Launcher } from "./sandbox.ts"
import {
  bootMessage,
  boots,
  coldShape,
  fitsWarm,
  groupLimits,
  processLimits,
  warmLimits,
  warmShape,
  type WarmLanguage,
} from "./shapes.ts"
import type { Slot } from "./slot.ts"
import type { Stage } from "./stage.ts"

/** How often limits that the kernel does not end by itself are looked at. */
const tickMs = 100

export interface Walls {
  readonly profile: Profile
  readonly isolation: string
  readonly stage: Stage
  readonly launcher: Launcher
  /** A cgroup counts memory, tasks and processor time. */
  readonly counted: boolean
  readonly slots: readonly Slot[]
  readonly runs: number
  readonly pool: Readonly<Record<WarmLanguage, number>>
  readonly log: (line: string) => void
  /** Removes what belongs to all slots together. */
  readonly close: () => void
}

const refused = (reason: string): Run => ({
  done: Promise.resolve<Outcome>({
    status: "sandbox_error",
    reason,
    exit_code: null,
    signal: null,
    truncated: { stdout: false, stderr: false },
    result: null,
    resultTruncated: false,
    archive: null,
    archiveTruncated: false,
    usage: { wall_ms: 0, cpu_ms: 0, memory_peak: 0, oom_kills: 0 },
  }),
  cancel() {},
  stdin: () => true,
  drained: () => Promise.resolve(),
  signal() {},
  resize() {},
})

/** Bubblewrap on slots: `start` takes a waiting sandbox or makes one, and gives the slot back when its tree is verified gone. */
export class Bubblewrap implements Backend {
  readonly profile: Profile
  readonly isolation: string
  readonly #walls: Walls
  readonly #free: Slot[]
  readonly #quarantined = new Set<Slot>()
  readonly #running = new Map<ActiveRun, Slot>()
  readonly #ends = new Set<Promise<unknown>>()
  readonly #pool: Pool
  readonly #timer: NodeJS.Timeout
  readonly #listeners: (() => void)[] = []
  #verdict: Verdict = { ready: false, reason: "The self-test has not been held yet.", at: Date.now() }
  /** Runs of callers; the self-test has a slot beyond theirs. */
  readonly #callers = new Set<Run>()
  #closed = false
  #ticks = 0
  #onQuarantine: () => void = () => {}
  #onClose: () => void = () => {}

  constructor(walls: Walls) {
    this.profile = walls.profile
    this.isolation = walls.isolation
    this.#walls = walls
    this.#free = [...walls.slots]
    this.#pool = new Pool({
      sizes: walls.pool,
      make: (language) => this.#warm(language),
      discard: (sandbox) => this.#giveBack(sandbox),
      changed: () => this.#changed(),
      failed: (language) => this.#refuse(`Sandboxes for ${language} do not become ready.`),
    })
    this.#timer = setInterval(() => this.#tick(), tickMs)
    this.#timer.unref()
  }

  verdict(): Verdict {
    return this.#verdict
  }

  /** What the self-test found; the pool is filled only behind walls that hold. */
  judge(verdict: Verdict): void {
    this.#verdict = verdict
    if (verdict.ready) this.#pool.open()
    else void this.#pool.close()
    this.#changed()
  }

  onQuarantine(listener: () => void): void {
    this.#onQuarantine = listener
  }

  onClose(listener: () => void): void {
    this.#onClose = listener
  }

  get isClosed(): boolean {
    return this.#closed
  }

  capacity(): Capacity {
    const usable = Math.min(this.#walls.runs, this.#walls.slots.length - this.#quarantined.size)
    return {
      slots: this.#walls.runs,
      free: Math.max(0, usable - this.#callers.size),
      quarantined: this.#quarantined.size,
      pool: this.#pool.waiting(),
      starting: this.#pool.starting,
    }
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener)
  }

  start(spec: RunSpec, sink: RunSink): Run {
    if (!this.#verdict.ready) return refused(this.#verdict.reason)
    if (this.capacity().free === 0) return refused("Every slot is taken.")
    const run = this.launch(spec, sink, this.#walls.launcher)
    if (run === null) return refused("The sandbox did not start.")
    this.#callers.add(run)
    return run
  }

  /** `start` without asking whether the walls hold: the self-test's way in. Null without a slot. */
  launch(spec: RunSpec, sink: RunSink, launcher: Launcher): ActiveRun | null {
    if (this.#closed) return null
    const { counted } = this.#walls
    const { request } = spec
    const limits = groupLimits(request.limits, spec.egress !== undefined)
    const warm = fitsWarm(spec, counted) ? this.#pool.take(request.language as WarmLanguage) : null
    const slot = warm?.slot ?? this.#free.pop()
    if (slot === undefined) return null
    const sandbox = this.#attempt(slot, () => {
      slot.group?.limit(limits.memory, limits.pids)
      return warm ?? this.#cold(slot, spec, launcher)
    })
    if (sandbox === null) return null
    const run = new ActiveRun(spec, sink, sandbox, counted)
    if (boots(request)) sandbox.message.end(bootMessage(spec))
    else sandbox.message.end(request.files.length > 0 ? archiveOf(request.files) : undefined)
    this.#track(run, slot)
    return run
  }

  #cold(slot: Slot, spec: RunSpec, launcher: Launcher): Sandbox {
    const { counted, stage } = this.#walls
    const { request } = spec
    const isScript = request.argv === undefined && request.language === "shell"
    return new Sandbox(
      slot,
      launcher,
      coldShape(stage, spec),
      processLimits(request.limits, request.language, counted),
      isScript ? (request.code ?? "") : null,
    )
  }

  #track(run: ActiveRun, slot: Slot): void {
    this.#running.set(run, slot)
    const end = run.done.then(() => {
      this.#running.delete(run)
      this.#callers.delete(run)
      if (run.fault !== "") this.#walls.log(`a sandbox did not start: ${run.fault.trim()}`)
      this.#release(slot, !run.left)
      this.#ends.delete(end)
      return undefined
    })
    this.#ends.add(end)
  }

  #release(slot: Slot, clean: boolean): void {
    if (clean) this.#free.push(slot)
    else {
      this.#quarantined.add(slot)
      this.#walls.log(`slot ${slot.index} is locked away: processes in it could not be ended`)
      this.#onQuarantine()
    }
    this.#changed()
    this.#pool.refill()
  }

  #warm(language: WarmLanguage): Sandbox | null {
    const slot = this.#free.pop()
    if (slot === undefined) return null
    const { stage, launcher, counted } = this.#walls
    const limits = groupLimits(warmLimits, false)
    return this.#attempt(slot, () => {
      slot.group?.limit(limits.memory, limits.pids)
      const each = processLimits({ ...warmLimits, cpu_ms: 60_000 }, language, counted)
      return new Sandbox(slot, launcher, warmShape(stage, language), each, null)
    })
  }

  /** Null, and the slot free again, when nothing could be started. */
  #attempt(slot: Slot, make: () => Sandbox): Sandbox | null {
    try {
      return make()
    } catch (error) {
      this.#walls.log(`a sandbox did not start: ${error instanceof Error ? error.message : String(error)}`)
      this.#free.push(slot)
      return null
    }
  }

  async #giveBack(sandbox: Sandbox): Promise<void> {
    sandbox.kill()
    const gone = await sandbox.gone()
    sandbox.close()
    this.#release(sandbox.slot, gone)
  }

  #tick(): void {
    if (++this.#ticks % 100 === 0) this.#pool.refill()
    for (const run of this.#running.keys()) run.tick()
    for (const slot of this.#quarantined) {
      if (slot.group === null || slot.group.processes().length > 0) continue
      this.#quarantined.delete(slot)
      this.#release(slot, true)
    }
  }

  #refuse(reason: string): void {
    this.#walls.log(reason)
    this.judge({ ready: false, reason, at: Date.now() })
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.judge({ ready: false, reason: "The runner is ending.", at: Date.now() })
    clearInterval(this.#timer)
    this.#onClose()
    for (const run of this.#running.keys()) run.cancel()
    await Promise.all([...this.#ends, this.#pool.close()])
    for (const slot of this.#walls.slots) slot.remove()
    this.#walls.close()
  }
}
