import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { differences } from "./json-diff.ts"

describe("differences", () => {
  it.each<[string, unknown, unknown, unknown[]]>([
    ["none", { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
    ["a value", { a: { b: 1 } }, { a: { b: 2 } }, [{ path: "a.b", from: 1, to: 2 }]],
    ["another type", { a: [1] }, { a: "1" }, [{ path: "a", from: [1], to: "1" }]],
    ["one more", {}, { a: 1 }, [{ path: "a", from: null, to: 1 }]],
    ["one less in a list", ["x", "y"], ["x"], [{ path: "1", from: "y", to: null }]],
    [
      "one put between others that have names",
      {
        tasks: [
          { id: "a", n: 1 },
          { id: "c", n: 1 },
        ],
      },
      {
        tasks: [
          { id: "a", n: 1 },
          { id: "b", n: 1 },
          { id: "c", n: 2 },
        ],
      },
      [
        { path: "tasks.c.n", from: 1, to: 2 },
        { path: "tasks.b", from: null, to: { id: "b", n: 1 } },
      ],
    ],
    [
      "another order of names",
      [{ position: "a" }, { position: "b" }],
      [{ position: "b" }, { position: "a" }],
      [{ path: "", from: ["a", "b"], to: ["b", "a"] }],
    ],
    [
      "names before places: two may have one position",
      [
        { id: "a", position: "x" },
        { id: "b", position: "x" },
      ],
      [
        { id: "a", position: "x" },
        { id: "b", position: "y" },
      ],
      [{ path: "b.position", from: "x", to: "y" }],
    ],
    [
      "names that stand twice, by their places",
      [{ id: "a" }, { id: "a" }],
      [{ id: "a" }, { id: "b" }],
      [{ path: "1.id", from: "a", to: "b" }],
    ],
    ["names of what every object has", {}, { constructor: 1 }, [{ path: "constructor", from: null, to: 1 }]],
  ])("%s", (_, from, to, expected) => {
    expect(differences(from, to)).toEqual(expected)
  })

  it("are none of a document with itself, and some of two that are not equal", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const copy: unknown = JSON.parse(JSON.stringify(a))
        expect(differences(JSON.parse(JSON.stringify(a)), copy)).toEqual([])
        const [one, other] = [JSON.stringify(a), JSON.stringify(b)]
        if (differences(JSON.parse(one), JSON.parse(other)).length === 0)
          expect(JSON.parse(other)).toEqual(JSON.parse(one))
      }),
    )
  })
})
