import { isTimeZone } from "#core/schedule/timing"

export type ZoneOption = { value: string; label: string; note: string }

/** "UTC+01:00" at a moment; daylight saving included. */
function offsetOf(zone: string, now: number): string {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(
    now,
  )
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? ""
  return name === "GMT" ? "UTC" : name.replace("GMT", "UTC")
}

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC"

/** Names that cities have now, where browsers list the former one only. */
const renamed = [
  "America/Nuuk",
  "Asia/Ho_Chi_Minh",
  "Asia/Kathmandu",
  "Asia/Kolkata",
  "Asia/Yangon",
  "Europe/Kyiv",
]

/** Every time zone of this browser: the reader's own, UTC, then the others by name. */
export function timeZones(): string[] {
  const named = [...Intl.supportedValuesOf("timeZone"), ...renamed.filter(isTimeZone)].toSorted()
  return [...new Set([ownZone(), "UTC", ...named])]
}

const mostShown = 50

/** The zones whose name holds every word that is typed, in any order: "new york", "berlin europe". */
export function searchZones(zones: readonly string[], typed: string, now: number): ZoneOption[] {
  const words = typed
    .toLowerCase()
    .replaceAll("_", " ")
    .split(/[\s/]+/)
    .filter(Boolean)
  return zones
    .filter((zone) => {
      const name = zone.toLowerCase().replaceAll("_", " ")
      return words.every((word) => name.includes(word))
    })
    .slice(0, mostShown)
    .map((zone) => ({ value: zone, label: zone.replaceAll("_", " "), note: offsetOf(zone, now) }))
}

/** A moment as clocks in a zone show it: "Mon, 23 Nov 2026, 09:00 UTC+1". */
export function sayMoment(at: number, zone: string): string {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  })
  return format.format(at)
}
