import { expect, it } from "vitest"
import { templates } from "#core/flow/templates"
import { fieldsOfSchema, nameFault, schemaOfFields } from "./input-fields.ts"

const schema = {
  type: "object",
  title: "Mail",
  properties: {
    mail: { type: "string", title: "Mail", description: "All of it", format: "textarea", minLength: 1 },
    tone: { type: "string", enum: ["kind", "short"], default: "kind" },
    days: { type: "integer", default: 3, maximum: 30 },
    when: { type: "string", format: "date" },
  },
  required: ["mail"],
  additionalProperties: false,
}

it("reads a schema as fields and writes the same schema", () => {
  const fields = fieldsOfSchema(schema)
  expect(fields?.map((field) => [field.name, field.type, field.required, field.long])).toEqual([
    ["mail", "string", true, true],
    ["tone", "string", false, false],
    ["days", "integer", false, false],
    ["when", "string", false, false],
  ])
  expect(fields?.[1]).toMatchObject({ options: ["kind", "short"], default: "kind" })
  expect(schemaOfFields(fields!, schema)).toEqual(schema)
})

it("shows the inputs of every template as fields, and loses nothing of them", () => {
  for (const { flow } of templates) {
    const fields = fieldsOfSchema(flow.input_schema)
    expect(fields).not.toBeNull()
    expect(schemaOfFields(fields!, flow.input_schema)).toEqual(flow.input_schema)
  }
})

it("leaves a schema that says more than fields can to the JSON editor", () => {
  expect(fieldsOfSchema({ type: "object", oneOf: [] })).toBeNull()
  expect(fieldsOfSchema({ type: "object", properties: { a: { type: ["string", "null"] } } })).toBeNull()
  expect(fieldsOfSchema({ type: "object", properties: { a: { type: "integer", enum: [1] } } })).toBeNull()
  expect(fieldsOfSchema({ type: "object", additionalProperties: { type: "string" } })).toBeNull()
  expect(fieldsOfSchema({ type: "array" })).toBeNull()
})

it("has no schema without fields, and takes no other field than those it names", () => {
  expect(fieldsOfSchema(undefined)).toEqual([])
  expect(schemaOfFields([], schema)).toBeUndefined()
  const [first] = fieldsOfSchema({ type: "object", properties: { a: { type: "string" } } })!
  expect(schemaOfFields([first!], undefined)).toEqual({
    type: "object",
    properties: { a: { type: "string" } },
    additionalProperties: false,
  })
})

it("says what is wrong with a field's name", () => {
  expect(nameFault("", [])).toBe("Enter a name")
  expect(nameFault("a b", [])).toMatch(/letters/)
  expect(nameFault("__proto__", [])).toMatch(/reserved/)
  expect(nameFault("a", ["a"])).toMatch(/Another/)
  expect(nameFault("a_1", ["a"])).toBeUndefined()
})
