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
    const names = ["stdin", "stdout", "stderr", "result"].map((name) => this.#path(name))
    const made = spawnSync("mkfifo", ["-m", "0600", ...names])
    if (made.status !== 0) throw new Error("mkfifo failed: the runner's pipes cannot be made.")
    for (const name of names) if (uid !== null) chownSync(name, uid, uid)
    this.group = cgroups === null ? null : cgroups.group(`slot-${index}`, uid ?? 0)
  }

  #path(name: string): string {
    return join(this.#dir, name)
  }

  /** Opens all ends, in an order in which no open waits for another; nobody else has them open, so nothing of a former run is in them. */
  open(): Ends {
    // An ordinary user has no right beyond the mode's, so it is opened before it is narrowed.
    for (const name of ["stdin", "stdout", "stderr", "result"]) chmodSync(this.#path(name), 0o600)
    const reader = (name: string): number =>
      openSync(this.#path(name), constants.O_RDONLY | constants.O_NONBLOCK)
    const ours = ["stdout", "stderr", "result"].map(reader) as [number, number, number]
    const theirs = ["stdout", "stderr", "result"].map((name) =>
      openSync(this.#path(name), constants.O_WRONLY),
    ) as [number, number, number]
    const both = openSync(this.#path("stdin"), constants.O_RDWR)
    const theirStdin = openSync(this.#path("stdin"), constants.O_RDONLY)
    const stdin = openSync(this.#path("stdin"), constants.O_WRONLY | constants.O_NONBLOCK)
    closeSync(both)
    chmodSync(this.#path("stdin"), 0o400)
    for (const name of ["stdout", "stderr", "result"]) chmodSync(this.#path(name), 0o200)
    return {
      ours: { stdin, stdout: ours[0], stderr: ours[1], result: ours[2] },
      theirs: [theirStdin, ...theirs],
    }
  }

  remove(): void {
    this.group?.remove()
    rmSync(this.#dir, { recursive: true, force: true })
  }
}
