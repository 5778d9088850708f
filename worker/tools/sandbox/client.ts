import { bootHeader, RunFrame, RunnerProblem, type RunRequest } from "#core/contract/sandbox"
import { ProgramFailure } from "#core/tool/program"
import { linesOf } from "./lines.ts"
import { callerToken, type Signer } from "./token.ts"

/** A runner: how to reach it, and how to prove who asks. */
export type Runner = Signer & {
  fetch(path: string, init: RequestInit): Promise<Response>
  /** Lets time pass. */
  sleep(ms: number): Promise<void>
}

export type RunExit = Extract<RunFrame, { type: "exit" }>

type Asking = { tenant: string; run_key: string; request: RunRequest }

/** A line that holds the files which a program left. */
const mostLine = 48_000_000
/** How long a runner that cannot be reached is waited for: one that restarts is back in that time. */
const patienceMs = 10_000
const firstPauseMs = 50
/** How long a program waits for its turn while the runner is full, and between two questions when it does not say. */
const mostTurnMs = 60_000
const usualTurnMs = 1_000
/** How long a run may take to end that was told to. */
const endMs = 5_000

/**
 * Runs a program and tells its frames in order, each once, however often the connection breaks. Throws `sandbox.lost` when the runner
 * has forgotten the run, so that nobody can say what became of it.
 */
export async function runInSandbox(
  runner: Runner,
  asking: Asking,
  signal: AbortSignal,
  heard: (frame: RunFrame) => void,
): Promise<RunExit> {
  signal.throwIfAborted()
  const call = new SandboxCall(runner, asking, heard)
  const stopped = Promise.withResolvers<never>()
  const stop = () => {
    void call.stop().then(() => stopped.reject(signal.reason as Error))
  }
  // Whoever ends it before it ends itself hears of it by the race below.
  stopped.promise.catch(() => {})
  signal.addEventListener("abort", stop, { once: true })
  try {
    const exit = await Promise.race([call.run(), stopped.promise])
    signal.throwIfAborted()
    return exit
  } catch (error) {
    // Whatever came of it in the meantime is not wanted any more.
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener("abort", stop)
  }
}

class SandboxCall {
  private readonly runner: Runner
  private readonly asking: Asking
  private readonly heard: (frame: RunFrame) => void
  private readonly known = Promise.withResolvers<string | undefined>()
  private readonly over = Promise.withResolvers<void>()
  private readonly halted = Promise.withResolvers<void>()
  private id: string | undefined
  private seq = -1
  private isStopped = false
  /** The start of the runner that the program was given to, where it must not be given to another. */
  private boot: string | undefined
  /** A connection broke that may have begun the program. */
  private mayHaveBegun = false

  constructor(runner: Runner, asking: Asking, heard: (frame: RunFrame) => void) {
    this.runner = runner
    this.asking = asking
    this.heard = heard
  }

  async run(): Promise<RunExit> {
    try {
      const begun = await this.begin()
      return (await this.read(begun)) ?? (await this.follow())
    } finally {
      this.known.resolve(this.id)
      this.over.resolve()
    }
  }

  /** Ends the run: answers when the runner says that it is gone, or cannot be asked any more. */
  async stop(): Promise<void> {
    this.isStopped = true
    this.halted.resolve()
    const late = this.runner.sleep(endMs)
    const id = await Promise.race([this.known.promise, late.then(() => undefined)])
    if (id === undefined) return
    for (let pause = firstPauseMs; ; pause *= 2) {
      try {
        const answer = await this.send(`/v1/runs/${id}`, "DELETE", "")
        await answer.body?.cancel()
        if (answer.ok || answer.status === 404) break
      } catch {
        // It may be restarting; then the run is gone with it.
      }
      if (
        (await Promise.race([this.runner.sleep(pause).then(() => "again"), late.then(() => "late")])) ===
        "late"
      )
        return
    }
    // The stream says when its whole tree is gone.
    await Promise.race([this.over.promise, late])
  }

  private send(path: string, method: string, body: string, headers: Record<string, string> = {}) {
    const { request, tenant } = this.asking
    const net = request.network.mode === "allow" ? request.network.allow : []
    const token = callerToken(this.runner, { tenant, max: request.limits, net }, body)
    return this.runner.fetch(path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(method === "POST" ? { body } : {}),
    })
  }

  /** Asks for the run until it has its turn. The same key means the same run, so what was not answered is asked again. */
  private async begin(): Promise<Response> {
    for (const end = this.runner.now() + mostTurnMs; ;) {
      const answer = await this.ask()
      if (answer.ok) return answer
      const refusal = await refusalOf(answer)
      if (refusal.is === "other") {
        // Another start of the runner: what the one before it did with this program nobody can say.
        if (this.mayHaveBegun) throw new ProgramFailure("sandbox.lost")
        this.boot = undefined
        continue
      }
      // Up to a quarter longer, so that all who were refused together do not come back together.
      const spread = crypto.getRandomValues(new Uint8Array(1))[0]! / 1_024
      const pause = (refusal.failure.retry_after_ms ?? usualTurnMs) * (1 + spread)
      if (refusal.is === "final" || this.runner.now() + pause > end) throw refusal.failure
      await this.pause(pause)
      if (this.isStopped) throw new ProgramFailure("tool.cancelled")
    }
  }

  private async ask(): Promise<Response> {
    const body = JSON.stringify(this.asking.request)
    // A program that reaches nobody may be begun twice, and nobody is the wiser.
    const isFenced = this.asking.request.network.mode === "allow"
    if (isFenced) this.boot ??= await this.bootOf()
    const headers = {
      accept: "application/x-ndjson",
      "content-type": "application/json",
      "idempotency-key": this.asking.run_key,
      ...(this.boot === undefined ? {} : { [bootHeader]: this.boot }),
    }
    const answer = await this.patiently(() =>
      this.send("/v1/runs", "POST", body, headers).catch((error: unknown) => {
        this.mayHaveBegun = true
        throw error
      }),
    )
    if (answer) return answer
    if (isFenced && this.mayHaveBegun) throw new ProgramFailure("sandbox.lost")
    throw unreachable()
  }

  /** Which start of the runner this is. */
  private async bootOf(): Promise<string> {
    const answer = await this.patiently(() => this.runner.fetch("/healthz", { method: "GET" }))
    await answer?.body?.cancel()
    const boot = answer?.headers.get(bootHeader)
    if (boot == null) throw unreachable()
    return boot
  }

  /** Lets time pass, unless the run is to be stopped. */
  private async pause(ms: number): Promise<void> {
    await Promise.race([this.runner.sleep(ms), this.halted.promise])
  }

  /** Takes the frames of one connection; answers with the last one of the run, or with nothing when the connection breaks before. */
  private async read(answer: Response): Promise<RunExit | undefined> {
    if (!answer.body) return undefined
    try {
      for await (const line of linesOf(answer.body, mostLine)) {
        if (line.trim() === "") continue
        const frame = RunFrame.parse(JSON.parse(line))
        if (frame.type === "started") {
          this.id = frame.id
          this.known.resolve(frame.id)
        }
        if (frame.seq <= this.seq && frame.type !== "ping") continue
        this.seq = Math.max(this.seq, frame.seq)
        if (frame.type === "exit") return frame
        if (frame.type !== "ping" && !this.isStopped) this.heard(frame)
      }
    } catch (error) {
      if (error instanceof RangeError || error instanceof SyntaxError || isZod(error))
        throw new ProgramFailure("sandbox.unavailable", "The sandbox does not speak its protocol.")
    }
    return undefined
  }

  /** Comes back to the run after the connection broke. */
  private async follow(): Promise<RunExit> {
    for (let silent = 0; ; silent++) {
      const before = this.seq
      const { id } = this
      // It had begun, or was about to, and nobody knows its name.
      if (id === undefined) this.mayHaveBegun = true
      const answer =
        id === undefined
          ? await this.begin()
          : await this.patiently(() => this.send(`/v1/runs/${id}/events?after=${this.seq}`, "GET", ""))
      if (!answer || answer.status === 404 || silent > 20) {
        await answer?.body?.cancel()
        throw new ProgramFailure("sandbox.lost")
      }
      if (!answer.ok) throw (await refusalOf(answer)).failure
      const exit = await this.read(answer)
      if (exit) return exit
      if (this.seq > before) silent = 0
      await this.runner.sleep(firstPauseMs)
    }
  }

  /** Asks again while the runner cannot be reached; undefined when it stays away. */
  private async patiently(ask: () => Promise<Response>): Promise<Response | undefined> {
    const end = this.runner.now() + patienceMs
    for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, 1_000)) {
      try {
        return await ask()
      } catch {
        if (this.runner.now() + pause > end || this.isStopped) return undefined
        await this.pause(pause)
      }
    }
  }
}

const isZod = (error: unknown): boolean => error instanceof Error && error.name === "ZodError"

const unreachable = (): ProgramFailure =>
  new ProgramFailure("sandbox.unavailable", "The sandbox cannot be reached. See docs/sandbox.md.")

const longestWaitMs = 60_000
/** Refusals that end when others' programs do, or when a machine has started. */
const passing: ReadonlySet<string> = new Set(["tenant.busy", "runner.busy", "sandbox.not_ready"])

/** `later`: not its turn yet; `other`: not the start of the runner that was asked for. */
type Refusal = { is: "later" | "other" | "final"; failure: ProgramFailure }

async function refusalOf(answer: Response): Promise<Refusal> {
  const said = RunnerProblem.safeParse(await answer.json().catch(() => undefined)).data
  const failure = failureOf(answer, said)
  if (said?.code === "runner.other") return { is: "other", failure }
  return { is: said && passing.has(said.code) ? "later" : "final", failure }
}

function failureOf(answer: Response, said: RunnerProblem | undefined): ProgramFailure {
  const detail = said?.detail || said?.title || `It answered ${answer.status}.`
  if (answer.status === 429 || answer.status === 503) {
    const seconds = Number(answer.headers.get("retry-after") ?? Number.NaN)
    const wait = Number.isFinite(seconds) ? Math.min(seconds * 1000, longestWaitMs) : undefined
    return new ProgramFailure("sandbox.unavailable", `The sandbox cannot take this now: ${detail}`, wait)
  }
  if (answer.status === 401 || answer.status === 403) {
    console.error("sandbox: the runner refuses our token", { status: answer.status, detail })
    return new ProgramFailure("sandbox.unavailable", "The sandbox does not know this installation.")
  }
  if (answer.status >= 500) return new ProgramFailure("sandbox.unavailable", `The sandbox failed: ${detail}`)
  const [issue] = said?.issues ?? []
  const where = issue ? ` ${issue.path}: ${issue.message}` : ""
  return new ProgramFailure("sandbox.refused", `The sandbox does not take this program: ${detail}${where}`)
}
