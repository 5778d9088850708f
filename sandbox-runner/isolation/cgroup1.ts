import { chownSync, existsSync, mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import {
  killAll,
  readField,
  readNumber,
  readPids,
  removeGroup,
  writable,
  write,
  type Cgroups,
  type Group,
} from "./cgroup.ts"

const needed = ["memory", "pids", "cpu", "cpuacct", "freezer"] as const
type Controller = (typeof needed)[number]

/** Where each v1 hierarchy is mounted; some share one. */
function mounts(): Partial<Record<Controller, string>> {
  const found: Partial<Record<Controller, string>> = {}
  for (const line of readFileSync("/proc/self/mountinfo", "utf8").split("\n")) {
    const [before, after] = line.split(" - ")
    const path = before?.split(" ")[4]
    const [type, , options] = after?.split(" ") ?? []
    if (type !== "cgroup" || path === undefined) continue
    for (const name of options?.split(",") ?? [])
      if (needed.includes(name as Controller)) found[name as Controller] = path
  }
  return found
}

/** One core a run, in slices of a tenth of a second. */
const period = 100_000

function makeGroup(dirs: Record<Controller, string>, uid: number): Group {
  const unique = [...new Set(Object.values(dirs))]
  for (const dir of unique) {
    if (existsSync(dir)) killAll(readPids(join(dir, "tasks")))
    mkdirSync(dir, { recursive: true })
    chownSync(join(dir, "tasks"), uid, -1)
  }
  write(join(dirs.cpu, "cpu.cfs_period_us"), period)
  write(join(dirs.cpu, "cpu.cfs_quota_us"), period)
  const swap = join(dirs.memory, "memory.memsw.limit_in_bytes")
  const limitMemory = (bytes: number): void => {
    const plain = join(dirs.memory, "memory.limit_in_bytes")
    // The sum with swap may never be below the plain limit: which goes first depends on the direction.
    if (!existsSync(swap)) return write(plain, bytes)
    const order = bytes > readNumber(swap) ? [swap, plain] : [plain, swap]
    for (const file of order) write(file, bytes)
  }
  return {
    join: unique.map((dir) => join(dir, "tasks")),
    limit(memory, pids) {
      limitMemory(memory)
      write(join(dirs.pids, "pids.max"), pids)
      write(join(dirs.memory, "memory.max_usage_in_bytes"), 0)
    },
    used: () => ({
      cpuMs: readNumber(join(dirs.cpuacct, "cpuacct.usage")) / 1e6,
      memoryPeak: readNumber(join(dirs.memory, "memory.max_usage_in_bytes")),
      oomKills: readField(join(dirs.memory, "memory.oom_control"), "oom_kill"),
    }),
    processes: () => readPids(join(dirs.pids, "tasks")),
    kill() {
      const state = join(dirs.freezer, "freezer.state")
      write(state, "FROZEN")
      killAll(readPids(join(dirs.freezer, "cgroup.procs")))
      write(state, "THAWED")
      killAll(readPids(join(dirs.pids, "cgroup.procs")))
    },
    remove: () => unique.forEach(removeGroup),
  }
}

/** The groups of cgroup v1, or null where they cannot be written. */
export function cgroups1(name: string): Cgroups | null {
  const found = mounts()
  const dirs = Object.fromEntries(
    needed.map((controller) => [controller, found[controller] ?? ""]),
  ) as Record<Controller, string>
  if (Object.values(dirs).some((dir) => dir === "" || !writable(dir))) return null
  const under = (part: string): Record<Controller, string> =>
    Object.fromEntries(
      Object.entries(dirs).map(([controller, dir]) => [controller, join(dir, name, part)]),
    ) as Record<Controller, string>
  return {
    version: 1,
    group: (part, uid) => makeGroup(under(part), uid),
    close: () => [...new Set(Object.values(dirs))].forEach((dir) => removeGroup(join(dir, name))),
  }
}
