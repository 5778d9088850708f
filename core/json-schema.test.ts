import { describe, expect, it } from "vitest"
import { checkSchema, schemaFaults, withDefaults } from "./json-schema.ts"
import { processorTime } from "../test/kit/processor-time.ts"

describe("JSON Schema", () => {
  it("names the deepest cause and where it is", () => {
    const schema = {
      type: "object",
      properties: { who: { type: "object", properties: { age: { type: "integer", minimum: 18 } } } },
    }
    expect(schemaFaults(schema, { who: { age: 7 } })).toEqual([
      { path: "who.age", message: expect.stringContaining("18") },
    ])
    expect(schemaFaults(schema, { who: { age: 30 } })).toEqual([])
  })

  it("runs patterns on an engine that a long text cannot stall", () => {
    const schema = { type: "string", pattern: "^(a+)+$" }
    const judge = () => expect(schemaFaults(schema, "a".repeat(50_000) + "!")).toHaveLength(1)
    expect(processorTime(judge)).toBeLessThan(1_000)
    expect(schemaFaults(schema, "aaa")).toEqual([])
  })

  it("refuses what it would not honour", () => {
    const faults = (schema: unknown) => checkSchema(schema).map((one) => one.path)
    expect(faults({ type: "string", patternProperties: {} })).toEqual(["patternProperties"])
    expect(faults({ $ref: "https://example.com/schema.json" })).toEqual(["$ref"])
    expect(faults({ properties: { a: { type: ["string", "nothing"] } } })).toEqual(["properties.a.type"])
    expect(faults({ allOf: [{ items: 5 }] })).toEqual(["allOf.0.items"])
    expect(faults("string")).toEqual([""])
  })

  it("says so of references that go round in a circle, and follows those that end", () => {
    expect(schemaFaults({ $ref: "#" }, 1)).toEqual([
      { path: "", message: expect.stringContaining("without end") },
    ])
    const tree = { type: "object", properties: { next: { $ref: "#" } } }
    expect(schemaFaults(tree, { next: { next: {} } })).toEqual([])
    expect(schemaFaults(tree, { next: { next: 1 } })).toHaveLength(1)
  })

  it("fills absent properties with their defaults, deeply, and leaves what is there", () => {
    const schema = {
      properties: { n: { default: 2 }, deep: { properties: { x: { default: "y" } } }, given: { default: 1 } },
    }
    expect(withDefaults(schema, { deep: {}, given: null })).toEqual({ n: 2, deep: { x: "y" }, given: null })
  })

  it("fills a property that is named like what every object inherits, and never a prototype", () => {
    const schema = JSON.parse('{"properties":{"constructor":{"default":1},"__proto__":{"default":{"x":1}}}}')
    const filled = withDefaults(schema, {})
    expect(Object.entries(filled)).toEqual([["constructor", 1]])
    expect(Object.getPrototypeOf(filled)).toBe(Object.prototype)
  })
})
