import { expect, it } from "vitest"
import { isAsked, isDueSoon, queryOf, sayButton } from "./model.ts"

const ana = { id: "user_1", email: "Ana@example.com" }

it("asks for what is due first, unless it has ended", () => {
  expect(queryOf({})).toEqual({ status: "open", sort: "due", mine: "true" })
  expect(queryOf({ view: "open", flow_id: "flow_1" })).toEqual({
    status: "open",
    sort: "due",
    flow_id: "flow_1",
  })
  expect(queryOf({ view: "ended" })).toEqual({ status: "answered", sort: "-requested_at" })
  expect(queryOf({ view: "ended", ended: "timed_out" })).toMatchObject({ status: "timed_out" })
})

it("knows whom a question is for, by id and by address in any case", () => {
  expect(isAsked({ assignees: [] }, ana)).toBe(true)
  expect(isAsked({ assignees: ["user_1"] }, ana)).toBe(true)
  expect(isAsked({ assignees: ["bo@example.com", " ana@Example.com"] }, ana)).toBe(true)
  expect(isAsked({ assignees: ["bo@example.com"] }, ana)).toBe(false)
})

it("says the button by its label, or by its id where it has none", () => {
  const buttons = [{ id: "yes", label: "Pay" }]
  expect(sayButton({ buttons, button: "yes" })).toBe("Pay")
  expect(sayButton({ buttons, button: "gone" })).toBe("gone")
  expect(sayButton({ buttons, button: null })).toBe("")
})

it("is loud in the last hour", () => {
  const now = Date.parse("2026-11-21T12:00:00Z")
  expect(isDueSoon("2026-11-21T12:59:00Z", now)).toBe(true)
  expect(isDueSoon("2026-11-21T13:01:00Z", now)).toBe(false)
  expect(isDueSoon(null, now)).toBe(false)
})
