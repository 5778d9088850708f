import { Problem } from "./problem.ts"

export interface QueueOptions {
  /** Slots that can hold a run at all, and those that a run could take now. */
  slots: () => number
  free: () => number
  /** The part of the slots one tenant may hold, 0 to 1; it may always hold one. */
  share: number
  maxWaiting: number
  waitMs: number
}

interface Waiter {
  begin: () => Promise<void>
  admitted: () => void
  refuse: (problem: Problem) => void
}

/** Hands out slots in turns: each tenant in line gets one before any gets its next. */
export class Queue {
  readonly #options: QueueOptions
  /** Tenants in line, the next one first; a tenant without waiters is not in it. */
  readonly #line = new Map<string, Waiter[]>()
  readonly #running = new Map<string, number>()
  #waiting = 0
  #closed: Problem | undefined

  constructor(options: QueueOptions) {
    this.#options = options
  }

  get waiting(): number {
    return this.#waiting
  }

  /**
   * Calls `begin` once there is a slot, in the same breath in which it was free; the slot is the tenant's until `begin`'s promise is
   * settled. Answers when it has begun. Throws a Problem when the line is too long or did not move in time, or the signal's reason.
   */
  enter(tenant: string, signal: AbortSignal, begin: () => Promise<void>): Promise<void> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed)
    if (signal.aborted) return Promise.reject(signal.reason)
    if (this.#waiting === 0 && this.#hasSlot(tenant)) {
      this.#start(tenant, begin)
      return Promise.resolve()
    }
    const { maxWaiting, waitMs } = this.#options
    if (this.#waiting >= maxWaiting) return Promise.reject(busy("runner.busy", "Too many runs wait already."))
    if ((this.#line.get(tenant)?.length ?? 0) >= Math.ceil(maxWaiting / 2))
      return Promise.reject(busy("tenant.busy", "Too many of its runs wait already."))
    return new Promise((resolve, reject) => {
      const leave = (why: unknown): void => {
        this.#remove(tenant, waiter)
        settle()
        reject(why)
      }
      const onAbort = (): void => leave(signal.reason)
      const timer = setTimeout(() => leave(this.#tooLong(tenant)), waitMs)
      const settle = (): void => {
        clearTimeout(timer)
        signal.removeEventListener("abort", onAbort)
      }
      const waiter: Waiter = {
        begin,
        admitted: () => {
          settle()
          resolve()
        },
        refuse: leave,
      }
      signal.addEventListener("abort", onAbort)
      this.#line.set(tenant, [...(this.#line.get(tenant) ?? []), waiter])
      this.#waiting++
      this.pump()
    })
  }

  /** To be called when a slot may have become free. */
  pump(): void {
    for (;;) {
      const tenant = [...this.#line.keys()].find((one) => this.#hasSlot(one))
      const waiter = tenant === undefined ? undefined : this.#line.get(tenant)?.[0]
      if (tenant === undefined || waiter === undefined) return
      this.#remove(tenant, waiter)
      const rest = this.#line.get(tenant)
      if (rest !== undefined) {
        // Behind all others, whose turn it is now.
        this.#line.delete(tenant)
        this.#line.set(tenant, rest)
      }
      waiter.admitted()
      this.#start(tenant, waiter.begin)
    }
  }

  /** Turns everyone away, those who wait and those who come. */
  close(problem: Problem): void {
    this.#closed = problem
    for (const waiter of [...this.#line.values()].flat()) waiter.refuse(problem)
  }

  #hasSlot(tenant: string): boolean {
    const most = Math.max(1, Math.floor(this.#options.slots() * this.#options.share))
    return this.#options.free() > 0 && (this.#running.get(tenant) ?? 0) < most
  }

  #start(tenant: string, begin: () => Promise<void>): void {
    this.#running.set(tenant, (this.#running.get(tenant) ?? 0) + 1)
    const free = (): void => {
      const left = (this.#running.get(tenant) ?? 1) - 1
      if (left > 0) this.#running.set(tenant, left)
      else this.#running.delete(tenant)
      this.pump()
    }
    begin().then(free, free)
  }

  #remove(tenant: string, waiter: Waiter): void {
    const waiters = this.#line.get(tenant) ?? []
    const rest = waiters.filter((one) => one !== waiter)
    if (rest.length < waiters.length) this.#waiting--
    if (rest.length > 0) this.#line.set(tenant, rest)
    else this.#line.delete(tenant)
  }

  #tooLong(tenant: string): Problem {
    return this.#options.free() > 0 && (this.#running.get(tenant) ?? 0) > 0
      ? busy("tenant.busy", "Its other runs have not ended in time.")
      : busy("runner.busy", "No slot became free in time.")
  }
}

const busy = (code: "tenant.busy" | "runner.busy", detail: string): Problem =>
  new Problem(code, detail, { headers: { "retry-after": "1" } })
