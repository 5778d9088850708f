import { closeSync, readdirSync, readFileSync } from "node:fs"

const closeOnExec = 0o2000000

/**
 * Closes what whoever started us left open: Node opens everything for itself alone, so what a child would inherit beyond the first
 * three is a stranger's, and would lie open in every sandbox.
 */
export function closeStrangers(): void {
  for (const name of readdirSync("/proc/self/fd")) {
    if (Number(name) < 3) continue
    try {
      const flags = /^flags:\s+(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${name}`, "utf8"))?.[1]
      if (flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0) closeSync(Number(name))
    } catch {
      // The folder's own descriptor, closed by now.
    }
  }
}
