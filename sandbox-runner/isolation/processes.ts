import { readdirSync, readFileSync, statfsSync } from "node:fs"

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return null
  }
}

/** The fields of /proc/PID/stat after the name, which may hold anything; null for a process that is no more. */
function fields(pid: number): string[] | null {
  const text = read(`/proc/${pid}/stat`)
  return text === null ? null : text.slice(text.lastIndexOf(")") + 2).split(" ")
}

/** When it began, in ticks since boot: with the number, the name of a process. */
export const startOf = (pid: number): string | null => fields(pid)?.[19] ?? null

/** A zombie runs no more, but only its reaped end empties the namespace. */
export const isAlive = (process: { readonly pid: number; readonly start: string }): boolean =>
  startOf(process.pid) === process.start

/** A process and all below it, parents first. */
export function treeOf(pid: number): number[] {
  const tree = [pid]
  for (let i = 0; i < tree.length; i++) {
    let threads: string[] = []
    try {
      threads = readdirSync(`/proc/${tree[i]}/task`)
    } catch {
      continue
    }
    for (const thread of threads) {
      const children = read(`/proc/${tree[i]}/task/${thread}/children`)
      if (children !== null) tree.push(...children.trim().split(" ").filter(Boolean).map(Number))
    }
  }
  return tree
}

const tickMs = 10
const pageBytes = 4_096

/** What these processes hold and have used, with their reaped children. Pages that several of them map count for each. */
export function usageOf(pids: readonly number[]): { memory: number; cpuMs: number } {
  let memory = 0
  let cpuMs = 0
  for (const pid of pids) {
    const stat = fields(pid)
    if (stat === null) continue
    memory += Number(stat[21]) * pageBytes
    for (const index of [11, 12, 13, 14]) cpuMs += Number(stat[index]) * tickMs
  }
  return { memory, cpuMs }
}

/** The same memory with every shared page counted once; dearer to ask for. */
export const fairMemoryOf = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => {
    const pss = /^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? "")?.[1]
    return sum + Number(pss ?? 0) * 1_024
  }, 0)

/** About what an inode of a tmpfs costs the kernel. */
const inodeBytes = 1_024
/** TMPFS_MAGIC of linux/magic.h. */
const tmpfs = 0x01021994

/** What the files of a namespace hold, by one of its processes; its root is read-only, so these folders are what they seem. */
export function filesOf(pid: number): number {
  return ["box", "tmp", "dev/shm"].reduce((sum, folder) => {
    try {
      const { type, bsize, blocks, bfree, files, ffree } = statfsSync(`/proc/${pid}/root/${folder}`)
      // Before the walls stand its root is the machine's.
      if (type !== tmpfs) return sum
      return sum + (blocks - bfree) * bsize + (files - ffree) * inodeBytes
    } catch {
      // Not ours to look at, or over.
      return sum
    }
  }, 0)
}
