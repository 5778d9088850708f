import {
  bootHeader,
  sandboxProtocol,
  type RunFrame,
  type RunnerCapabilities,
  RunLimits,
} from "#core/contract/sandbox"
import { SandboxObject } from "#durable/sandbox/object"
import { sandboxPorts } from "#worker/tools/sandbox/runner"
import type { Env } from "#worker/env"
import { testSecrets } from "#test/kit/secrets"

/** What a Worker in production has where it speaks of sandboxes; the binding is a test's own. */
export const sandboxEnv = {
  ...testSecrets,
  QUOTAS: "{}",
  CLIENT_ADDRESS_HEADER: "",
  EGRESS_ALLOW: "",
  JOURNAL_DAYS: "30",
  EXECUTION_LANES: "4",
  SANDBOX_URL: "",
  SANDBOX_SECRET: "a-secret-of-the-tests-0123456789abcdef",
  SANDBOX_IDLE_SECONDS: "60",
  SANDBOX_MACHINES: "1",
}
export const time = { skew: 0 }

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

type Unnumbered = RunFrame extends infer F ? (F extends RunFrame ? Omit<F, "seq"> : never) : never
const ended: Omit<Extract<RunFrame, { type: "exit" }>, "seq" | "id"> = {
  type: "exit",
  status: "ok",
  reason: null,
  exit_code: 0,
  signal: null,
  truncated: { stdout: false, stderr: false },
  result_error: null,
  artifacts: [],
  artifacts_error: null,
  usage: { wall_ms: 1, cpu_ms: 1, memory_peak: 1, oom_kills: 0 },
  isolation: "none (fake)",
}

/** A program under way, as far as the test lets it come. */
export class FakeRun {
  readonly id = `run_${crypto.randomUUID().replaceAll("-", "")}`
  readonly frames: RunFrame[] = []
  /** How many have come to hear of it. */
  readers = 0

  constructor() {
    this.add({ type: "started", id: this.id })
  }

  private add(frame: Unnumbered): void {
    this.frames.push({ ...frame, seq: this.frames.length + 1 })
  }

  say(d: string): void {
    this.add({ type: "stdout", d })
  }

  end(result: unknown, status: "ok" | "cancelled" = "ok"): void {
    if (!this.isOver) this.add({ ...ended, id: this.id, status, result: result as never })
  }

  get isOver(): boolean {
    return this.frames.at(-1)?.type === "exit"
  }
}

/** The runner's protocol, without programs: what its own tests show is not shown again here. */
class FakeRunner {
  readonly boot = crypto.randomUUID()
  isAlive = true
  readonly runs = new Map<string, FakeRun>()
  private readonly container: FakeContainer

  constructor(container: FakeContainer) {
    this.container = container
  }

  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === "/healthz") return Response.json({ ok: true }, { headers: { [bootHeader]: this.boot } })
    if (tenantOf(request) !== this.container.env["SANDBOX_TENANT"]) return problem(403, "tenant.refused")
    if (pathname === "/v1/capabilities") return Response.json(this.capabilities())
    if (pathname === "/v1/runs") return this.begin(request)
    const run = [...this.runs.values()].find((one) => pathname.includes(one.id))
    if (!run) return problem(404, "run.unknown")
    if (request.method !== "DELETE") return this.told(run, Number(searchParams.get("after")))
    run.end(null, "cancelled")
    return Response.json({ id: run.id, status: "cancelled" })
  }

  private capabilities(): RunnerCapabilities {
    const busy = [...this.runs.values()].filter((run) => !run.isOver).length
    const limits = { tool: RunLimits.parse({}), agent: RunLimits.parse({}) }
    const state = { slots: 4, free: 4 - busy, quarantined: 0, waiting: 0, pool: {} }
    const named = {
      protocol: sandboxProtocol,
      id: "fake",
      profile: "contained",
      isolation: "none (fake)",
    } as const
    return { ...named, ...state, ready: true, reason: null, languages: [], network: true, limits }
  }

  private async begin(request: Request): Promise<Response> {
    const { container } = this
    const wanted = request.headers.get(bootHeader)
    if (wanted !== null && wanted !== this.boot) return problem(409, "runner.other")
    const key = request.headers.get("idempotency-key") ?? ""
    const known = this.runs.get(key)
    if (known) return this.told(known, 0)
    const refusal = container.refusals.shift()
    if (refusal) return problem(refusal.status, refusal.code, refusal.seconds)
    const run = new FakeRun()
    this.runs.set(key, run)
    container.begun.push(key)
    container.requests.push(await request.json())
    if (container.isBreaking) {
      container.isBreaking = false
      throw new Error("Network connection lost.")
    }
    return this.told(run, 0)
  }

  /** As the runner does: frames as they come; nothing more, and no end, once it is dead. */
  private told(run: FakeRun, after: number): Response {
    run.readers++
    let next = after
    const encoder = new TextEncoder()
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        while (run.frames.length <= next && this.isAlive) await wait(2)
        if (!this.isAlive) return controller.error(new Error("Network connection lost."))
        const frame = run.frames[next++]
        controller.enqueue(encoder.encode(`${JSON.stringify(frame)}\n`))
        if (frame?.type === "exit") controller.close()
      },
    })
    return new Response(body, { headers: { "content-type": "application/x-ndjson" } })
  }
}

const tenantOf = (request: Request): unknown => {
  const payload = /^Bearer ([\w-]+)\./.exec(request.headers.get("authorization") ?? "")?.[1] ?? ""
  return (JSON.parse(Buffer.from(payload, "base64url").toString() || "{}") as { tenant?: string }).tenant
}

const problem = (status: number, code: string, seconds?: number): Response =>
  Response.json(
    { type: `urn:edgecrew:sandbox:${code}`, title: "It refuses.", status, code, detail: "" },
    {
      status,
      headers: {
        "content-type": "application/problem+json",
        ...(seconds === undefined ? {} : { "retry-after": String(seconds) }),
      },
    },
  )

/** What stands for the platform's container: it lives on when its object is gone, and starts slowly. */
export class FakeContainer {
  running = false
  runner: FakeRunner | undefined
  env: Record<string, string> = {}
  starts = 0
  destroyed = 0
  ports: number[] = []
  /** Headers of what came to the runner. */
  headers: string[] = []
  /** Keys of programs that were begun, by whichever runner, and what was asked for. */
  readonly begun: string[] = []
  readonly requests: unknown[] = []
  /** What the next requests for programs are answered. */
  readonly refusals: { status: number; code: string; seconds: number }[] = []
  /** The next program is begun, and the connection breaks before anything is told. */
  isBreaking = false
  /** It runs and does not speak. */
  isMute = false
  #over = Promise.withResolvers<void>()

  start({ env = {} }: { env?: Record<string, string> } = {}): void {
    if (this.running) throw new Error("start() cannot be called on a container that is already running.")
    this.env = env
    this.starts++
    this.running = true
    this.#over = Promise.withResolvers<void>()
    this.#over.promise.catch(() => {})
    setTimeout(() => this.wake(), 20)
  }

  /** A runner listens from now on. */
  wake(): void {
    if (this.running) this.runner ??= new FakeRunner(this)
  }

  monitor(): Promise<void> {
    return this.#over.promise
  }

  async destroy(): Promise<void> {
    this.destroyed++
    this.#stop()
    this.#over.resolve()
  }

  /** As when its kernel ends it. */
  die(): void {
    this.#stop()
    this.#over.reject(new Error("Container exited with unexpected exit code: 137"))
  }

  /** Another runner takes the place of the one that was. */
  restart(): void {
    if (this.runner) this.runner.isAlive = false
    this.runner = new FakeRunner(this)
  }

  #stop(): void {
    this.running = false
    if (this.runner) this.runner.isAlive = false
    this.runner = undefined
  }

  getTcpPort(port: number): { fetch: (request: Request) => Promise<Response> } {
    this.ports.push(port)
    return {
      fetch: async (request) => {
        if (!this.runner || this.isMute) throw new Error("The container is not listening in the TCP address")
        this.headers = [...request.headers.keys()]
        return this.runner.fetch(request)
      },
    }
  }
}

const containers = new Map<string, FakeContainer>()

/** The container of an object, by its id. */
export function containerOf(id: DurableObjectId): FakeContainer {
  const known = containers.get(id.toString()) ?? new FakeContainer()
  containers.set(id.toString(), known)
  return known
}

/** The object of production with a container that is none: Miniflare has no others. */
export class FakeSandbox extends SandboxObject {
  constructor(ctx: DurableObjectState, env: unknown) {
    Object.defineProperty(ctx, "container", { value: containerOf(ctx.id) })
    super(ctx, env)
  }

  protected ports() {
    return { ...sandboxPorts(sandboxEnv as unknown as Env), now: () => Date.now() + time.skew }
  }
}
