import type { Machine, SandboxPorts } from "./ports.ts"

/** How long a machine may take from its start until its runner has tried its own walls. */
const mostStartMs = 60_000
const pauseMs = 100

/** Keeps one machine: started by the first request, stopped when nobody wants it any more, begun anew when it has died. */
export class Keeper {
  private readonly tenant: string
  private readonly machine: Machine
  private readonly ports: SandboxPorts
  private readonly wakeAt: (due: number) => Promise<void>
  private starting: Promise<boolean> | undefined
  private isReady = false
  private underWay = 0
  private usedAt = 0

  constructor(tenant: string, machine: Machine, ports: SandboxPorts, wakeAt: (due: number) => Promise<void>) {
    this.tenant = tenant
    this.machine = machine
    this.ports = ports
    this.wakeAt = wakeAt
  }

  /**
   * Passes a request on to the runner; 503 when there is none that could take it, and then nothing was begun. Throws what the connection
   * broke by: that request may have arrived, and whoever asked knows how to come back to it.
   */
  async fetch(request: Request): Promise<Response> {
    this.underWay++
    this.usedAt = this.ports.now()
    let isStreaming = false
    try {
      await this.wakeAt(this.usedAt + this.ports.idleMs())
      if (!(await this.ready())) return unavailable()
      const answer = await this.machine.fetch(request)
      if (!answer.body) return answer
      isStreaming = true
      return new Response(this.watched(answer.body), answer)
    } catch (error) {
      console.error("sandbox: the machine cannot be reached", { error: String(error) })
      this.isReady = false
      throw error
    } finally {
      if (!isStreaming) this.done()
    }
  }

  /** Stops the machine when nobody wants anything of it. Never throws: an alarm that throws is lost after a while. */
  async alarm(): Promise<void> {
    try {
      if (!this.machine.isRunning) return
      const due = this.usedAt + this.ports.idleMs()
      if (this.underWay > 0 || due > this.ports.now())
        return await this.wakeAt(Math.max(due, this.ports.now() + this.ports.idleMs()))
      if (await this.isBusy()) return await this.wakeAt(this.ports.now() + this.ports.idleMs())
      this.isReady = false
      await this.machine.destroy()
    } catch (error) {
      console.error("sandbox: the machine could not be looked after", { error: String(error) })
      await this.wakeAt(this.ports.now() + this.ports.idleMs()).catch(() => {})
    }
  }

  /** One that cannot even be asked is of no use to anybody. */
  private isBusy(): Promise<boolean> {
    return this.ports.isBusy(this.tenant, (request) => this.machine.fetch(request)).catch(() => false)
  }

  private done(): void {
    this.underWay--
    this.usedAt = this.ports.now()
  }

  /** The same bytes; when they end, or nobody reads them any more, the request is over. */
  private watched(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    void body.pipeTo(writable).then(
      () => this.done(),
      () => this.done(),
    )
    return readable
  }

  /** One start for all who wait for it. */
  private ready(): Promise<boolean> {
    if (this.isReady && this.machine.isRunning) return Promise.resolve(true)
    this.starting ??= this.start().finally(() => (this.starting = undefined))
    return this.starting
  }

  private async start(): Promise<boolean> {
    const end = this.ports.now() + mostStartMs
    while (this.ports.now() < end) {
      if (!this.machine.isRunning) {
        this.machine.start(this.ports.env(this.tenant))
        const forget = () => (this.isReady = false)
        void this.machine.stopped().then(forget, forget)
      }
      if (await this.answers()) return (this.isReady = true)
      await this.ports.sleep(pauseMs)
    }
    // It runs and does not speak: the next request begins with another.
    if (this.machine.isRunning) await this.machine.destroy()
    return false
  }

  /** A runner that refuses to serve says so to whoever asks it for something; what counts here is that it speaks. */
  private async answers(): Promise<boolean> {
    try {
      const answer = await this.machine.fetch(new Request("http://sandbox/healthz"))
      await answer.body?.cancel()
      return answer.ok
    } catch {
      return false
    }
  }
}

const unavailable = (): Response =>
  Response.json(
    {
      type: "about:blank",
      title: "The sandbox is not there",
      status: 503,
      code: "sandbox.not_ready",
      detail: "Its machine could not be started, or cannot be reached.",
    },
    { status: 503, headers: { "content-type": "application/problem+json", "retry-after": "5" } },
  )
