import type { Backend, Run, Verdict } from "./backend.ts"

/** Where isolation cannot be had: runs nothing, and says why. */
export class NoBackend implements Backend {
  readonly profile = "none"
  readonly isolation = "none"
  readonly #verdict: Verdict

  constructor(reason: string) {
    this.#verdict = { ready: false, reason, at: Date.now() }
  }

  start(): Run {
    throw new Error("nothing is run without isolation")
  }

  verdict(): Verdict {
    return this.#verdict
  }

  capacity() {
    return { slots: 0, free: 0, quarantined: 0, pool: {}, starting: 0 }
  }

  onChange(): void {}

  close(): Promise<void> {
    return Promise.resolve()
  }
}
