import { done, refused, type Outcome } from "#core/errors"
import { isBefore, type Head } from "#core/governor/queue"
import type { Line } from "./admission.ts"
import type { Entered, EntryPort, LaneCount, LeftOver } from "./entry-port.ts"
import type { TenantRef } from "./ports.ts"

const firstLookMs = 1_000
const mostLookMs = 16_000
/** Whoever counts forgets a lane that says nothing for a minute. */
const tellMs = 20_000
/** So often it is asked whether a place is free for those who wait, for executions end in other lanes as well. */
const seekMs = 1_000

type Deps = {
  /** By which name the lane is counted. */
  lane: string
  port: EntryPort
  tenant: () => TenantRef
  /** How many executions are under way here. */
  size: () => number
  /** How many wait here for a place. */
  waiting: () => number
  line: () => Line
  /** Lets those begin who wait, while there is a place. */
  fill: (hasPlace: () => boolean) => void
  /** Whether nothing is to be begun now. */
  isHeld: (tenant: TenantRef) => boolean | Promise<boolean>
  now: () => number
}

/**
 * Lets executions begin within the tenant's quotas. The lane is given some ahead, so that most begin without asking, and gives back a
 * second later what it did not use. Beyond the places that there are, executions are taken in to wait.
 */
export class Entrance {
  private readonly deps: Deps
  private left: LeftOver | undefined
  /** Given back, and not known to have arrived: it is given back again, never used. */
  private back: LeftOver | undefined
  private until = 0
  /** So many may be under way here. */
  private places = 0
  /** So many that are taken in may wait. */
  private waits = 0
  /** So many are counted for this lane, as far as it knows; what was before a restart it does not. */
  private counted: number | undefined
  private told = 0
  private wanting = 0
  /** Who is first of those who come anew. */
  private first: Head | undefined
  private mayWait = true
  private asking: Promise<Outcome<null>> | undefined
  private telling: Promise<void> | undefined
  private timer: ReturnType<typeof setTimeout> | undefined
  private timerMs = 0
  private isSeeking = false
  private seeksAgain = false
  private seekTimer: ReturnType<typeof setTimeout> | undefined

  constructor(deps: Deps) {
    this.deps = deps
  }

  /**
   * Takes in one of those that were given ahead: it begins, or waits for a place. Undefined when there is none. What is taken in must be
   * so in the same turn.
   */
  take(): "begins" | "waits" | undefined {
    const { size, waiting, now } = this.deps
    if (!this.left || this.left.begins < 1 || now() >= this.until) return undefined
    const begins = size() < this.places && waiting() === 0
    if (!begins && this.waits < 1) return undefined
    this.left.begins--
    if (!begins) this.waits--
    this.look()
    if (!begins) this.seekIn(seekMs)
    return begins ? "begins" : "waits"
  }

  /** Asks for more for one that comes anew, once for all who wait for the answer; `quota.exceeded` when there are none. */
  async more(head: Head, mayWait: boolean): Promise<Outcome<null>> {
    this.mayWait = mayWait
    if (!this.first || isBefore(head, this.first)) this.first = head
    this.wanting++
    try {
      return await (this.asking ??= this.ask())
    } finally {
      this.wanting--
    }
  }

  /** Sees to it that what was not used is given back, and that what is under way stays counted. */
  look(after = firstLookMs): void {
    if (this.timer !== undefined && after >= this.timerMs) return
    clearTimeout(this.timer)
    this.timerMs = after
    this.timer = setTimeout(() => {
      this.timer = undefined
      void this.tell(after)
    }, after)
  }

  /** One is under way here no more: others soon have its place, and at once whoever waits here. */
  freed(): void {
    // Nobody counts.
    if (this.places === Infinity && this.deps.waiting() === 0) return
    this.look()
    this.seekIn(0)
  }

  /** Looks for places for those who wait, if any do. */
  seekIn(ms: number): void {
    if (this.deps.waiting() === 0) return
    // What came free while the answer was on its way is asked for once more.
    if (this.isSeeking) return void (this.seeksAgain ||= ms === 0)
    clearTimeout(this.seekTimer)
    this.seekTimer = setTimeout(() => void this.seek(), ms)
  }

  private async seek(): Promise<void> {
    const { size, waiting, tenant, isHeld } = this.deps
    this.isSeeking = true
    try {
      // As long as places are given: one by one, where several lanes wait.
      for (let before = -1; waiting() > 0 && (size() > before || this.seeksAgain);) {
        if (await isHeld(tenant())) break
        this.seeksAgain = false
        before = size()
        while (this.asking) await this.asking
        await (this.asking = this.ask())
      }
    } catch (error) {
      console.warn("executions: those that wait could not be looked at", { error: String(error) })
    } finally {
      this.isSeeking = false
    }
    this.seekIn(seekMs)
  }

  private async ask(): Promise<Outcome<null>> {
    // All who come in the same turn are asked for together. What was said last must not arrive behind this, for it counts fewer.
    await this.telling
    const { lane, port, tenant, size, line } = this.deps
    const { first } = this
    const left = this.giveBack()
    this.first = undefined
    this.waits = 0
    try {
      const { waiting, head = first } = line()
      const outcome = await port.enter(tenant(), {
        lane,
        left,
        open: size(),
        wanted: this.wanting,
        may_wait: this.mayWait,
        waiting,
        head,
      })
      if (!outcome.ok) return outcome
      this.given(outcome.value)
      return done(null)
    } catch (error) {
      console.warn("executions: the governor cannot be asked", { error: String(error) })
      return refused("governor.unavailable")
    } finally {
      this.asking = undefined
    }
  }

  private giveBack(): LeftOver | undefined {
    this.back = this.left ?? this.back
    this.left = undefined
    return this.back
  }

  private given({ grant, day, begins, for_ms, places, waits }: Entered): void {
    const { size, now, fill } = this.deps
    this.back = undefined
    this.left = { grant, day, begins }
    this.until = now() + for_ms
    this.places = places
    this.waits = waits
    this.counted = places
    this.told = now()
    this.look()
    fill(() => size() < places)
  }

  private async tell(waited: number): Promise<void> {
    const { lane, size, waiting, now } = this.deps
    // Whoever seeks places says all of this.
    if (this.asking || this.telling || (waiting() > 0 && now() - this.told < tellMs)) return this.look()
    // Nobody counts.
    if (this.places === Infinity) return
    const open = size()
    const isLeft = [this.left, this.back].some((some) => some !== undefined && some.begins > 0)
    const isNews = open !== this.counted || isLeft
    if (isNews || (open > 0 && now() - this.told > tellMs)) {
      const left = this.giveBack()
      this.waits = 0
      this.places = open
      this.counted = open
      this.told = now()
      this.telling = this.say({ lane, left, open })
      await this.telling
      this.telling = undefined
    }
    if (size() > 0 || this.counted === undefined)
      this.look(isNews ? firstLookMs : Math.min(mostLookMs, waited * 2))
  }

  private async say(count: LaneCount): Promise<void> {
    const { port, tenant } = this.deps
    try {
      await port.leave(tenant(), count)
      this.back = undefined
    } catch (error) {
      this.counted = undefined
      console.warn("executions: the governor was not told", { error: String(error) })
    }
  }
}
