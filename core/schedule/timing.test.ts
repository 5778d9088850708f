import { describe, expect, it } from "vitest"
import { dueFires, graceMs } from "./missed.ts"
import { firesBetween, nextFires, timingFaults, type Timing } from "./timing.ts"

const berlin = (cron: string): Timing => ({ kind: "cron", cron, time_zone: "Europe/Berlin" })
const at = (text: string): number => Date.parse(text)
const iso = (times: number[]): string[] => times.map((time) => new Date(time).toISOString())
const now = at("2026-11-21T12:00:00Z")

describe("a cron expression", () => {
  it.each([
    ["nonsense", /five fields .* has 1$/],
    ["", /has 0$/],
    ["* * * * * *", /has 6$/],
    ["99 * * * *", /minute/],
    ["*/0 * * * *", /stepping/],
    ["0 0 30 2 *", /never fire/],
    ["@reboot", /@reboot/],
    ["* ".repeat(90), /has 90$/],
  ])("says at its field what is wrong with %j", (cron, message) => {
    expect(timingFaults({ kind: "cron", cron, time_zone: "UTC" }, now)).toEqual([
      { path: "cron", message: expect.stringMatching(message) },
    ])
  })

  it.each(["Mars/Phobos", "+02:00", "Berlin", "", "Europe/Berlin; drop"])(
    "says that there is no time zone %j",
    (time_zone) => {
      expect(timingFaults({ kind: "cron", cron: "0 9 * * *", time_zone }, now)).toEqual([
        { path: "time_zone", message: expect.stringContaining("There is no time zone") },
      ])
    },
  )

  it("may be wrong in both fields at once, or in none", () => {
    const both = timingFaults({ kind: "cron", cron: "x", time_zone: "y" }, now)
    expect(both.map(({ path }) => path)).toEqual(["time_zone", "cron"])
    for (const cron of ["0 9 * * MON-FRI", "@daily", "*/15 8-18 * * *", "0 0 L * *"]) {
      expect(timingFaults(berlin(cron), now)).toEqual([])
    }
  })

  it("follows the clocks of its time zone", () => {
    expect(iso(nextFires(berlin("0 9 * * *"), at("2026-03-27T12:00:00Z"), 3))).toEqual([
      "2026-03-28T08:00:00.000Z",
      "2026-03-29T07:00:00.000Z",
      "2026-03-30T07:00:00.000Z",
    ])
  })

  it("fires once where spring skips its time, right after the gap", () => {
    expect(iso(nextFires(berlin("30 2 * * *"), at("2026-03-28T12:00:00Z"), 2))).toEqual([
      "2026-03-29T01:00:00.000Z",
      "2026-03-30T00:30:00.000Z",
    ])
  })

  it("fires once where autumn brings its time twice", () => {
    expect(iso(nextFires(berlin("30 2 * * *"), at("2026-10-24T12:00:00Z"), 2))).toEqual([
      "2026-10-25T00:30:00.000Z",
      "2026-10-26T01:30:00.000Z",
    ])
  })

  it("keeps its beat through the hour that comes twice", () => {
    expect(iso(nextFires(berlin("*/30 * * * *"), at("2026-10-24T23:50:00Z"), 5))).toEqual([
      "2026-10-25T00:00:00.000Z",
      "2026-10-25T00:30:00.000Z",
      "2026-10-25T01:00:00.000Z",
      "2026-10-25T01:30:00.000Z",
      "2026-10-25T02:00:00.000Z",
    ])
  })

  it.each(["*/30 * * * *", "30 2 * * *", "0 9 * * 1-5", "15,45 2-3 * * *"])(
    "looks back on what it looked forward to, through both changes of the clocks: %s",
    (cron) => {
      for (const day of ["2026-03-28", "2026-10-24"]) {
        const from = at(`${day}T00:00:00Z`)
        const forward = nextFires(berlin(cron), from, 200).filter((time) => time <= from + 3 * 86_400_000)
        expect(iso(firesBetween(berlin(cron), from, from + 3 * 86_400_000, 200))).toEqual(iso(forward))
      }
    },
  )
})

describe("an interval", () => {
  const quarter: Timing = { kind: "interval", every_seconds: 900 }

  it("counts from 1970, so that nobody need remember when it began", () => {
    expect(iso(nextFires(quarter, at("2026-11-21T12:00:00Z"), 2))).toEqual([
      "2026-11-21T12:15:00.000Z",
      "2026-11-21T12:30:00.000Z",
    ])
    expect(iso(firesBetween(quarter, now - 1, now + 900_000, 9))).toEqual([
      "2026-11-21T12:00:00.000Z",
      "2026-11-21T12:15:00.000Z",
    ])
    expect(firesBetween(quarter, now, now + 899_999, 9)).toEqual([])
    expect(firesBetween(quarter, 0, now, 3)).toHaveLength(3)
  })
})

describe("what was missed", () => {
  const hourly = berlin("0 * * * *")
  const expected = at("2026-11-21T08:00:00Z")
  const hours = (...list: number[]) => list.map((hour) => at("2026-11-21T00:00:00Z") + hour * 3_600_000)

  it("is nothing while the next fire is to come", () => {
    expect(dueFires(hourly, "fire_all", expected, expected - 1)).toEqual({
      fire: [],
      skipped: [],
      next: expected,
    })
  })

  it("is nothing when a fire is late by less than the grace, whatever the policy", () => {
    for (const policy of ["skip", "fire_once", "fire_all"] as const) {
      const due = dueFires(hourly, policy, expected, expected + graceMs - 1)
      expect(due).toEqual({ fire: [expected], skipped: [], next: hours(9)[0] })
    }
  })

  it("is left out, made up once, or made up for each", () => {
    const late = at("2026-11-21T11:30:00Z")
    expect(dueFires(hourly, "skip", expected, late)).toEqual({
      fire: [],
      skipped: hours(8, 9, 10, 11),
      next: hours(12)[0],
    })
    expect(dueFires(hourly, "fire_once", expected, late)).toEqual({
      fire: hours(11),
      skipped: hours(8, 9, 10),
      next: hours(12)[0],
    })
    expect(dueFires(hourly, "fire_all", expected, late)).toEqual({
      fire: hours(8, 9, 10, 11),
      skipped: [],
      next: hours(12)[0],
    })
  })

  it("is not made up for by itself when a fire is due at this moment anyhow", () => {
    const due = dueFires(hourly, "fire_once", expected, at("2026-11-21T11:00:10Z"))
    expect(due).toMatchObject({ fire: hours(11), skipped: hours(8, 9, 10) })
  })

  it("goes on behind what was made already", () => {
    const late = at("2026-11-21T11:30:00Z")
    expect(dueFires(hourly, "fire_all", hours(10).at(0)! + 1, late).fire).toEqual(hours(11))
  })

  it("is bounded after a long time down", () => {
    const everyMinute = berlin("* * * * *")
    const due = dueFires(everyMinute, "fire_all", expected, expected + 365 * 86_400_000)
    expect(due.fire).toHaveLength(100)
    expect(due.fire.at(-1)).toBe(expected + 365 * 86_400_000)
  })
})
