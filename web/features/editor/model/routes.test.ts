import { expect, it } from "vitest"
import { idFromLabel } from "./routes.ts"

it.each([
  ["Approve", "approve"],
  ["Ask again…", "ask_again"],
  ["Über den Zaun", "uber_den_zaun"],
  ["2 days", "_2_days"],
])("names the route of %s", (label, id) => expect(idFromLabel(label, new Set())).toBe(id))

it("takes no name that is taken, and none from nothing", () => {
  expect(idFromLabel("Error", new Set(["error"]))).toBe("error_2")
  expect(idFromLabel("…", new Set())).toBeNull()
  expect(idFromLabel("承認", new Set())).toBeNull()
})
