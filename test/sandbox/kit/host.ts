import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"

export interface Process {
  pid: number
  parent: number
  uid: number
  state: string
  command: string
}

/** Every process of this machine that can be read, zombies too. */
export function processes(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/status`, "utf8")
        const field = (key: string): string => new RegExp(`^${key}:\\s+(\\S+)`, "m").exec(status)?.[1] ?? ""
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim()
        return [
          {
            pid: Number(name),
            parent: Number(field("PPid")),
            uid: Number(field("Uid")),
            state: field("State"),
            command,
          },
        ]
      } catch {
        // It ended while we looked.
        return []
      }
    })
}

/** A process and all that came from it. */
export function familyOf(pid: number): Process[] {
  const all = processes()
  const found = all.filter((one) => one.pid === pid)
  for (let at = 0; at < found.length; at++)
    found.push(...all.filter(({ parent }) => parent === found[at]?.pid))
  return found
}

/** Waits until none of these processes is left, zombies neither; answers with those that stay. */
export async function leftOf(pids: readonly number[], withinMs = 10_000): Promise<Process[]> {
  for (const since = performance.now(); ; await sleep(50)) {
    const left = processes().filter(({ pid }) => pids.includes(pid))
    if (left.length === 0 || performance.now() - since > withinMs) return left
  }
}

/** A process's own memory, in bytes. */
export const memoryOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1_024

/** Control groups of the runner with this state folder, in every hierarchy; other runners of this machine have their own names. */
export function groupsOf(stateDir: string): string[] {
  const root = "/sys/fs/cgroup"
  const mark = createHash("sha256").update(stateDir).digest("hex").slice(0, 12)
  if (!existsSync(root)) return []
  return readdirSync(root)
    .flatMap((hierarchy) => {
      try {
        return readdirSync(`${root}/${hierarchy}`).map((name) => `${hierarchy}/${name}`)
      } catch {
        return []
      }
    })
    .filter((path) => path.includes(mark))
}

export const isRoot = process.getuid?.() === 0
