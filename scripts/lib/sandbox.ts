import { type ChildProcess, spawn } from "node:child_process"
import { createHash, randomBytes } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { aptInstall, canInstall } from "./apt.ts"
import { at } from "./paths.ts"
import { host } from "./ports.ts"
import { onPath } from "./programs.ts"
import { Refusal } from "./progress.ts"
import type { Settings } from "./settings.ts"

/** Debian's packages that real isolation needs. */
const packages = (): string[] =>
  readFileSync(at("sandbox-runner", "debian-packages.txt"), "utf8").trim().split("\n")
const howToInstall = (): string => `Debian: sudo apt-get install ${packages().join(" ")}`

const isInstalled = (): boolean => onPath("bwrap") !== undefined && existsSync("/usr/bin/python3")

/** What the sandbox's tests need; installed from Debian when it is missing and we may. Root's also make the image's tree. */
export async function needSandbox(): Promise<void> {
  const isRoot = process.getuid?.() === 0
  if (isInstalled() && (!isRoot || onPath("debootstrap") !== undefined)) return
  const manual = howToInstall()
  if (!canInstall()) throw new Refusal(`The sandbox's tests need bubblewrap and python3. ${manual}`)
  const wanted = [...packages(), "debootstrap"]
  await aptInstall(wanted.join(", "), wanted, manual)
}

export interface OpenSandbox {
  /** What the Worker is told of it; an empty address where nothing can be run. */
  bindings: { SANDBOX_URL: string; SANDBOX_SECRET?: string }
  /** One line for whoever started us, once it is known. */
  told: Promise<string>
}

/** Starts the sandbox runner of this server, if it is to have one and can. */
export async function openSandbox(settings: Settings): Promise<OpenSandbox> {
  const { sandbox } = settings
  const none = (why: string): OpenSandbox => ({
    bindings: { SANDBOX_URL: "" },
    told: Promise.resolve(`no sandbox: ${why}`),
  })
  if (sandbox.kind === "none") return none("EDGECREW_SANDBOX is 0")
  if (sandbox.kind === "given")
    return {
      bindings: { SANDBOX_URL: sandbox.url, SANDBOX_SECRET: sandbox.secret },
      told: Promise.resolve(`programs run in the sandbox at ${sandbox.url}`),
    }
  if (process.platform !== "linux")
    return none("isolation needs Linux; set SANDBOX_URL to a runner elsewhere")
  if (!isInstalled())
    return none(
      `bubblewrap or python3 is missing (${howToInstall()}); tools that run programs are unavailable`,
    )
  const secret = randomBytes(32).toString("base64url")
  const runner = new RunnerProcess(settings, await anyPort(), secret)
  return { bindings: { SANDBOX_URL: runner.address, SANDBOX_SECRET: secret }, told: runner.judged() }
}

function anyPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject)
    probe.listen(0, host, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })
}

/** Every slot has a user of its own who must be able to walk there: root's checkouts are often closed to others. */
function stateDirOf(state: string): string {
  if (process.getuid?.() !== 0) return join(state, "sandbox")
  const name = createHash("sha256").update(state).digest("hex").slice(0, 12)
  // Root's alone, so that nobody can have made it before; on a disk, since a copy of Node may lie in it.
  return join("/var/lib/edgecrew-sandbox", name)
}

/** A young generation that is small: what hundreds of runs leave to be collected would else lie about as memory. */
export const runnerCommand = [
  process.execPath,
  "--max-semi-space-size=2",
  at("sandbox-runner", "main.ts"),
] as const

const shortestPauseMs = 100
const longestPauseMs = 10_000
const patienceMs = 20_000

/** The runner as a child: started again when it dies, and gone when we are. */
class RunnerProcess {
  readonly address: string
  readonly #env: Record<string, string | undefined>
  #child: ChildProcess | undefined
  #hasServed = false

  constructor(settings: Settings, port: number, secret: string) {
    this.address = `http://${host}:${port}`
    const own = Object.entries(process.env).filter(
      ([name]) => name === "PATH" || name === "LANG" || name.startsWith("SANDBOX_"),
    )
    this.#env = {
      SANDBOX_PROFILE: process.getuid?.() === 0 ? "auto" : "dev",
      SANDBOX_EGRESS_ALLOW: settings.bindings.EGRESS_ALLOW,
      ...Object.fromEntries(own),
      SANDBOX_STATE: stateDirOf(settings.state),
      SANDBOX_HOST: host,
      SANDBOX_PORT: String(port),
      SANDBOX_SECRET: secret,
      SANDBOX_LIFELINE: "1",
    }
    process.once("exit", () => this.#child?.kill("SIGTERM"))
    void this.#keep()
  }

  /** Asks until it listens, and says in one line what it found. */
  async judged(): Promise<string> {
    for (const since = performance.now(); performance.now() - since < patienceMs; await sleep(100)) {
      const answer = await fetch(`${this.address}/readyz`).catch(() => undefined)
      if (answer === undefined) continue
      const { reason } = (await answer.json()) as { reason: string | null }
      return answer.ok ? "programs run in a sandbox of their own" : `no sandbox: ${reason ?? "not ready"}`
    }
    return "no sandbox: its runner does not answer"
  }

  async #keep(): Promise<void> {
    for (let pause = shortestPauseMs; ; pause = Math.min(2 * pause, longestPauseMs)) {
      this.#hasServed = false
      const how = await this.#once()
      // One that served and died is wanted back at once; one that does not come to serve is not helped by haste.
      if (this.#hasServed) pause = shortestPauseMs
      console.error(`[sandbox] the runner ended (${how}); starting it again`)
      await sleep(pause)
    }
  }

  #once(): Promise<string> {
    // Its standard input is its lifeline: it ends with us, also when we are killed, and tidies up.
    const [node, ...args] = runnerCommand
    const child = spawn(node, args, {
      cwd: "/",
      env: this.#env,
      stdio: ["pipe", "pipe", "pipe"],
    })
    this.#child = child
    // The one line that it prints: it listens.
    child.stdout.once("data", () => (this.#hasServed = true)).resume()
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      for (const line of text.trimEnd().split("\n"))
        if (!line.startsWith("{")) console.error(`[sandbox] ${line}`)
    })
    return new Promise((resolve) => {
      child.once("error", (error) => resolve(error.message))
      child.once("exit", (code, signal) => resolve(signal ?? `exit ${code}`))
    })
  }
}
