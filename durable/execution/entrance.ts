import { done, refused, type Outcome } from "#core/errors"
import type { EntryPort, LeftOver } from "./entry-port.ts"
import type { TenantRef } from "./ports.ts"

const firstLookMs = 1_000
const mostLookMs = 16_000
/** Whoever counts forgets a lane that says nothing for a minute. */
const tellMs = 20_000

type Deps = {
  /** By which name the lane is counted. */
  lane: string
  port: EntryPort
  tenant: () => TenantRef
  /** How many executions are under way here. */
  size: () => number
  now: () => number
}

/**
 * Lets executions begin within the tenant's quotas. The lane is given some ahead, so that most begin without asking, and gives back a
 * second later what it did not use.
 */
export class Entrance {
  private readonly deps: Deps
  private left: LeftOver | undefined
  private until = 0
  /** So many may be under way here. */
  private places = 0
  /** So many are counted for this lane, as far as it knows; what was before a restart it does not. */
  private counted: number | undefined
  private told = 0
  private wanting = 0
  private asking: Promise<Outcome<null>> | undefined
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Takes one of those that were given ahead; false when there is none. What begins must begin in the same turn. */
  take(): boolean {
    const { size, now } = this.deps
    if (!this.left || this.left.begins < 1 || now() >= this.until || size() >= this.places) return false
    this.left.begins--
    this.look()
    return true
  }

  /** Asks for more, once for all who wait; `quota.exceeded` when there are none. */
  async more(): Promise<Outcome<null>> {
    this.wanting++
    try {
      return await (this.asking ??= this.ask())
    } finally {
      this.wanting--
    }
  }

  /** Sees to it that what was not used is given back, and that what is under way stays counted. */
  look(after = firstLookMs): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      void this.tell(after)
    }, after)
  }

  private async ask(): Promise<Outcome<null>> {
    // All who come in the same turn are asked for together.
    await Promise.resolve()
    const { lane, port, tenant, size, now } = this.deps
    const left = this.left
    this.left = undefined
    try {
      const outcome = await port.enter(tenant(), { lane, left, open: size(), wanted: this.wanting })
      if (!outcome.ok) return outcome
      const { day, begins, for_ms, places } = outcome.value
      this.left = { day, begins }
      this.until = now() + for_ms
      this.places = places
      this.counted = places
      this.told = now()
      return done(null)
    } catch (error) {
      console.warn("executions: the governor cannot be asked", { error: String(error) })
      return refused("governor.unavailable")
    } finally {
      this.asking = undefined
    }
  }

  private async tell(waited: number): Promise<void> {
    const { lane, port, tenant, size, now } = this.deps
    if (this.asking) return this.look()
    // Nobody counts.
    if (this.places === Infinity) return
    const open = size()
    const { left } = this
    const isNews = open !== this.counted || (left !== undefined && left.begins > 0)
    if (isNews || (open > 0 && now() - this.told > tellMs)) {
      this.left = undefined
      this.places = open
      this.counted = open
      this.told = now()
      try {
        await port.leave(tenant(), { lane, left, open })
      } catch (error) {
        this.counted = undefined
        console.warn("executions: the governor was not told", { error: String(error) })
      }
    }
    if (size() > 0 || this.counted === undefined)
      this.look(isNews ? firstLookMs : Math.min(mostLookMs, waited * 2))
  }
}
