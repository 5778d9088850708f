import { spawn, type ChildProcess } from "node:child_process"
import { closeSync, openSync, writeFileSync } from "node:fs"
import { Socket } from "node:net"
import type { Duplex, Readable, Writable } from "node:stream"
import {
  bubblewrapArguments,
  descriptor,
  insideCommand,
  startScript,
  type ProcessLimits,
  type Shape,
} from "./command.ts"
import { killAll } from "./cgroup.ts"
import { isAlive, startOf, treeOf } from "./processes.ts"
import { Report } from "./report.ts"
import type { Slot } from "./slot.ts"

/** How sandboxes are started here; what a broken isolation would do differently is changed here by the tests of the self-test. */
export interface Launcher {
  readonly bubblewrap: string
  /** v2: the shell joins its group as root and becomes the slot's uid after. */
  readonly lateUid: boolean
  readonly arguments?: (args: string[]) => string[]
  readonly uid?: (uid: number | null) => number | null
  readonly filter?: (path: string) => string
  readonly script?: (text: string) => string
  readonly env?: Readonly<Record<string, string>>
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** How long a killed tree may take to be gone before its slot is locked away. */
const goneWithin = 5_000
/** After a kill that should have ended it, all means are used. */
const forceAfter = 300

/**
 * Words end with a zero byte on the way to bubblewrap: one inside a value would begin a word of its own, such as `--bind`. Whoever calls
 * has refused it before; here it ends whatever was about to start.
 */
function refuseZeros(shape: Shape): void {
  const words = [...shape.program, ...Object.entries(shape.env).flat()]
  if (words.some((word) => word.includes("\0"))) throw new Error("a word holds a zero byte")
}

/** One started bubblewrap with a supervisor inside, on a slot, for one program. */
export class Sandbox {
  readonly slot: Slot
  /** For input that comes little by little; null when all of it is given at once. */
  readonly stdin: Socket | null
  readonly stdout: Socket
  readonly stderr: Socket
  readonly result: Socket
  readonly message: Writable
  readonly report: Readable
  readonly words = new Report()
  /** Kept when bubblewrap itself has ended, with its exit code. */
  readonly ended: Promise<number | null>
  /** Kept when the namespace exists, or bubblewrap has ended without making one. */
  readonly born: Promise<void>
  readonly #outer: ChildProcess
  /** PID 1 of the namespace as the host counts, and when it began: a number alone may be another's by now. */
  #input: number | null
  #over = false
  #force: NodeJS.Timeout | undefined
  #first: { pid: number; start: string } | null = null

  constructor(slot: Slot, launcher: Launcher, shape: Shape, limits: ProcessLimits, code: string | null) {
    refuseZeros(shape)
    this.slot = slot
    const ends = slot.open(shape.live)
    const filterPath = slot.group === null ? shape.stage.uncountedFilter : shape.stage.filter
    const filter = openSync(launcher.filter?.(filterPath) ?? filterPath, "r")
    const uid = launcher.uid === undefined ? slot.uid : launcher.uid(slot.uid)
    const become = launcher.lateUid && uid !== null
    const wrap = become
      ? `setpriv --reuid ${uid} --regid ${uid} --clear-groups ${launcher.bubblewrap}`
      : launcher.bubblewrap
    const script = startScript(limits, slot.group?.join ?? [], process.pid, wrap)
    try {
      this.#outer = spawn(
        "/bin/sh",
        ["-c", launcher.script?.(script) ?? script, "sh", ...insideCommand(shape)],
        {
          ...(uid === null || become ? {} : { uid, gid: uid }),
          cwd: "/",
          env: { ...launcher.env },
          detached: true,
          stdio: [
            ...ends.theirs,
            filter,
            "pipe",
            "pipe",
            "pipe",
            "pipe",
            code === null ? "ignore" : "pipe",
            shape.control ? "pipe" : "ignore",
          ],
        },
      )
      if (this.#pipes[descriptor.args] == null) throw new Error("the shell could not be started")
    } catch (error) {
      for (const end of Object.values(ends.ours)) closeSync(end)
      throw error
    } finally {
      for (const end of [...ends.theirs, filter]) closeSync(end)
    }
    this.#input = ends.ours.stdin
    this.stdin = shape.live ? new Socket({ fd: this.#input, readable: false, writable: true }) : null
    this.stdout = new Socket({ fd: ends.ours.stdout, readable: true, writable: false })
    this.stderr = new Socket({ fd: ends.ours.stderr, readable: true, writable: false })
    this.result = new Socket({ fd: ends.ours.result, readable: true, writable: false })
    this.message = this.#pipe(descriptor.message)
    this.report = this.#pipe(descriptor.report)
    // A program that ends early closes these under our hands: that is no news.
    for (const stream of this.#streams()) stream.on("error", () => stream.destroy())
    this.report.on("data", (bytes: Buffer) => this.words.push(bytes))
    this.#feed(descriptor.args, this.#arguments(launcher, shape))
    if (code !== null) this.#feed(descriptor.code, code)
    this.ended = new Promise((resolve) => {
      this.#outer.once("exit", (exit) => resolve(exit))
      this.#outer.once("error", () => resolve(null))
    })
    void this.ended.then(() => (this.#over = true))
    this.born = this.#watchBirth()
  }

  #arguments(launcher: Launcher, shape: Shape): string {
    const plain = bubblewrapArguments(shape)
    const args = launcher.arguments?.(plain) ?? plain
    return args.map((each) => `${each}\0`).join("")
  }

  get #pipes(): readonly (Duplex | null | undefined)[] {
    return this.#outer.stdio as unknown as readonly (Duplex | null | undefined)[]
  }

  #pipe(index: number): Duplex {
    const pipe = this.#pipes[index]
    if (pipe == null) throw new Error("bubblewrap could not be started")
    return pipe
  }

  #feed(index: number, text: string): void {
    const pipe = this.#pipe(index)
    pipe.on("error", () => pipe.destroy())
    pipe.end(text)
  }

  #watchBirth(): Promise<void> {
    const status = this.#pipe(descriptor.status)
    status.on("error", () => status.destroy())
    let text = ""
    const born = new Promise<void>((resolve) => {
      status.on("data", (bytes: Buffer) => {
        if (this.#first !== null) return
        text = (text + bytes.toString("latin1")).slice(0, 4_096)
        const pid = Number(/"child-pid": (\d+)/.exec(text)?.[1] ?? 0)
        if (pid === 0) return
        this.#first = { pid, start: startOf(pid) ?? "" }
        resolve()
      })
      void this.ended.then(() => resolve())
    })
    return born
  }

  /** Everything in it as the host counts: its first process, the supervisor, and the program with all below it. */
  processes(): number[] {
    return this.#first === null || !this.#alive() ? [] : treeOf(this.#first.pid)
  }

  /** To the program itself, which is the supervisor's child. */
  signal(name: NodeJS.Signals): void {
    const program = this.processes()[2]
    if (program === undefined) return
    try {
      process.kill(program, name)
    } catch {
      // It was quicker.
    }
  }

  /** Tells the terminal of its size; without one, nothing. */
  resize(cols: number, rows: number): void {
    const control = this.#pipes[descriptor.control]
    if (control?.writable === true) control.write(`${cols} ${rows}\n`)
  }

  #alive(): boolean {
    return this.#first !== null && startOf(this.#first.pid) === this.#first.start
  }

  /**
   * Ends everything of this sandbox at once: the kernel ends a namespace with its first process, and bubblewrap, which reaps that one,
   * ends after it. Killing bubblewrap first would leave the reaping to whoever is PID 1 of the machine.
   */
  kill(): void {
    if (this.#over) return
    const first = this.#first
    if (first === null || !isAlive(first)) this.#outer.kill("SIGKILL")
    else killAll([first.pid])
    this.#force ??= setTimeout(() => this.#killHard(), forceAfter)
  }

  #killHard(): void {
    this.#outer.kill("SIGKILL")
    this.slot.group?.kill()
  }

  /** Waits until nothing of it lives. False: something does, and the slot may not be used again. */
  async gone(): Promise<boolean> {
    await this.ended
    clearTimeout(this.#force)
    const until = performance.now() + goneWithin
    for (let pause = 0; ; pause = Math.min(pause + 1, 20)) {
      const left =
        this.slot.group?.processes().length ?? (this.#first !== null && isAlive(this.#first) ? 1 : 0)
      if (left === 0) return true
      if (performance.now() > until) return false
      if (pause === 3) this.#killHard()
      await wait(pause)
    }
  }

  #streams(): (Socket | Readable | Writable)[] {
    const all = [this.stdout, this.stderr, this.result, this.message, this.report]
    return this.stdin === null ? all : [this.stdin, ...all]
  }

  /** All of the input at once, before the program is let go; null for none. */
  give(input: string | null): void {
    if (this.stdin !== null || this.#input === null) return
    if (input !== null) writeFileSync(this.#input, input)
    closeSync(this.#input)
    this.#input = null
  }

  /** Lets go of all ends; what was not read is lost. */
  close(): void {
    this.give(null)
    for (const stream of this.#streams()) stream.destroy()
    for (const index of [descriptor.args, descriptor.status]) this.#pipe(index).destroy()
  }
}
