import { expect, it } from "vitest"
import { dueBefore, erasedAt } from "./tenant.ts"

it("a tenant is erased thirty days after it was deleted, and not a moment before", () => {
  const at = "2026-01-30T12:00:00.000Z"
  const end = erasedAt(at)
  expect(end).toBe("2026-03-01T12:00:00.000Z")
  expect(at <= dueBefore(Date.parse(end))).toBe(true)
  expect(at <= dueBefore(Date.parse(end) - 1)).toBe(false)
})
