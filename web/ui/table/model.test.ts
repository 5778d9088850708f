import { expect, it } from "vitest"
import { keysBetween, nextSort } from "./model.ts"

it("sorts by a field in its first order, then in the other", () => {
  expect(nextSort(undefined, "name")).toBe("name")
  expect(nextSort("name", "name")).toBe("-name")
  expect(nextSort("-name", "name")).toBe("name")
  expect(nextSort("name", "updated_at", "desc")).toBe("-updated_at")
})

it("takes the rows between two, in either direction", () => {
  expect(keysBetween(["a", "b", "c", "d"], "b", "d")).toEqual(["b", "c", "d"])
  expect(keysBetween(["a", "b", "c", "d"], "d", "b")).toEqual(["b", "c", "d"])
})

it("takes the one row when the other has gone", () => {
  expect(keysBetween(["a", "b"], "gone", "b")).toEqual(["b"])
})
