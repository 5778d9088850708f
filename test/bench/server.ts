import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { at, root } from "../../scripts/lib/paths.ts"
import { freePort } from "../../scripts/lib/ports.ts"

export interface Server {
  address: string
  /** The topmost process; everything else hangs below it. */
  pid: number
  /** From the command to its ready line. */
  readyMs: number
  stop: () => Promise<void>
}

/** A folder for a server's state, gone when the work is done. */
export async function withState<T>(work: (state: string) => Promise<T>): Promise<T> {
  const state = mkdtempSync(join(tmpdir(), "edgecrew-bench-"))
  try {
    return await work(state)
  } finally {
    rmSync(state, { recursive: true, force: true })
  }
}

/** `npm start` as a person types it, or what it calls: without npm's own memory, and ending with us whatever happens. */
const commands = {
  npm: ["npm", "start"],
  node: [process.execPath, at("scripts", "bootstrap.mjs"), "start"],
} as const

/** Starts the product on a free port and the given state; answers when it says that it is ready. */
export async function startServer(
  state: string,
  through: keyof typeof commands,
  settings: Record<string, string> = {},
): Promise<Server> {
  const since = performance.now()
  const [command, ...args] = commands[through]
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...settings, PORT: String(await freePort(8940)), EDGECREW_STATE: state },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const end = (): boolean => child.kill("SIGTERM")
  process.once("exit", end)
  let output = ""
  const ready = new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      output += chunk.toString()
      const address = /^ready (http:\S+)$/m.exec(output)?.[1]
      if (address !== undefined) resolve(address)
    }
    child.stdout.on("data", hear)
    child.stderr.on("data", hear)
    child.once("error", reject)
    child.once("close", (code) => reject(new Error(`npm start ended with exit code ${code}:\n${output}`)))
  })
  const address = await ready
  const readyMs = performance.now() - since
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    process.off("exit", end)
    end()
    await once(child, "close")
  }
  return { address, pid: child.pid ?? 0, readyMs, stop }
}
