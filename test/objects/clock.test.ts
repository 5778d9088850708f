import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test"
import { env } from "cloudflare:workers"
import { beforeEach, describe, expect, it } from "vitest"
import type { TenantId, TriggerId } from "#core/ids"
import type { Schedule } from "#durable/clock/ports"
import { time, worldOf, type ClockWorld, type FakeClock } from "./clock-world.ts"

const { CLOCK } = env as unknown as { CLOCK: DurableObjectNamespace<FakeClock> }
const trigger = "trig_01JD0000000000000000000000" as TriggerId
const at = (text: string): number => Date.parse(text)
const minute = 60_000
const noon = at("2026-11-21T12:00:00Z")

let count = 0
let tenant: { id: TenantId; slot: string }
let world: ClockWorld
let stub: DurableObjectStub<FakeClock>

beforeEach(() => {
  tenant = { id: `tenant_${count++}`, slot: "TENANT_DB_000" }
  world = worldOf(tenant.id)
  stub = CLOCK.get(CLOCK.idFromName(tenant.id))
  time.now = noon
})

const cron = (text: string, more: Partial<Schedule> = {}, time_zone = "UTC"): Schedule => ({
  id: trigger,
  timing: { kind: "cron", cron: text, time_zone },
  missed: "fire_once",
  next: undefined,
  ...more,
})

/** Puts a schedule on the clock as its creation would: with the first fire after now. */
async function schedule(one: Schedule, first: string): Promise<void> {
  world.schedules = [{ ...one, next: at(first) }]
  await stub.sync(tenant)
}

/** Moves the time and lets the alarm ring, as often as it was set for. */
async function tick(to: string | number): Promise<void> {
  time.now = typeof to === "number" ? to : at(to)
  await runDurableObjectAlarm(stub)
}

/** The times that a trigger began executions for, each with how many. */
const fires = () => [...world.begun].map(([key, times]) => `${key.slice(trigger.length + 1)} ×${times}`)

/** A crash of the object: its memory is gone, what was written is there. */
async function crash(): Promise<void> {
  await abortAllDurableObjects()
  stub = CLOCK.get(CLOCK.idFromName(tenant.id))
}

describe("a clock", () => {
  it("[CL1] fires at the time, once, and says when next", async () => {
    await schedule(cron("*/5 * * * *"), "2026-11-21T12:05:00Z")
    await tick("2026-11-21T12:04:59Z")
    expect(fires()).toEqual([])
    await tick("2026-11-21T12:05:00Z")
    expect(fires()).toEqual(["2026-11-21T12:05:00.000Z ×1"])
    expect(world.next.get(trigger)).toBe(at("2026-11-21T12:10:00Z"))
    await tick("2026-11-21T12:05:01Z")
    expect(world.asked).toHaveLength(1)
  })

  it("[CL2] neither doubles nor loses a fire when it dies behind the beginning of its execution", async () => {
    await schedule(cron("*/5 * * * *"), "2026-11-21T12:05:00Z")
    world.behindFire = () => new Promise(() => {})
    time.now = at("2026-11-21T12:05:00Z")
    const cutOff = runDurableObjectAlarm(stub).catch(() => {})
    while (world.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await crash()
    await cutOff
    world.behindFire = undefined
    await tick("2026-11-21T12:05:03Z")
    // The alarm of the object that was made anew may have rung by itself, too.
    expect(world.asked.length).toBeGreaterThanOrEqual(2)
    expect(fires()).toEqual(["2026-11-21T12:05:00.000Z ×1"])
    await tick("2026-11-21T12:10:00Z")
    expect(fires()).toEqual(["2026-11-21T12:05:00.000Z ×1", "2026-11-21T12:10:00.000Z ×1"])
  })

  it("[CL3] asks nothing twice when the alarm rings twice", async () => {
    await schedule(cron("*/5 * * * *"), "2026-11-21T12:05:00Z")
    time.now = at("2026-11-21T12:05:00Z")
    await runInDurableObject(stub, async (clock: FakeClock) => {
      await Promise.all([clock.alarm(), clock.alarm()])
      await clock.alarm()
    })
    expect(fires()).toEqual(["2026-11-21T12:05:00.000Z ×1"])
  })

  it("[CL4] is set again by a crash that fell into its alarm", async () => {
    await schedule(cron("*/5 * * * *"), "2026-11-21T12:05:00Z")
    await runInDurableObject(stub, async (_, state) => {
      state.storage.sql.exec("DELETE FROM appointments")
      await state.storage.deleteAlarm()
    })
    await crash()
    // Any word to it makes it anew.
    await stub.wake(tenant)
    await tick("2026-11-21T12:05:00Z")
    expect(fires()).toEqual(["2026-11-21T12:05:00.000Z ×1"])
  })

  it("[CL5] tries again when a fire fails, later each time, and keeps its place", async () => {
    await schedule(cron("*/5 * * * *"), "2026-11-21T12:05:00Z")
    world.failures = 3
    for (let second = 0; second <= 10; second++) await tick(at("2026-11-21T12:05:00Z") + second * 1_000)
    expect(world.asked).toHaveLength(4)
    expect(fires()).toEqual(["2026-11-21T12:05:00.000Z ×1"])
  })

  it("[CL6] never throws from its alarm", async () => {
    await schedule(cron("*/5 * * * *"), "2026-11-21T12:05:00Z")
    world.readFailures = 2
    world.failures = 1
    time.now = at("2026-11-21T12:05:00Z")
    await runInDurableObject(stub, (clock: FakeClock) => clock.alarm())
    await tick("2026-11-21T12:05:02Z")
    expect(fires()).toEqual(["2026-11-21T12:05:00.000Z ×1"])
  })
})

describe("fires that were missed", () => {
  const hours = (...list: string[]) => list.map((hour) => `2026-11-21T${hour}:00:00.000Z ×1`)
  const skipped = (...list: string[]) => list.map((hour) => `${trigger} 2026-11-21T${hour}:00:00.000Z`)

  it("[CL7] skip: none is made up for, all are told of", async () => {
    await schedule(cron("0 * * * *", { missed: "skip" }), "2026-11-21T13:00:00Z")
    await tick("2026-11-21T15:30:00Z")
    expect(fires()).toEqual([])
    expect(world.skipped).toEqual(skipped("13", "14", "15"))
    await tick("2026-11-21T16:00:00Z")
    expect(fires()).toEqual(hours("16"))
  })

  it("[CL8] fire_once: the last is made up for, the others are told of", async () => {
    await schedule(cron("0 * * * *"), "2026-11-21T13:00:00Z")
    await tick("2026-11-21T15:30:00Z")
    expect(fires()).toEqual(hours("15"))
    expect(world.skipped).toEqual(skipped("13", "14"))
  })

  it("[CL9] fire_all: each is made up for, in order, the last hundred at most", async () => {
    await schedule(cron("0 * * * *", { missed: "fire_all" }), "2026-11-21T13:00:00Z")
    await tick("2026-11-21T15:30:00Z")
    expect(fires()).toEqual(hours("13", "14", "15"))
    await tick(noon + 30 * 24 * 3_600_000)
    expect(world.begun.size).toBe(3 + 100)
  })

  it("[CL10] one that fails in the middle goes on behind what was made", async () => {
    await schedule(cron("0 * * * *", { missed: "fire_all" }), "2026-11-21T13:00:00Z")
    let fired = 0
    world.behindFire = async () => {
      if (++fired === 2) throw new Error("gone")
    }
    await tick("2026-11-21T15:30:00Z")
    await tick("2026-11-21T15:30:05Z")
    expect(fires()).toEqual(hours("13", "14", "15"))
    expect(world.asked.filter((key) => key.includes("T13"))).toHaveLength(1)
  })

  it("[CL11] are reported also when the reporting clock dies before its fire", async () => {
    await schedule(cron("0 * * * *"), "2026-11-21T13:00:00Z")
    world.failures = 1
    await tick("2026-11-21T15:30:00Z")
    await tick("2026-11-21T15:30:05Z")
    expect(new Set(world.skipped)).toEqual(new Set(skipped("13", "14")))
    expect(fires()).toEqual(hours("15"))
  })
})

describe("fires that fell due while the tenant was suspended", () => {
  it.each([
    ["skip", [], ["13", "14", "15"]],
    ["fire_once", ["15"], ["13", "14"]],
    ["fire_all", ["13", "14", "15"], []],
  ] as const)("[CL20] %s: are not made, and afterwards become what it says", async (missed, made, left) => {
    await schedule(cron("0 * * * *", { missed }), "2026-11-21T13:00:00Z")
    world.isHeld = true
    for (let at = noon; at < noon + 3.5 * 60 * minute; at += 10 * minute) await tick(at)
    await crash()
    expect([world.asked, world.skipped]).toEqual([[], []])
    world.isHeld = false
    // It is looked every minute whether it goes on.
    await tick(noon + 3.5 * 60 * minute + minute)
    expect(fires()).toEqual(made.map((hour) => `2026-11-21T${hour}:00:00.000Z ×1`))
    expect(world.skipped).toEqual(left.map((hour) => `${trigger} 2026-11-21T${hour}:00:00.000Z`))
    await tick("2026-11-21T16:00:00Z")
    expect(fires()).toEqual([...made, "16"].map((hour) => `2026-11-21T${hour}:00:00.000Z ×1`))
  })

  it("[CL21] are looked at once a minute, and not all the time", async () => {
    await schedule(cron("0 * * * *"), "2026-11-21T13:00:00Z")
    world.isHeld = true
    await tick("2026-11-21T13:00:00Z")
    const due = await runInDurableObject(stub, (_, state) =>
      state.storage.sql.exec<{ due: number }>("SELECT due FROM appointments WHERE name = 'fire'").one(),
    )
    expect(due).toEqual({ due: at("2026-11-21T13:01:00Z") })
  })
})

describe("daylight saving", () => {
  const daily = cron("30 2 * * *", {}, "Europe/Berlin")

  it("[CL12] in spring a time that the clocks skip is fired right after the gap, once", async () => {
    time.now = at("2026-03-28T12:00:00Z")
    await schedule(daily, "2026-03-29T01:00:00Z")
    for (const hour of ["00:30", "01:00", "01:30", "02:30"]) await tick(`2026-03-29T${hour}:00Z`)
    expect(fires()).toEqual(["2026-03-29T01:00:00.000Z ×1"])
    expect(world.next.get(trigger)).toBe(at("2026-03-30T00:30:00Z"))
  })

  it("[CL13] in autumn a time that comes twice is fired the first time only", async () => {
    time.now = at("2026-10-24T12:00:00Z")
    await schedule(daily, "2026-10-25T00:30:00Z")
    for (const hour of ["00:30", "01:00", "01:30", "02:30"]) await tick(`2026-10-25T${hour}:00Z`)
    expect(fires()).toEqual(["2026-10-25T00:30:00.000Z ×1"])
    expect(world.next.get(trigger)).toBe(at("2026-10-26T01:30:00Z"))
  })
})

describe("schedules that change", () => {
  it("[CL14] keep their place while their timing stays, and begin anew when it does not", async () => {
    await schedule(cron("0 * * * *"), "2026-11-21T13:00:00Z")
    await schedule(cron("0 * * * *", { missed: "skip" }), "2026-11-21T14:00:00Z")
    await tick("2026-11-21T13:00:01Z")
    expect(fires()).toEqual(["2026-11-21T13:00:00.000Z ×1"])
    await schedule(cron("30 * * * *"), "2026-11-21T13:30:00Z")
    await tick("2026-11-21T13:30:01Z")
    await tick("2026-11-21T14:00:01Z")
    expect(fires()).toEqual(["2026-11-21T13:00:00.000Z ×1", "2026-11-21T13:30:00.000Z ×1"])
  })

  it("[CL15] stop at once when they are gone", async () => {
    await schedule(cron("0 * * * *"), "2026-11-21T13:00:00Z")
    world.schedules = []
    await stub.sync(tenant)
    await tick("2026-11-21T13:00:01Z")
    expect(world.asked).toEqual([])
  })

  it("[CL16] are found though the word that they changed never came", async () => {
    await stub.wake(tenant)
    world.schedules = [cron("* * * * *", { next: noon + minute })]
    await tick(noon + 5_000)
    await tick(noon + minute)
    expect(fires()).toEqual(["2026-11-21T12:01:00.000Z ×1"])
  })

  it("[CL17] a thousand due at once are all fired, once each", async () => {
    world.schedules = Array.from({ length: 1_000 }, (_, i) => ({
      ...cron("* * * * *", { next: noon + minute }),
      id: `trig_${String(i).padStart(26, "0")}`,
    }))
    await stub.sync(tenant)
    for (let i = 0; i < 3; i++) await tick(noon + minute + i)
    expect(world.begun.size).toBe(1_000)
    expect(world.asked).toHaveLength(1_000)
  })
})

describe("the sweeper", () => {
  it("[CL18] goes round every five minutes, and at once when the clock is made anew", async () => {
    await stub.wake(tenant)
    for (let i = 1; i <= 15; i++) await tick(noon + i * minute)
    expect(world.sweeps).toBe(3)
    await crash()
    await stub.wake(tenant)
    time.now = Date.now()
    await runDurableObjectAlarm(stub)
    expect(world.sweeps).toBe(4)
  })

  it("[CL19] comes round within seconds while it had to leave something", async () => {
    await stub.wake(tenant)
    world.leaving = 2
    await tick(noon + 5 * minute)
    expect(world.sweeps).toBe(1)
    await tick(noon + 5 * minute + 9_999)
    expect(world.sweeps).toBe(1)
    await tick(noon + 5 * minute + 10_000)
    await tick(noon + 5 * minute + 20_000)
    await tick(noon + 5 * minute + 30_000)
    expect(world.sweeps).toBe(3)
    await tick(noon + 10 * minute + 20_000)
    expect(world.sweeps).toBe(4)
  })

  it("[CL20] ends with its tenant: nothing of the clock is left, and an alarm that comes late finds nothing", async () => {
    await schedule(cron("*/5 * * * *"), "2026-11-21T12:05:00Z")
    world.isErased = true
    await tick(noon + 5 * minute)
    const left = () =>
      runInDurableObject(stub, async (_, { storage }) => [
        await storage.getAlarm(),
        storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'").toArray(),
      ])
    expect(await left()).toEqual([null, []])
    await runInDurableObject(stub, (clock) => clock.alarm())
    expect(await left()).toEqual([null, []])
    expect(world.sweeps).toBe(1)
  })
})
