import { readdirSync, readFileSync } from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"
import { commandOf } from "../../kit/processes.ts"
import { familyOf, groupsOf, leftOf } from "../../sandbox/kit/host.ts"
import type { Host } from "../kit/host.ts"

/** It takes a second or two; others may want the machine too. */
const mostStartMs = 120_000

const settingOf = (pid: number, name: string): string => {
  const text = readFileSync(`/proc/${pid}/environ`, "utf8")
  return (
    text
      .split("\0")
      .find((one) => one.startsWith(`${name}=`))
      ?.slice(name.length + 1) ?? ""
  )
}

const isReady = async (pid: number): Promise<boolean> => {
  try {
    const port = settingOf(pid, "SANDBOX_PORT")
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(1_000) })
    await answer.text()
    return answer.ok
  } catch {
    return false
  }
}

/** The runner beside a server, as the machine sees it. */
export class Beside {
  readonly #host: Host
  #stateDir = ""

  constructor(host: Host) {
    this.#host = host
  }

  /** The runner's process, when there is one. */
  get pid(): number | undefined {
    return this.#host.server.tree().find((pid) => commandOf(pid).includes("sandbox-runner/main.ts"))
  }

  async #until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
    const end = performance.now() + mostStartMs
    for (;;) {
      const found = await look()
      if (found !== undefined) return found
      if (performance.now() > end) throw new Error(`${what}: not within ${mostStartMs} ms`)
      await sleep(10)
    }
  }

  /** The runner's process, as soon as there is one. */
  async born(): Promise<number> {
    const pid = await this.#until("a runner is started", () => this.pid)
    if (this.#stateDir === "")
      this.#stateDir = await this.#until(
        "its state is known",
        () => settingOf(pid, "SANDBOX_STATE") || undefined,
      )
    return pid
  }

  /** Waits until it takes programs. */
  async ready(): Promise<void> {
    await this.#until("the runner serves", async () => {
      const { pid } = this
      return pid !== undefined && (await isReady(pid)) ? true : undefined
    })
  }

  /** The runner and everything in its sandboxes. */
  family(): number[] {
    const { pid } = this
    return pid === undefined ? [] : familyOf(pid).map((one) => one.pid)
  }

  /** Of these processes, those that live on or were reaped by nobody. */
  async left(pids: readonly number[]): Promise<string[]> {
    const left = await leftOf(pids)
    return left.map(({ pid, state, command }) => `process ${pid} is left (${state}): ${command}`)
  }

  /** What lies about once the server is stopped: folders, files, control groups. */
  remains(): string[] {
    const files = (() => {
      try {
        return readdirSync(this.#stateDir, { recursive: true }).map(String)
      } catch {
        return []
      }
    })()
    return [
      ...files.map((name) => `file ${name} is left`),
      ...groupsOf(this.#stateDir).map((name) => `group ${name} is left`),
    ]
  }

  get stateDir(): string {
    return this.#stateDir
  }
}
