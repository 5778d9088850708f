import { expect, it } from "vitest"
import { sayMoment, searchZones, timeZones } from "./time-zones.ts"

const summer = Date.parse("2026-07-01T12:00:00Z")
const winter = Date.parse("2026-12-01T12:00:00Z")

it("finds zones by words in any order, and says their offset at that time of the year", () => {
  const zones = timeZones()
  expect(searchZones(zones, "new york", winter)).toEqual([
    { value: "America/New_York", label: "America/New York", note: "UTC-05:00" },
  ])
  expect(searchZones(zones, "berlin europe", summer)[0]).toEqual({
    value: "Europe/Berlin",
    label: "Europe/Berlin",
    note: "UTC+02:00",
  })
  expect(searchZones(zones, "atlantis", winter)).toEqual([])
  // Browsers know the city by its former name only.
  expect(searchZones(zones, "kolkata", winter)).toEqual([
    { value: "Asia/Kolkata", label: "Asia/Kolkata", note: "UTC+05:30" },
  ])
})

it("lists UTC and each zone once, and shows no more than a list can hold", () => {
  const zones = timeZones()
  expect(zones.filter((zone) => zone === "UTC")).toHaveLength(1)
  expect(new Set(zones).size).toBe(zones.length)
  expect(searchZones(zones, "", winter)).toHaveLength(50)
})

it("says a moment by the clock of the zone", () => {
  expect(sayMoment(winter, "Asia/Tokyo")).toBe("Tue, 1 Dec 2026, 21:00")
})
