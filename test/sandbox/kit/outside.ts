import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

function read(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}

const pids = (): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)

/** Living processes below one, wherever they have themselves adopted to, by what only they have: its users or its groups. */
export function strays(parent: number, uids: (uid: number) => boolean, group: string): string[] {
  return pids().flatMap((pid) => {
    if (pid === parent) return []
    const status = read(`/proc/${pid}/status`)
    if (status === "" || /^State:\s+Z/m.test(status)) return []
    const uid = Number(/^Uid:\s+(\d+)/m.exec(status)?.[1] ?? -1)
    const isChild = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0) === parent
    const inGroup = group !== "" && read(`/proc/${pid}/cgroup`).includes(group)
    if (!isChild && !inGroup && !uids(uid)) return []
    return [`${pid} ${/^Name:\s+(.*)$/m.exec(status)?.[1] ?? ""} (uid ${uid})`]
  })
}

const folders = [
  "/",
  "/tmp",
  "/var/tmp",
  "/dev/shm",
  "/run",
  "/etc",
  "/usr",
  "/usr/bin",
  "/dev",
  "/root",
  "/home",
  "/dev/mqueue",
]

/** Where the mark of a program can be seen on the host: names in the folders that programs like to write to. */
export const marks = (mark: string, more: readonly string[]): string[] =>
  [...folders, ...more].flatMap((folder) => {
    if (!existsSync(folder)) return []
    try {
      return readdirSync(folder)
        .filter((name) => name.includes(mark))
        .map((name) => join(folder, name))
    } catch {
      return []
    }
  })
