import { readFileSync } from "node:fs"
import { availableParallelism, cpus, loadavg, totalmem } from "node:os"

/** The machine a table was measured on. */
export function machineLine(): string {
  const model = cpus()[0]?.model.trim() ?? "unknown processor"
  const memory = Math.round(totalmem() / 1024 ** 3)
  const load = loadavg()[0]?.toFixed(2) ?? "?"
  return `${availableParallelism()} × ${model}, ${memory} GB, load ${load}, Node ${process.versions.node}, ${process.platform}`
}

/** Of /proc/<pid>/stat, what follows the command's name: state, parent, … */
function statOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8")
    return text.slice(text.lastIndexOf(")") + 2).split(" ")
  } catch {
    return []
  }
}

const tickMs = 10

/** Processor time that the processes have used so far. */
export const cpuMs = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => {
    const stat = statOf(pid)
    return sum + (Number(stat[11] ?? 0) + Number(stat[12] ?? 0)) * tickMs
  }, 0)

export interface Memory {
  pid: number
  command: string
  /** Resident, shared pages counted whole. */
  rss: number
  /** Resident, shared pages counted by share: these add up. */
  pss: number
}

/** What each process holds in memory, in MB (Linux). */
export function memoryOf(pids: readonly number[]): Memory[] {
  return pids.flatMap((pid) => {
    try {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8")
      const megabytes = (field: string): number =>
        Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(rollup)?.[1] ?? 0) / 1024
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8")
        .replaceAll(/[\0\s]+/g, " ")
        .trim()
      return [{ pid, command, rss: megabytes("Rss"), pss: megabytes("Pss") }]
    } catch {
      return []
    }
  })
}
