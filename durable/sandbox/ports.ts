/** The machine that a Sandbox object stands before: a container of the platform, or what a test puts in its place. */
export interface Machine {
  readonly isRunning: boolean
  start(env: Record<string, string>): void
  /** Ends it, with everything that runs in it. */
  destroy(): Promise<void>
  /** Kept when it stops by itself; broken when it fails. */
  stopped(): Promise<void>
  fetch(request: Request): Promise<Response>
}

/** What a Sandbox object asks of the outside. The Worker supplies it. */
export interface SandboxPorts {
  /** What the runner in the machine is started with: it serves this tenant alone. */
  env(tenant: string): Record<string, string>
  /** How long nobody may want anything of it before it is stopped, in ms. */
  idleMs(): number
  /** Whether programs are under way that nobody listens to at the moment; asked before it is stopped. Throws when it does not say. */
  isBusy(tenant: string, fetch: (request: Request) => Promise<Response>): Promise<boolean>
  now(): number
  sleep(ms: number): Promise<void>
}

/** Who a request is for. The object is reached by our own Worker only, so this is its word; the machine is not told. */
export const tenantHeader = "x-edgecrew-tenant"
