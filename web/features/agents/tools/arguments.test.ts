import { expect, it } from "vitest"
import { argumentsOf, schemaOf } from "./arguments.ts"

it("shows a plain schema as a list, and makes the same schema of it", () => {
  const schema = {
    type: "object",
    properties: { city: { type: "string", description: "Which one" }, days: { type: "integer" } },
    required: ["city"],
    additionalProperties: false,
  }
  const list = argumentsOf(schema)
  expect(list).toEqual([
    { name: "city", type: "string", description: "Which one", required: true },
    { name: "days", type: "integer", description: "", required: false },
  ])
  expect(schemaOf(list ?? [])).toEqual(schema)
})

it.each([
  ["a bound", { type: "object", properties: { days: { type: "integer", maximum: 7 } } }],
  ["an open type", { type: "object", properties: { any: {} } }],
  ["a condition", { type: "object", properties: {}, anyOf: [] }],
  ["no object", { type: "array" }],
])("leaves a schema with %s to JSON", (_, schema) => {
  expect(argumentsOf(schema)).toBeNull()
})

it("leaves out an argument that has no name yet", () => {
  expect(schemaOf([{ name: " ", type: "string", description: "", required: true }])).toEqual({
    type: "object",
    properties: {},
    additionalProperties: false,
  })
})
