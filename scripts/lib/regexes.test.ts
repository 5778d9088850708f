import { describe, expect, it } from "vitest"
import { slowest } from "./regex-probe.ts"
import { regexesIn } from "./regexes.ts"

const of = (pattern: RegExp) => ({ source: pattern.source, flags: pattern.flags })

describe("a regular expression", () => {
  it.each([
    [/^(a+)+$/],
    [/^(?:\w+\s?)*$/],
    [/(?:a|aa)+$/],
    [/\s+$/],
    [/<[^>]*>/g],
    [/\{\{[\s\S]*?\}\}/g],
    [/^(.+?)\s+to\s+(.+)$/],
    [/\s*,\s*/],
    [/"""\s*([\s\S]+?)\s*"""/],
  ])(
    "%s is found to walk back",
    (pattern) => {
      expect(slowest(of(pattern))).toBeDefined()
    },
    90_000,
  )

  it.each([
    [/^[a-z][a-z0-9_]{0,62}$/],
    [/(?<!\s)\s+$/],
    [/<[^<>]*>/g],
    [/\d{4}-\d{2}-\d{2}/],
    [/^\s*[{[]/],
    [/[^"\\]+|\\./gs],
  ])("%s is found to read each sign once", (pattern) => {
    expect(slowest(of(pattern))).toBeUndefined()
  })

  it("whose text is bounded is tried within its bounds", () => {
    expect(slowest({ ...of(/\s+$/), most: 400 })).toBeUndefined()
    expect(slowest({ ...of(/\s+$/), spaces: 4 })).toBeUndefined()
  })

  it("is found wherever a file writes it out", () => {
    const text = 'const a = /x+/g\nconst b = "/y+/".replace(/[/]z*/u, "")\n// /no/\n'
    expect(regexesIn("a.ts", text)).toEqual([
      { file: "a.ts", line: 1, source: "x+", flags: "g" },
      { file: "a.ts", line: 2, source: "[/]z*", flags: "u" },
    ])
  })
})
