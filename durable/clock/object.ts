import { DurableObject } from "cloudflare:workers"
import { dueFires } from "#core/schedule/missed"
import { Alarms } from "#durable/kit/alarms"
import { empty } from "#durable/kit/sqlite"
import type { ClockPorts, TenantRef } from "./ports.ts"
import { ClockStore, type Kept } from "./store.ts"

const sweepMs = 300_000
/** After a sweep that had to leave something. */
const sweepOnMs = 10_000
/** When whoever announced a change has not come back by then, it is looked for. */
const announcedMs = 5_000
/** An alarm that a crash cut off is followed by another. */
const watchMs = 30_000
const mostRetryMs = 60_000
/** So often it is looked whether a suspended tenant's schedules may fire again. */
const heldMs = 60_000
const mostAtOnce = 10
const mostATurn = 500

/**
 * A tenant's clock: fires schedules and sends the sweeper round. A schedule moves on only after what it fired is begun, and what
 * fires for one time is begun once: whatever a crash cuts off is done again and never doubled.
 */
export abstract class ClockObject<E = unknown> extends DurableObject<E> {
  private readonly store: ClockStore
  private alarms: Alarms
  private outside: ClockPorts | undefined
  private reading: Promise<void> | undefined

  /** What a clock asks of the outside world. The Worker supplies it. */
  protected abstract ports(): ClockPorts

  constructor(ctx: DurableObjectState, env: E) {
    super(ctx, env)
    this.store = new ClockStore(ctx.storage.sql)
    this.alarms = new Alarms(ctx.storage)
    // A crash inside `alarm()` has lost what that alarm took: whoever makes this object anew has it look at everything.
    if (this.store.isOpen) this.alarms.at("sweep", Date.now())
  }

  private get world(): ClockPorts {
    return (this.outside ??= this.ports())
  }

  /** Begins to tick. Also says that schedules are about to change: should the word that they have never come, they are read anyhow. */
  wake(tenant: TenantRef): void {
    const isNew = !this.store.isOpen
    this.store.open(tenant)
    if (isNew) this.alarms.at("sweep", this.world.now() + sweepMs)
    this.alarms.at("read", this.world.now() + announcedMs)
  }

  /** Takes over the schedules as they stand in the database now. */
  async sync(tenant: TenantRef): Promise<void> {
    this.wake(tenant)
    await this.read()
    this.place()
  }

  override async alarm(): Promise<void> {
    if (!this.store.isOpen) return
    const now = this.world.now()
    try {
      const taken = this.alarms.take(now)
      this.alarms.at("watch", now + watchMs)
      this.alarms.rearm()
      if (taken.includes("sweep") || taken.includes("read")) await this.tryRead()
      await this.fireDue(now)
      if (taken.includes("sweep")) await this.sweep()
    } catch (error) {
      console.error("clock: an alarm failed", { error: String(error) })
    } finally {
      if (this.store.isOpen) {
        this.alarms.drop("watch")
        this.place()
        this.alarms.rearm()
      }
    }
  }

  /** Reads that come while one is under way wait for one that begins after them: what they saw changed must be in it. */
  private async read(): Promise<void> {
    const before = this.reading
    const mine = (async () => {
      await before?.catch(() => {})
      this.store.replace(await this.world.schedules(this.store.tenant()))
    })()
    this.reading = mine
    await mine
  }

  private async tryRead(): Promise<void> {
    try {
      await this.read()
    } catch (error) {
      this.alarms.at("read", this.world.now() + announcedMs)
      console.warn("clock: schedules could not be read", { error: String(error) })
    }
  }

  private async fireDue(now: number): Promise<void> {
    const due = this.store.due(now, mostATurn)
    const workers = Array.from({ length: Math.min(mostAtOnce, due.length) }, async () => {
      for (let one = due.shift(); one; one = due.shift()) await this.fireOne(one, now)
    })
    await Promise.all(workers)
  }

  /** Fires what a schedule owes, in order, and moves it on behind each. */
  private async fireOne(kept: Kept, now: number): Promise<void> {
    const tenant = this.store.tenant()
    let at = kept
    try {
      // What falls due meanwhile was missed when it goes on, and then its policy says what becomes of it.
      if (await this.world.isHeld(tenant)) return this.store.hold(at, this.world.now() + heldMs)
      const { fire, skipped, next } = dueFires(kept.timing, kept.missed, kept.due, now)
      // Before the fires: behind them nobody would know any more what was left out.
      await this.world.moved(tenant, kept.id, skipped, next)
      for (const time of fire) {
        await this.world.fire(tenant, kept.id, time)
        this.store.advance(at, time + 1)
        at = { ...at, due: time + 1 }
      }
      this.store.advance(at, next)
    } catch (error) {
      const wait = Math.min(1_000 * 2 ** at.failures, mostRetryMs)
      this.store.postpone(at, this.world.now() + wait)
      console.warn("clock: a fire failed, will be tried again", { trigger: kept.id, error: String(error) })
    }
  }

  private async sweep(): Promise<void> {
    this.alarms.at("sweep", this.world.now() + sweepMs)
    try {
      const left = await this.world.sweep(this.store.tenant())
      if (left === "gone") await this.stop()
      else if (left === "more") this.alarms.at("sweep", this.world.now() + sweepOnMs)
    } catch (error) {
      console.warn("clock: the sweep failed", { error: String(error) })
    }
  }

  /** The tenant has been erased, and this with it. */
  private async stop(): Promise<void> {
    await empty(this.ctx.storage, this.store)
    this.alarms = new Alarms(this.ctx.storage)
  }

  /** Makes the appointment for the next fire. */
  private place(): void {
    const next = this.store.isOpen ? this.store.next() : undefined
    if (next === undefined) this.alarms.drop("fire")
    else this.alarms.at("fire", next)
  }
}
