import { expect, it } from "vitest"
import { matchOf, piecesOf } from "./chat-search.ts"

it("looks for every word by its beginning, whatever stands between", () => {
  expect(matchOf("harb 1901, tram!")).toBe('"harb" * "1901" * "tram" *')
  expect(matchOf('" OR 1=1 --')).toBe('"OR" * "1" * "1" *')
  expect(matchOf("NEAR(a b) *")).toBe('"NEAR" * "a" * "b" *')
})

it("knows where there are no words to tell apart", () => {
  expect(matchOf("?!…")).toBeUndefined()
  expect(matchOf("港の船")).toBeUndefined()
})

it("cuts an excerpt into what was looked for and what was not", () => {
  expect(piecesOf("the \u0002harbour\u0003 burnt,\n\u0002trams\u0003")).toEqual([
    { text: "the ", is_match: false },
    { text: "harbour", is_match: true },
    { text: " burnt, ", is_match: false },
    { text: "trams", is_match: true },
  ])
  expect(piecesOf("\u0003odd\u0002")).toEqual([{ text: "\u0003odd", is_match: false }])
})
