import { subscribe } from "node:diagnostics_channel"
import { setTimeout as sleep } from "node:timers/promises"
import { ChildProcess } from "node:child_process"
import { convertV4MiniflareOptions, Miniflare, type MiniflareOptions, type V4WorkerOptions } from "miniflare"
import { closedNetworks } from "../../core/address.ts"
import { Guardian } from "./guardian.ts"
import { host } from "./ports.ts"
import { answerAddresses } from "./resolver.ts"

export interface RuntimeOptions {
  worker: V4WorkerOptions & { name: string }
  /** Secrets and settings, given to the Worker as text bindings. */
  bindings: Record<string, string>
  /** Where D1 and the objects keep their files. */
  data: string
  /** Called with each error that the Worker logs. */
  onError: (message: string) => void
  /** Called when workerd died or does not start, and again when it serves once more. */
  onDeath: (cause: string) => void
  onRecovery: (ms: number) => void
  /** Called with the process id of each workerd. */
  onSpawn?: (pid: number) => void
}

/**
 * Miniflare's socket leads through an entry Worker and, with assets, through two more. A second Worker that does nothing
 * owns a direct socket to ours: seven times the requests a second, and nothing between client and Worker.
 */
function toMiniflare(options: RuntimeOptions, port: number, onRestart: () => void): MiniflareOptions {
  const front: V4WorkerOptions = {
    name: "front",
    modules: true,
    script: "export default { fetch: () => new Response(null, { status: 404 }) }",
    unsafeDirectSockets: [{ host, port, serviceName: options.worker.name }],
  }
  const worker = {
    ...options.worker,
    bindings: { ...options.worker.bindings, ...options.bindings },
    serviceBindings: {
      ...options.worker.serviceBindings,
      RESOLVER: answerAddresses,
      PUBLIC_NETWORK: publicNetwork,
    },
  }
  return {
    ...convertV4MiniflareOptions({ host, port: 0, cf: false, workers: [front, worker] }),
    resourcePersistencePath: options.data,
    telemetry: { enabled: false },
    enableDevRegistry: false,
    unsafeLocalExplorer: false,
    unsafeTriggerHandlers: false,
    logRequests: false,
    handleStructuredLogs: ({ level, message }) => {
      if (level === "error" || level === "warn") options.onError(readable(message))
    },
    unsafeHandleRuntimeRestart: onRestart,
  }
}

/** Asks for a name's addresses itself and connects to a public one or to none, whatever the name led to a moment before. */
const publicNetwork = {
  network: { allow: ["public"], deny: [...closedNetworks], tlsOptions: { trustBrowserCas: true } },
}

/** workerd's own errors without the place in its source. */
const readable = (message: string): string =>
  message.replace(/workerd\/\S+:\d+: (?:failed: )?/g, "").replace(/\bremote\.jsg\.|\bjsg\./g, "")

/** How long Miniflare may take to bring workerd back before we start over; it takes a third of a second. */
const patienceMs = 5_000

/** workerd under supervision: when it dies it is started again at once, and it never outlives this process. */
export class Runtime {
  #options: RuntimeOptions
  readonly #guardian = new Guardian()
  #miniflare: Miniflare | undefined
  #child: ChildProcess | undefined
  #state: "starting" | "serving" | "recovering" = "starting"
  #port = 0
  #diedAt = 0
  #patience: NodeJS.Timeout | undefined

  constructor(options: RuntimeOptions) {
    this.#options = options
    subscribe("child_process", (message) => {
      // The only way to the process itself: Miniflare keeps it private.
      if (typeof message !== "object" || message === null || !("process" in message)) return
      const child = message.process
      if (!(child instanceof ChildProcess)) return
      child.once("spawn", () => {
        if (child.spawnfile.includes("workerd")) this.#adopt(child)
      })
    })
  }

  /** Starts workerd on a port and answers when it accepts connections. */
  async start(port: number): Promise<void> {
    this.#state = "starting"
    this.#port = port
    const miniflare = new Miniflare(toMiniflare(this.#options, port, () => this.#recovered()))
    this.#miniflare = miniflare
    try {
      await miniflare.ready
    } catch (error) {
      await miniflare.dispose()
      throw error
    }
    this.#state = "serving"
  }

  /** Serves another Worker in place of this one, on the same port and data. */
  async reload(worker: RuntimeOptions["worker"]): Promise<void> {
    this.#options = { ...this.#options, worker }
    await this.stop()
    await this.start(this.#port)
  }

  /** Ends workerd. */
  async stop(): Promise<void> {
    clearTimeout(this.#patience)
    this.#child = undefined
    await this.#miniflare?.dispose()
    this.#guardian.watch(undefined)
  }

  #adopt(child: ChildProcess): void {
    this.#child = child
    this.#guardian.watch(child.pid)
    if (child.pid !== undefined) this.#options.onSpawn?.(child.pid)
    child.once("exit", (code, signal) => {
      if (child === this.#child) this.#died(signal ?? `exit ${code}`)
    })
  }

  #died(cause: string): void {
    if (this.#state === "starting") return // start() fails by itself and says why
    clearTimeout(this.#patience)
    if (this.#state === "recovering") {
      // Died again before it served: Miniflare gives up on that, we do not.
      void this.#startOver()
      return
    }
    this.#state = "recovering"
    this.#diedAt = performance.now()
    this.#options.onDeath(cause)
    this.#patience = setTimeout(() => void this.#startOver(), patienceMs)
  }

  #recovered(): void {
    clearTimeout(this.#patience)
    this.#state = "serving"
    this.#options.onRecovery(performance.now() - this.#diedAt)
  }

  async #startOver(): Promise<void> {
    this.#child = undefined
    await this.#miniflare?.dispose()
    for (let pause = 50; ; pause = Math.min(pause * 2, 2_000)) {
      try {
        await this.start(this.#port)
        this.#recovered()
        return
      } catch (error) {
        this.#options.onDeath(error instanceof Error ? error.message : String(error))
        await sleep(pause)
      }
    }
  }
}
