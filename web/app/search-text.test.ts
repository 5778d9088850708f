import * as fc from "fast-check"
import { expect, it } from "vitest"
import { parseSearch, stringifySearch } from "./search-text.ts"
import { ExecutionsSearch, FlowsSearch } from "./search.ts"

it("reads back every text that it writes", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1 })), (search) => {
      expect(parseSearch(stringifySearch(search))).toEqual({ ...search })
    }),
  )
})

it("writes what a person can read, and leaves out what is not set", () => {
  const text = stringifySearch({
    status: ["failed", "timed_out"],
    q: "42",
    new: true,
    sort: undefined,
    none: [],
  })
  expect(text).toBe("?status=failed,timed_out&q=42&new=true")
})

it("makes values of the text, and drops what makes no sense", () => {
  expect(ExecutionsSearch.parse(parseSearch("?status=failed,timed_out&q=42&sort=-created_at"))).toEqual({
    status: ["failed", "timed_out"],
    q: "42",
    sort: "-created_at",
  })
  expect(ExecutionsSearch.parse(parseSearch("?status=broken&sort=password"))).toEqual({})
  expect(FlowsSearch.parse(parseSearch("?new=true&status=draft"))).toEqual({ new: true, status: "draft" })
})
