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
  /** What the runner in the machine is started with. */
  env(): Record<string, string>
  /** How long nobody may want anything of it before it is stopped, in ms. */
  idleMs(): number
  /** Whether programs are under way that nobody listens to at the moment; asked before it is stopped. */
  isBusy(fetch: (request: Request) => Promise<Response>): Promise<boolean>
  now(): number
  sleep(ms: number): Promise<void>
}
