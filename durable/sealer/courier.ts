import type { Alarms } from "#durable/kit/alarms"
import type { Posted } from "./messages.ts"
import type { SealerPorts } from "./ports.ts"
import type { SealerStore } from "./store.ts"

const minuteMs = 60_000
/** After a failure it is tried again so much later, and from the last on as often as that: no checkpoint is left out. */
const waits = [5_000, 30_000, 2 * minuteMs, 10 * minuteMs, 60 * minuteMs] as const
/** Whoever dies while one is out tries it again; longer than any try may take. */
const safetyMs = minuteMs

const appointment = "post"

/**
 * Sends signed checkpoints out of the house, one behind the other and at least once. It runs beside the sealing, which neither waits for it nor
 * hears of its failures.
 */
export class Courier {
  private readonly store: SealerStore
  private readonly alarms: () => Alarms
  private readonly world: () => SealerPorts
  private running: Promise<void> | undefined
  /** Grows when what is under way was meant for an address that holds no longer. */
  private round = 0

  constructor(store: SealerStore, alarms: () => Alarms, world: () => SealerPorts) {
    this.store = store
    this.alarms = alarms
    this.world = world
  }

  /** Says that there is a new checkpoint. One that waits behind a failure keeps its time. */
  nudge(): void {
    if (this.store.toPost() !== undefined) this.alarms().keep(appointment, this.world().now())
  }

  /** Begins anew with the newest checkpoint, at once: there is another address. */
  restart(): void {
    this.round++
    this.store.postFrom()
    this.alarms().at(appointment, this.world().now())
  }

  /** Goes out when its time has come; answers at once. */
  run(taken: readonly string[]): void {
    if (!taken.includes(appointment)) return
    this.running ??= this.deliver()
      .catch((error: unknown) => console.warn("sealer: a checkpoint is kept back", { error: String(error) }))
      .finally(() => (this.running = undefined))
  }

  private async deliver(): Promise<void> {
    for (;;) {
      const next = this.store.isOpen ? this.store.toPost() : undefined
      if (!next) break
      const { world, round } = { world: this.world(), round: this.round }
      this.alarms().at(appointment, world.now() + safetyMs)
      const end = await world.post(this.store.tenant(), next).catch(() => lost)
      if (!this.store.isOpen) return
      if (round !== this.round) continue
      if (end.is === "nobody") {
        this.store.postNothing()
        break
      }
      const attempts = this.store.attempts() + 1
      const tried = { size: next.size, at: new Date(world.now()).toISOString(), attempts }
      if (end.is === "failed") return this.later({ ...tried, state: "failed", error: end.error })
      this.store.posted({ ...tried, state: "arrived", error: null, next_at: null })
    }
    this.alarms().drop(appointment)
  }

  private later(tried: Omit<Posted, "next_at">): void {
    const due = this.world().now() + waits[Math.min(tried.attempts, waits.length) - 1]!
    this.store.notPosted({ ...tried, next_at: new Date(due).toISOString() })
    this.alarms().at(appointment, due)
  }
}

const lost = {
  is: "failed",
  error: { code: "checkpoint.not_delivered", message: "It could not be sent." },
} as const
