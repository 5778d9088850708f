import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** What a slot's group has used since it was made; take differences. */
export interface Used {
  readonly cpuMs: number
  readonly memoryPeak: number
  readonly oomKills: number
}

/** The control group of one slot. */
export interface Group {
  /** Files into which the starting shell writes `0`, to join before it becomes anything else. */
  readonly join: readonly string[]
  /** Resets the peak and sets the limits, in bytes and tasks. */
  limit(memory: number, pids: number): void
  used(): Used
  processes(): number[]
  /** Stops the whole group first, so that nothing forks away from the kill. */
  kill(): void
  remove(): void
}

export interface Cgroups {
  readonly version: 1 | 2
  group(name: string, uid: number): Group
  /** Removes what is left of us; groups must have been removed. */
  close(): void
}

export const readNumber = (path: string): number => {
  const text = readFileSync(path, "utf8").trim()
  return text === "max" ? Infinity : Number(text)
}

export const readField = (path: string, field: string): number =>
  Number(new RegExp(`^${field} (\\d+)$`, "m").exec(readFileSync(path, "utf8"))?.[1] ?? 0)

export const readPids = (path: string): number[] =>
  existsSync(path)
    ? readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map(Number)
    : []

export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL")
    } catch {
      // Gone already.
    }
  }
}

/** A group is busy for a moment after its last process died. */
export function removeGroup(path: string): void {
  for (let i = 0; i < 50; i++) {
    try {
      if (existsSync(path)) rmdirSync(path)
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EBUSY") return
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}

/** True if a group can really be made and used there. */
export function writable(parent: string): boolean {
  const probe = join(parent, `edgecrew-probe-${process.pid}`)
  try {
    mkdirSync(probe)
    rmdirSync(probe)
    return true
  } catch {
    return false
  }
}

export const write = (path: string, value: string | number): void => writeFileSync(path, String(value))
