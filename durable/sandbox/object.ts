import { DurableObject } from "cloudflare:workers"
import { Keeper } from "./keeper.ts"
import type { Machine, SandboxPorts } from "./ports.ts"

const port = 8080

/** One tenant's machine for programs: the runner's own protocol, passed on. Tenants never share one. */
export abstract class SandboxObject<E = unknown> extends DurableObject<E> {
  private known: Keeper | undefined

  /** What it asks of the outside world. The Worker supplies it. */
  protected abstract ports(): SandboxPorts

  /** The platform's container; a test puts another machine in its place. */
  protected machine(): Machine {
    const { container } = this.ctx
    if (!container) throw new Error("this installation has no containers: see wrangler.toml")
    return {
      get isRunning() {
        return container.running
      },
      start: (env) => container.start({ env, enableInternet: true }),
      destroy: () => container.destroy(),
      stopped: () => container.monitor(),
      fetch: (request) => container.getTcpPort(port).fetch(request),
    }
  }

  private get keeper(): Keeper {
    this.known ??= new Keeper(this.machine(), this.ports(), (due) => this.ctx.storage.setAlarm(due))
    return this.known
  }

  override fetch(request: Request): Promise<Response> {
    return this.keeper.fetch(request)
  }

  override alarm(): Promise<void> {
    return this.keeper.alarm()
  }
}
