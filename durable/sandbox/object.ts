import { TenantObject } from "#durable/kit/tenant-object"
import { Keeper } from "./keeper.ts"
import { tenantHeader, type Machine, type SandboxPorts } from "./ports.ts"

/** Where the runner of the image listens. */
const port = 8790
const tenantKey = "tenant"

/** One of a tenant's machines for programs: the runner's own protocol, passed on. Tenants never share one. */
export abstract class SandboxObject<E = unknown> extends TenantObject<E> {
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

  private keeper(tenant: string): Keeper {
    this.known ??= new Keeper(tenant, this.machine(), this.ports(), (due) => this.ctx.storage.setAlarm(due))
    return this.known
  }

  override async fetch(request: Request): Promise<Response> {
    const { kv } = this.ctx.storage
    const tenant = request.headers.get(tenantHeader)
    const owner = kv.get<string>(tenantKey)
    if (tenant === null || (owner !== undefined && owner !== tenant))
      throw new Error("a machine is asked for by a tenant that it does not belong to")
    // An alarm may find nothing in memory, and the machine still running.
    if (owner === undefined) kv.put(tenantKey, tenant)
    const passed = new Request(request)
    passed.headers.delete(tenantHeader)
    return this.keeper(tenant).fetch(passed)
  }

  /** The machine first: nothing of the tenant's runs on. */
  override async wipe(): Promise<void> {
    if (this.ctx.container?.running) await this.ctx.container.destroy()
    await super.wipe()
  }

  override isBlank(): boolean {
    return this.ctx.storage.kv.get<string>(tenantKey) === undefined
  }

  override async alarm(): Promise<void> {
    const tenant = this.ctx.storage.kv.get<string>(tenantKey)
    if (tenant !== undefined) await this.keeper(tenant).alarm()
  }
}
