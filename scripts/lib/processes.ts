import { spawn, type ChildProcess } from "node:child_process"
import { root } from "./paths.ts"

export interface Ended {
  code: number
  output: string
  ms: number
}

export interface RunOptions {
  cwd?: string
  env?: Record<string, string | undefined>
  /** Called with output as it comes; without it the output is only kept. */
  onOutput?: (text: string) => void
}

const running = new Set<ChildProcess>()
const keptOutput = 2_000_000

// Children lead their own process group, so that what they started goes with them.
process.on("exit", () => {
  for (const child of running) killGroup(child)
})

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, "SIGKILL")
  } catch {
    child.kill("SIGKILL")
  }
}

/** Runs a command to its end and answers with its exit code and output; it never outlives this process. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const since = performance.now()
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  })
  running.add(child)
  let output = ""
  const keep = (chunk: string): void => {
    output = (output + chunk).slice(-keptOutput)
    options.onOutput?.(chunk)
  }
  child.stdout.setEncoding("utf8").on("data", keep)
  child.stderr.setEncoding("utf8").on("data", keep)
  return new Promise((resolve) => {
    const end = (code: number): void => {
      running.delete(child)
      resolve({ code, output, ms: performance.now() - since })
    }
    child.on("error", (error) => {
      keep(`${command}: ${error.message}\n`)
      end(127)
    })
    child.on("close", (code) => end(code ?? 1))
  })
}

/** The last lines of an output, for a failure message. */
export const tail = (output: string, lines = 40): string =>
  output.trimEnd().split("\n").slice(-lines).join("\n")
