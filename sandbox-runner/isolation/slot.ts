import { spawnSync } from "node:child_process"
import { chmodSync, chownSync, closeSync, constants, mkdirSync, openSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { Cgroups, Group } from "./cgroup.ts"

/** The ends of a run's pipes: ours, and those that the starting shell gets. */
export interface Ends {
  readonly ours: {
    readonly stdin: number
    readonly stdout: number
    readonly stderr: number
    readonly result: number
  }
  readonly theirs: readonly [stdin: number, stdout: number, stderr: number, result: number]
}

const outputs = ["stdout", "stderr", "result"] as const
const narrow = { stdin: 0o400, stdout: 0o200, stderr: 0o200, result: 0o200 } as const

/**
 * A place for one sandbox at a time: a uid, a control group and four FIFOs, made once. FIFOs and not socket pairs, so that a program may
 * open /dev/stderr; each may only be written (or only read) by the program, so that it cannot steal what is on its way.
 */
export class Slot {
  readonly index: number
  /** Of the host; null: our own, in profile dev. */
  readonly uid: number | null
  readonly group: Group | null
  readonly #dir: string

  constructor(index: number, stateDir: string, uid: number | null, cgroups: Cgroups | null) {
    this.index = index
    this.uid = uid
    this.#dir = join(stateDir, `slot-${index}`)
    rmSync(this.#dir, { recursive: true, force: true })
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 })
    const names = Object.keys(narrow).map((name) => this.#path(name))
    const made = spawnSync("mkfifo", ["-m", "0600", ...names])
    if (made.status !== 0) throw new Error("mkfifo failed: the runner's pipes cannot be made.")
    for (const name of names) this.#give(name)
    this.group = cgroups === null ? null : cgroups.group(`slot-${index}`, uid ?? 0)
  }

  #path(name: string): string {
    return join(this.#dir, name)
  }

  #give(path: string): void {
    if (this.uid !== null) chownSync(path, this.uid, this.uid)
  }

  /**
   * Opens all ends, in an order in which no open waits for another; nobody else has them open, so nothing of a former run is in them.
   * Input is a pipe when it comes little by little; else a file without a name: whoever opens /dev/stdin after its writer is gone would
   * wait for ever at a FIFO.
   */
  open(live: boolean): Ends {
    // An ordinary user has no right beyond the mode's, so it is opened before it is narrowed.
    for (const name of Object.keys(narrow)) chmodSync(this.#path(name), 0o600)
    const [stdout, stderr, result] = outputs.map((name) =>
      openSync(this.#path(name), constants.O_RDONLY | constants.O_NONBLOCK),
    ) as [number, number, number]
    const theirs = outputs.map((name) => openSync(this.#path(name), constants.O_WRONLY)) as [
      number,
      number,
      number,
    ]
    const input = live ? this.#openPipe() : this.#openFile()
    for (const [name, mode] of Object.entries(narrow)) chmodSync(this.#path(name), mode)
    return { ours: { stdin: input.ours, stdout, stderr, result }, theirs: [input.theirs, ...theirs] }
  }

  #openPipe(): { ours: number; theirs: number } {
    const path = this.#path("stdin")
    const both = openSync(path, constants.O_RDWR)
    const theirs = openSync(path, constants.O_RDONLY)
    const ours = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
    closeSync(both)
    return { ours, theirs }
  }

  #openFile(): { ours: number; theirs: number } {
    const path = this.#path("input")
    rmSync(path, { force: true })
    const ours = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o400)
    const theirs = openSync(path, constants.O_RDONLY)
    this.#give(path)
    rmSync(path)
    return { ours, theirs }
  }

  remove(): void {
    this.group?.remove()
    rmSync(this.#dir, { recursive: true, force: true })
  }
}
