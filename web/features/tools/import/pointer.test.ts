import { expect, it } from "vitest"
import { sayPointer } from "./pointer.ts"

it.each([
  ["#/paths/~1orders~1{id}/get", "paths › /orders/{id} › get"],
  ["document#/paths/~0x", "paths › ~x"],
  ["document", ""],
  ["#", ""],
])("%s is a place that a person can read", (pointer, said) => {
  expect(sayPointer(pointer)).toBe(said)
})
