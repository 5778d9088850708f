import * as z from "zod"
import { setTimeout as sleep } from "node:timers/promises"
import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { Refusal } from "./progress.ts"

/** A lock on a file, held by the operating system for this process: it cannot outlive it, so it is never stale. */
export interface Lock {
  release(): void
}

const busy = 5

// A collected database would let go of its lock.
const held = new Set<DatabaseSync>()

/** Takes the lock at once, or answers undefined when another process has it. */
export function tryLock(file: string): Lock | undefined {
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")
  } catch (error) {
    database.close()
    if (error instanceof Error && "errcode" in error && error.errcode === busy) return undefined
    throw error
  }
  held.add(database)
  const release = (): void => {
    held.delete(database)
    database.close()
  }
  return { release }
}

/** Waits for the lock, does the work, gives it back; whoever has to wait is told once. */
export async function withLock<T>(file: string, work: () => Promise<T>, onWait = () => {}): Promise<T> {
  let lock = tryLock(file)
  if (lock === undefined) onWait()
  while (lock === undefined) {
    await sleep(100)
    lock = tryLock(file)
  }
  try {
    return await work()
  } finally {
    lock.release()
  }
}

/** Who holds a state folder, as its holder wrote it down. */
const Holder = z.object({ pid: z.number(), address: z.string().optional() })
export type Holder = z.infer<typeof Holder>

/** A folder of state for one server at a time. */
export class StateFolder {
  readonly path: string
  constructor(path: string) {
    this.path = path
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 })
      accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new Refusal(
        `The state folder cannot be used (${why}). Set EDGECREW_STATE to a folder you may write in.`,
      )
    }
  }

  /** Takes the folder for this process; answers with the present holder when there is one. */
  take(): Holder | undefined {
    if (tryLock(join(this.path, "server.lock")) === undefined) return this.#holder()
    this.announce({ pid: process.pid })
    return undefined
  }

  /** Writes down who serves this folder, and where. */
  announce(holder: Holder): void {
    writeFileSync(join(this.path, "server.json"), `${JSON.stringify(holder)}\n`)
  }

  #holder(): Holder {
    try {
      return Holder.parse(JSON.parse(readFileSync(join(this.path, "server.json"), "utf8")))
    } catch {
      return { pid: 0 }
    }
  }
}
