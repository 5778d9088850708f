import { spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { at, root } from "../../scripts/lib/paths.ts"
import { freePort } from "../../scripts/lib/ports.ts"
import { commandOf, treeOf } from "./processes.ts"
import { endWithUs } from "./end-with-us.ts"
import { roomyQuotas } from "./quotas.ts"

/** `npm start` as a person types it; what it calls, which ends with us whatever happens; the same with crash points. */
const commands = {
  npm: ["npm", "start"],
  node: [process.execPath, at("scripts", "bootstrap.mjs"), "start"],
  chaos: [process.execPath, at("test", "chaos", "serve.ts")],
} as const

export interface StartOptions {
  /** Where it keeps its state; the next start on the same folder goes on with it. */
  state: string
  through?: keyof typeof commands
  /** What the environment sets beside the port and the state folder, such as `EDGECREW_SEED`. */
  settings?: Record<string, string>
  /** The first port that is tried; a taken one is passed over. */
  port?: number
  /** A `resolv.conf` that it and all its processes look names up by, in place of the machine's; takes root. */
  resolvConf?: string
  /** Told what it prints, as it comes. */
  hear?: (text: string) => void
}

/** A mount that nobody else sees lays the file over the machine's own. */
const withNames = (command: readonly [string, ...string[]], file: string | undefined) =>
  file === undefined
    ? command
    : ([
        "unshare",
        "--mount",
        "sh",
        "-c",
        'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"',
        "sh",
        file,
        ...command,
      ] as const)

const quotasIn = (settings: Record<string, string> = {}): object =>
  JSON.parse(settings["EDGECREW_QUOTAS"] ?? "{}") as object

/** Files of tests that are run at a time keep to ports of their own, so that a server finds its own again. */
const portsEach = 20
const firstPort =
  Number(process.env["EDGECREW_TEST_PORT"] ?? 9020) +
  portsEach * (Number(process.env["VITEST_POOL_ID"] ?? 1) - 1)

/** A new folder for a server's state. */
export const newState = (): string => mkdtempSync(join(tmpdir(), "edgecrew-e2e-"))

/** Programs of the sandbox come and go: one that has ended since it was listed wants no signal. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error
  }
}

/** The product as its users have it: a child process that serves on a port of this machine. */
export class Server {
  readonly address: string
  readonly state: string
  /** The demo user's one-time password, when this start set one. */
  readonly password: string | undefined
  readonly readyMs: number
  readonly #child: ChildProcess
  readonly #said: () => string

  private constructor(
    child: ChildProcess,
    options: StartOptions,
    ready: { address: string; ms: number; said: () => string },
  ) {
    this.#child = child
    this.#said = ready.said
    this.address = ready.address
    this.readyMs = ready.ms
    this.state = options.state
    this.password = /^ {2}password {2}(\S+) {2}\(shown this once\)$/m.exec(ready.said())?.[1]
  }

  /** Starts the product and answers when it says that it is ready. */
  static async start(options: StartOptions): Promise<Server> {
    const since = performance.now()
    const [command, ...args] = withNames(commands[options.through ?? "node"], options.resolvConf)
    const port = String(await freePort(options.port ?? firstPort))
    const child = spawn(command, args, {
      cwd: root,
      env: {
        ...process.env,
        // Ours says "test", by which the pages would be built with React's slow, talkative half.
        NODE_ENV: undefined,
        EDGECREW_SEED: "0",
        // Warm sandboxes cost processor time that most journeys have no use for.
        EDGECREW_SANDBOX: "0",
        ...options.settings,
        EDGECREW_QUOTAS: JSON.stringify({ ...roomyQuotas, ...quotasIn(options.settings) }),
        PORT: port,
        EDGECREW_STATE: options.state,
      },
      stdio: ["ignore", "pipe", "pipe"],
    })
    endWithUs(child, "SIGTERM")
    let output = ""
    const address = await new Promise<string>((resolve, reject) => {
      const hear = (chunk: Buffer): void => {
        output += chunk.toString()
        options.hear?.(chunk.toString())
        const said = /^ready (http:\S+)$/m.exec(output)?.[1]
        if (said !== undefined) resolve(said)
      }
      child.stdout.on("data", hear)
      child.stderr.on("data", hear)
      child.once("error", reject)
      child.once("close", (code) => reject(new Error(`npm start ended with exit code ${code}:\n${output}`)))
    })
    return new Server(child, options, { address, ms: performance.now() - since, said: () => output })
  }

  /** Starts it where it was before, for those who know it by that address. */
  static async startAgain(options: StartOptions & { port: number }): Promise<Server> {
    // Whoever knocks at many doors may stand in this one for a moment.
    for (let tries = 0; tries < 100 && (await freePort(options.port)) !== options.port; tries++)
      await sleep(100)
    const server = await Server.start(options)
    if (Number(new URL(server.address).port) !== options.port)
      throw new Error(`It came back at ${server.address} in place of port ${options.port}`)
    return server
  }

  /** Everything it has printed. */
  get output(): string {
    return this.#said()
  }

  /** The process that serves; supervised, so that another takes its place when it dies. */
  workerd(): number {
    const found = treeOf(this.#pid).filter((pid) => /^\S*workerd /.test(commandOf(pid)))
    if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} workerd processes run`)
    return found[0]
  }

  /** Every process of it, from the command to workerd. */
  tree(): number[] {
    return treeOf(this.#pid)
  }

  /** As when the machine loses power: every process of it is killed at the same moment, none can tidy up. */
  async crash(): Promise<void> {
    const pids = this.tree()
    for (const pid of pids) signal(pid, "SIGSTOP")
    for (const pid of pids) signal(pid, "SIGKILL")
    await this.#gone()
    for (const pid of pids) {
      while (commandOf(pid) !== "") await sleep(10)
    }
  }

  /** As Ctrl-C or a service manager stops it. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.kill("SIGTERM")
    await this.#gone()
  }

  async #gone(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, "exit")
  }

  get #pid(): number {
    if (this.#child.pid === undefined) throw new Error("The server has no process.")
    return this.#child.pid
  }
}

/** A server of a test file's own on an empty state folder, and how to leave nothing of it behind. */
export async function startFresh(
  options: Omit<StartOptions, "state"> = {},
): Promise<{ server: Server; end: () => Promise<void> }> {
  const state = newState()
  const clear = (): void => rmSync(state, { recursive: true, force: true })
  const server = await Server.start({ ...options, state }).catch((error: unknown) => {
    clear()
    throw error
  })
  const end = async (): Promise<void> => {
    await server.stop()
    clear()
  }
  return { server, end }
}
