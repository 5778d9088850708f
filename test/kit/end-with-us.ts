import type { ChildProcess } from "node:child_process"

const living = new Map<ChildProcess, NodeJS.Signals>()

process.once("exit", () => {
  for (const [child, signal] of living) child.kill(signal)
})

/** Whatever becomes of the tests, a process that they started does not outlive them. */
export function endWithUs(child: ChildProcess, signal: NodeJS.Signals): void {
  living.set(child, signal)
  child.once("exit", () => living.delete(child))
}
