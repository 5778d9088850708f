import type { TriggerId } from "#core/ids"
import { ClockObject } from "#durable/clock/object"
import type { ClockPorts, Schedule } from "#durable/clock/ports"

/** What the tests of clocks decide and see of the outside world; a test's tenant has its own. */
export class ClockWorld {
  now = Date.parse("2026-11-21T12:00:00Z")
  schedules: Schedule[] = []
  /** Executions begun, by trigger and time: a repeat begins none. */
  begun = new Map<string, number>()
  /** How often a fire was asked for. */
  asked: string[] = []
  skipped: string[] = []
  next = new Map<TriggerId, number | undefined>()
  sweeps = 0
  /** Sweeps that leave something for the next one. */
  leaving = 0
  /** The tenant is erased for good. */
  isErased = false
  failures = 0
  /** The tenant is suspended: nothing is to be fired. */
  isHeld = false
  readFailures = 0
  /** What happens behind the beginning of an execution and before anybody is told. */
  behindFire: (() => Promise<void>) | undefined
}

const worlds = new Map<string, ClockWorld>()

export function worldOf(tenant: string): ClockWorld {
  const world = worlds.get(tenant) ?? new ClockWorld()
  worlds.set(tenant, world)
  return world
}

const iso = (at: number): string => new Date(at).toISOString()

/** A clock asks what time it is before it says whose it is; tests move one world at a time. */
export const time = { now: Date.parse("2026-11-21T12:00:00Z") }

const ports: ClockPorts = {
  async schedules({ id }) {
    const world = worldOf(id)
    if (world.readFailures-- > 0) throw new Error("D1 is away")
    return world.schedules
  },
  isHeld: ({ id }) => worldOf(id).isHeld,
  async fire({ id }, trigger, at) {
    const world = worldOf(id)
    const key = `${trigger} ${iso(at)}`
    world.asked.push(key)
    if (world.failures-- > 0) throw new Error("the lanes are full")
    world.begun.set(key, (world.begun.get(key) ?? 0) + (world.begun.has(key) ? 0 : 1))
    await world.behindFire?.()
  },
  async moved({ id }, trigger, skipped, next) {
    const world = worldOf(id)
    for (const at of skipped) world.skipped.push(`${trigger} ${iso(at)}`)
    world.next.set(trigger, next)
  },
  async sweep({ id }) {
    const world = worldOf(id)
    world.sweeps++
    if (world.isErased) return "gone"
    return world.leaving-- > 0 ? "more" : "rest"
  },
  now: () => time.now,
}

export class FakeClock extends ClockObject {
  protected ports() {
    return ports
  }
}
