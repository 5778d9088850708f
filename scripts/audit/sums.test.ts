import { describe, expect, it } from "vitest"
import { canonical as sealers } from "#core/audit/canonical"
import { chanceOf } from "#test/kit/audit-tampers"
import { canonical, type Json } from "./sums.ts"

const words = [
  "a",
  "b",
  "B",
  "10",
  "9",
  "é",
  "€",
  "😀",
  "\ufb33",
  "__proto__",
  "C:\\udata",
  '"',
  "\u0007",
  "",
]

function valueOf(draw: (below: number) => number, depth: number): Json {
  switch (draw(depth > 3 ? 5 : 7)) {
    case 0:
      return null
    case 1:
      return draw(2) === 1
    case 2:
      return draw(1e6) / [1, 7, 1e9, 1e-20][draw(4)]!
    case 3:
      return words[draw(words.length)]!
    case 4:
      return words[draw(words.length)]! + words[draw(words.length)]!
    case 5:
      return Array.from({ length: draw(4) }, () => valueOf(draw, depth + 1))
    default:
      return Object.fromEntries(
        Array.from({ length: draw(6) }, () => [words[draw(words.length)]!, valueOf(draw, depth + 1)]),
      )
  }
}

describe("the verifier's canonical JSON", () => {
  it("is the sealer's, which another hand wrote", () => {
    for (let seed = 0; seed < 5_000; seed++) {
      const value = valueOf(chanceOf(seed), 0)
      expect([seed, canonical(value)]).toEqual([seed, sealers(value)])
    }
  })

  it("has no spelling for a lone surrogate", () => {
    expect(canonical(JSON.parse('{"a":"\\ud800"}') as Json)).not.toBe('{"a":"\\ud800"}')
  })
})
