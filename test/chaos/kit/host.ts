import { rmSync } from "node:fs"
import { createServer, type Server as Listener } from "node:http"
import { setTimeout as sleep } from "node:timers/promises"
import { freePort, host } from "../../../scripts/lib/ports.ts"
import { tail } from "../../../scripts/lib/processes.ts"
import { newState, Server, type StartOptions } from "../../kit/server.ts"
import type { Order, Standing } from "../order.ts"

/** The first of the ports that the harness uses. */
const firstPort = Number(process.env["EDGECREW_TEST_PORT"] ?? 9250)
const mostRestartMs = 30_000

export interface HostOptions {
  /** `host:port` of what executions may call. */
  allow: readonly string[]
  /** With the Worker that dies at crash points. */
  points?: boolean
  /** What the environment sets beside that, such as `EXECUTION_LANES`. */
  settings?: Record<string, string>
}

/** The product on a state folder of its own, whose workerd is killed again and again and comes back by itself. */
export class Host {
  #server: Server
  readonly #state: string
  readonly #options: StartOptions
  readonly #standing: Listener
  readonly #orders: Map<string, Order[]>
  readonly #done: Set<string>
  /** Orders that made something throw. */
  readonly thrown = new Set<string>()
  kills = 0
  /** When it was killed last, and when it said that it serves again, by `performance.now()`. */
  diedAt = 0
  readyAt = 0
  #isServing = true
  #wake: (() => void)[] = []

  private constructor(
    server: Server,
    options: StartOptions,
    standing: Listener,
    orders: Map<string, Order[]>,
    done: Set<string>,
  ) {
    this.#server = server
    this.#options = options
    this.#state = options.state
    this.#standing = standing
    this.#orders = orders
    this.#done = done
  }

  static async start({ allow, points = false, settings = {} }: HostOptions): Promise<Host> {
    const orders = new Map<string, Order[]>()
    const done = new Set<string>()
    const standing = createServer((_, response) => {
      response.end(JSON.stringify({ orders: Object.fromEntries(orders), done: [...done] } satisfies Standing))
    })
    const port = await freePort(firstPort)
    await new Promise<void>((resolve) => standing.listen(port, host, resolve))
    const state = newState()
    let hear: (text: string) => void = () => {}
    const options: StartOptions = {
      state,
      port: port + 1,
      through: points ? "chaos" : "node",
      settings: {
        ...settings,
        EDGECREW_EGRESS_ALLOW: allow.join(","),
        CHAOS_URL: `http://${host}:${port}/`,
      },
      hear: (text) => hear(text),
    }
    const server = await Server.start(options).catch((error: unknown) => {
      standing.close()
      rmSync(state, { recursive: true, force: true })
      throw error
    })
    const made = new Host(server, options, standing, orders, done)
    hear = made.#listener()
    return made
  }

  /** Another one after each crash. */
  get server(): Server {
    return this.#server
  }

  get address(): string {
    return this.#server.address
  }

  get isServing(): boolean {
    return this.#isServing
  }

  /** Orders that were carried out: their points were passed, and the server was killed there. */
  get done(): ReadonlySet<string> {
    return this.#done
  }

  /** Has the server die where an execution is told to, also after a restart; until it is forgotten. */
  order(execution: string, orders: Order[]): void {
    this.#orders.set(execution, orders)
  }

  forget(execution: string): void {
    this.#orders.delete(execution)
  }

  /** Kills workerd at this moment, unless it is dead. */
  kill(): void {
    if (!this.#isServing) return
    this.#isServing = false
    this.kills++
    this.diedAt = performance.now()
    process.kill(this.server.workerd(), "SIGKILL")
  }

  /** Kills every process of it at the same moment, and starts it again at the same address. */
  async crash(): Promise<void> {
    const port = Number(new URL(this.address).port)
    this.#isServing = false
    this.kills++
    this.diedAt = performance.now()
    await this.#server.crash()
    this.#server = await Server.startAgain({ ...this.#options, port })
    this.#serves()
  }

  /** Resolves when it serves; at once while it does. */
  async serving(): Promise<void> {
    if (this.#isServing) return
    const serves = new Promise<true>((resolve) => this.#wake.push(() => resolve(true)))
    if (await Promise.race([serves, sleep(mostRestartMs, false, { ref: false })])) return
    throw new Error(`It does not serve again after ${mostRestartMs} ms:\n${tail(this.server.output)}`)
  }

  async stop(): Promise<void> {
    await this.server.stop()
    this.#standing.close()
    this.#standing.closeAllConnections()
    // Its processes may still be writing their last.
    for (let tries = 0; ; tries++) {
      try {
        rmSync(this.#state, { recursive: true, force: true })
        return
      } catch (error) {
        if (tries === 20) throw error
        await sleep(100)
      }
    }
  }

  #listener(): (text: string) => void {
    let rest = ""
    return (text) => {
      const lines = (rest + text).split("\n")
      rest = lines.pop() ?? ""
      for (const line of lines) this.#heard(line)
    }
  }

  #heard(line: string): void {
    const [, what, name] = /^\[worker\] (crashpoint|thrown) (\S+)/.exec(line) ?? []
    if (what !== undefined && name !== undefined && !this.#done.has(name)) {
      // What throws goes on doing so as often as it was told to.
      if (what === "crashpoint") this.#done.add(name)
      else this.thrown.add(name)
      if (what === "crashpoint") this.kill()
    }
    if (line.startsWith("[server] serving again")) this.#serves()
  }

  #serves(): void {
    this.#isServing = true
    this.readyAt = performance.now()
    for (const wake of this.#wake.splice(0)) wake()
  }
}
