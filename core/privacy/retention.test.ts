import { describe, expect, it } from "vitest"
import { cutoff, defaultRetention, Retention, RetentionKind } from "./retention.ts"

const now = Date.parse("2026-11-22T12:00:00Z")

describe("retention", () => {
  it("[PR1] has a rule for every kind of data, and keeps what nobody limited", () => {
    expect(Object.keys(defaultRetention).sort()).toEqual([...RetentionKind.options].sort())
    expect(cutoff(defaultRetention, "executions", now)).toBeUndefined()
  })

  it("[PR1] counts whole days back from now", () => {
    expect(cutoff(defaultRetention, "deliveries", now)).toBe("2026-10-23T12:00:00.000Z")
    expect(cutoff({ ...defaultRetention, chats: 1 }, "chats", now)).toBe("2026-11-21T12:00:00.000Z")
  })

  it.each([0, -1, 1.5, 3_651, "30"])("[PR1] takes no %s days", (days) => {
    expect(Retention.safeParse({ ...defaultRetention, chats: days }).success).toBe(false)
  })
})
