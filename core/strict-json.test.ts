import { assert, json, property } from "fast-check"
import { describe, expect, it } from "vitest"
import { readJson } from "./strict-json.ts"
import { processorTime } from "../test/kit/processor-time.ts"

const fault = (text: string) => {
  const read = readJson(text)
  return read.ok ? undefined : "fault" in read ? read.fault : "malformed"
}

describe("strict JSON", () => {
  it("reads what JSON.parse reads", () => {
    assert(
      property(json({ maxDepth: 6 }), (text) => {
        const value: unknown = JSON.parse(text)
        const read = readJson(text)
        // What fast-check draws may hold the very names that are refused.
        if (!read.ok) expect(text).toMatch(/__proto__|\\u/)
        else expect(read.value).toEqual(value)
      }),
    )
  })

  it.each([
    ['{"a":1,"a":2}', "a"],
    ['{"a":1,"\\u0061":2}', "a"],
    ['{"x":[{"a":1},{"b":{"c":1,"c":1}}]}', "x.1.b.c"],
    ['{"__proto__":1}', "__proto__"],
    ['[{"k":{"__proto__":{}}}]', "0.k.__proto__"],
    ['{"a":"\\ud800"}', "a"],
    ['["\\udc00\\ud800"]', "0"],
    ['{"\\ud83d":1}', ""],
  ])("refuses %s and says where", (text, path) => {
    expect(fault(text)).toMatchObject({ path })
  })

  it.each([
    '{"a":{"a":1},"b":[{"a":1},{"a":2}]}',
    '{"a":"{\\"a\\":1,\\"a\\":2}"}',
    '{"a":"x\\\\","b":"\\""}',
    '"\\ud83d\\ude00"',
    '{"a" :1 ,"b": {}}',
    "[]",
    "null",
    '""',
  ])("takes %s", (text) => {
    expect(readJson(text)).toEqual({ ok: true, value: JSON.parse(text) })
  })

  it("goes 64 levels deep and no deeper", () => {
    const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`
    expect(fault(nested(64))).toBeUndefined()
    expect(fault(nested(65))).toMatchObject({ message: expect.stringContaining("64") as unknown })
    expect(fault(`[${"[],".repeat(100)}[]]`)).toBeUndefined()
  })

  it.each(["", " ", "{", "[1,]", "{'a':1}", '{"a":1}}', "NaN", "01"])("calls %j malformed", (text) => {
    expect(fault(text)).toBe("malformed")
  })

  it("reads four megabytes in no time to speak of", () => {
    const text = JSON.stringify(
      Array.from({ length: 40_000 }, (_, i) => ({ id: `node_${i}`, data: { prompt: "x".repeat(60) } })),
    )
    expect(processorTime(() => expect(readJson(text).ok).toBe(true))).toBeLessThan(2_000)
  })
})
