import "./crashpoint.ts"

export type Parcel<T> = { key: string; seq: number; row: T }

export type OutboxDeps<T> = {
  isWaiting(): boolean
  pending(most: number): Parcel<T>[]
  /** Marks parcels as delivered, unless they have changed since. */
  delivered(parcels: Parcel<T>[]): void
  deliver(rows: T[]): Promise<void>
  /** Asks to be woken by an alarm, should memory be lost before the delivery. */
  wakeAt(due: number): void
  now(): number
}

const mostRows = 500
const safetyMs = 2_000
/** While rows keep coming, deliveries keep this distance: each is a transaction of somebody's, and more rows make it no dearer. */
const restMs = 500
const soonMs = 5
const mostBackoffMs = 60_000

const keyOf = ({ key }: Parcel<unknown>): string => key

/**
 * What must leave an object for a database: kept until it has arrived, delivered at least once, in batches that grow with the
 * load, after the answer and never in front of it.
 */
export class Outbox<T> {
  private readonly deps: OutboxDeps<T>
  private draining: Promise<void> | undefined
  private failures = 0
  private woken = 0
  private delivered = 0

  constructor(deps: OutboxDeps<T>) {
    this.deps = deps
  }

  /** Says that there is something new. */
  nudge(): void {
    const now = this.deps.now()
    if (now >= this.woken) {
      this.woken = now + safetyMs
      this.deps.wakeAt(this.woken)
    }
    if (this.failures === 0) this.draining ??= this.soon()
  }

  /** Delivers everything that waits; resolves when nothing is left or a delivery failed. */
  async drain(): Promise<void> {
    await (this.draining ??= this.run())
  }

  /** Delivers everything that waited when this was asked; false when a delivery failed. */
  async flush(): Promise<boolean> {
    await this.drain()
    // That may have been under way before, and past what came last.
    if (this.failures === 0 && this.deps.isWaiting()) await this.drain()
    return this.failures === 0
  }

  private async soon(): Promise<void> {
    const wait = Math.max(soonMs, this.delivered + restMs - this.deps.now())
    await new Promise((resolve) => setTimeout(resolve, Math.min(wait, restMs)))
    await this.run()
  }

  private async run(): Promise<void> {
    // With nothing to deliver it would be over before its caller has noted it as under way, and stay noted for ever.
    await Promise.resolve()
    try {
      for (let isMore = true; isMore;) {
        const parcels = this.deps.pending(mostRows)
        globalThis.crashpoint?.("before-outbox", parcels.map(keyOf))
        if (parcels.length > 0) await this.deps.deliver(parcels.map((one) => one.row))
        globalThis.crashpoint?.("after-outbox", parcels.map(keyOf))
        this.deps.delivered(parcels)
        isMore = parcels.length === mostRows
      }
      this.failures = 0
    } catch (error) {
      this.failures++
      const wait = Math.min(500 * 2 ** this.failures, mostBackoffMs)
      this.woken = this.deps.now() + wait
      this.deps.wakeAt(this.woken)
      console.warn("outbox: delivery failed, will be tried again", { wait, error: String(error) })
    } finally {
      this.draining = undefined
      this.delivered = this.deps.now()
      if (this.failures === 0 && this.deps.isWaiting()) this.nudge()
    }
  }
}
