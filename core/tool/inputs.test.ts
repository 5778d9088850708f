import { expect, it } from "vitest"
import type { Json, JsonObject } from "#core/json"
import { toolInputFaults } from "./inputs.ts"

const schema: JsonObject = {
  type: "object",
  properties: {
    id: { type: "string", maxLength: 4 },
    count: { type: "integer", default: 1 },
    tags: { type: "array", items: { $ref: "#/$defs/tag" } },
  },
  required: ["id", "count"],
  additionalProperties: false,
  $defs: { tag: { enum: ["a", "b"] } },
}
const faults = (inputs: Json | undefined, of = schema) =>
  toolInputFaults(of, inputs).map(({ path, message }) => [path, message])

it("says which arguments are missing, but for those that the schema fills in", () => {
  expect(faults(undefined)).toEqual([["id", "The tool needs this argument."]])
  expect(faults({ id: "A-1" })).toEqual([])
})

it("says what a written value does not fit, and leaves expressions until they are resolved", () => {
  expect(faults({ id: "A-12345", count: "many", tags: ["a", "c"] }).map(([path]) => path)).toEqual([
    "id",
    "count",
    "tags.1",
  ])
  expect(faults({ id: "A-{{ input.a_long_name }}", count: "{{ input.n }}", tags: ["{{ x }}", "c"] })).toEqual(
    [],
  )
})

it("names arguments that the tool does not take, where it takes no others", () => {
  expect(faults({ id: "A", fields: "x" })).toEqual([["fields", "The tool has no argument fields."]])
  expect(faults({ id: "A", fields: "x" }, { ...schema, additionalProperties: true })).toEqual([])
})

it("takes one expression for all of them, and no other text", () => {
  expect(faults("{{ input }}")).toEqual([])
  expect(faults("input")).toEqual([["", "Write an expression that makes an object."]])
})

it("does not judge a part by what the schema asks of the whole", () => {
  const whole = { ...schema, minProperties: 3, anyOf: [{ required: ["tags"] }], not: { required: ["id"] } }
  expect(faults({ id: "A" }, whole)).toEqual([])
})
