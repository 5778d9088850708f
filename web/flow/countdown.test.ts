import { expect, it } from "vitest"
import { sayRest } from "./countdown.tsx"

it("says what is left in the unit that matters", () => {
  const said = [400, 9_000, 59_001, 250_000, 3_900_000, 86_400_000, 3 * 86_400_000 + 7_200_000].map(sayRest)
  expect(said).toEqual(["1 s", "9 s", "60 s", "4 min 10 s", "1 h 05 min", "1 day 0 h", "3 days 2 h"])
})
