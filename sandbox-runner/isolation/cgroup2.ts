import { existsSync, mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import {
  readField,
  readNumber,
  readPids,
  removeGroup,
  writable,
  write,
  type Cgroups,
  type Group,
} from "./cgroup.ts"

const needed = ["memory", "pids", "cpu"]

/** Our own group below the unified mount, as a path of the file system. */
function ownGroup(): string | null {
  const line = readFileSync("/proc/self/cgroup", "utf8")
    .split("\n")
    .find((each) => each.startsWith("0::"))
  const mount = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((each) => each.split(" - "))
    .find(([, after]) => after?.startsWith("cgroup2 "))?.[0]
    ?.split(" ")[4]
  if (line === undefined || mount === undefined) return null
  const inside = join(mount, line.slice(3))
  return existsSync(join(inside, "cgroup.procs")) ? inside : mount
}

/** A group with children may hold no processes: ours move into a leaf, then the controllers are handed down. */
function delegate(parent: string): void {
  const leaf = join(parent, "edgecrew-runner")
  mkdirSync(leaf, { recursive: true })
  for (const pid of readPids(join(parent, "cgroup.procs"))) {
    try {
      write(join(leaf, "cgroup.procs"), pid)
    } catch {
      // Kernel threads of the root group stay, and may.
    }
  }
  write(join(parent, "cgroup.subtree_control"), needed.map((name) => `+${name}`).join(" "))
}

function makeGroup(dir: string): Group {
  if (existsSync(join(dir, "cgroup.kill"))) write(join(dir, "cgroup.kill"), 1)
  mkdirSync(dir, { recursive: true })
  write(join(dir, "cpu.max"), "100000 100000")
  const swap = join(dir, "memory.swap.max")
  if (existsSync(swap)) write(swap, 0)
  write(join(dir, "memory.oom.group"), 1)
  const peak = join(dir, "memory.peak")
  return {
    join: [join(dir, "cgroup.procs")],
    limit(memory, pids) {
      write(join(dir, "memory.max"), memory)
      write(join(dir, "pids.max"), pids)
    },
    used: () => ({
      cpuMs: readField(join(dir, "cpu.stat"), "usage_usec") / 1e3,
      memoryPeak: readNumber(existsSync(peak) ? peak : join(dir, "memory.current")),
      oomKills: readField(join(dir, "memory.events"), "oom_kill"),
    }),
    processes: () => readPids(join(dir, "cgroup.procs")),
    kill: () => write(join(dir, "cgroup.kill"), 1),
    remove: () => removeGroup(dir),
  }
}

/**
 * The groups of cgroup v2, or null where memory, pids and cpu are not ours to give on. The starting shell joins while it is still root:
 * v2 asks for rights on the common ancestor, which no slot may have.
 */
export function cgroups2(name: string): Cgroups | null {
  const parent = ownGroup()
  if (parent === null || !writable(parent)) return null
  const offered = readFileSync(join(parent, "cgroup.controllers"), "utf8").trim().split(" ")
  if (!needed.every((controller) => offered.includes(controller))) return null
  const base = join(parent, name)
  try {
    delegate(parent)
    mkdirSync(base, { recursive: true })
    write(join(base, "cgroup.subtree_control"), needed.map((each) => `+${each}`).join(" "))
  } catch {
    return null
  }
  return {
    version: 2,
    group: (part) => makeGroup(join(base, part)),
    close: () => removeGroup(base),
  }
}
