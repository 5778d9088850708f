import { expect, it } from "vitest"
import { formFields, inputFaults, startingValues, withoutBlanks } from "./schema-form.ts"

const schema = {
  type: "object",
  properties: {
    mail: { type: "string", title: "Mail", format: "textarea" },
    tone: { type: "string", enum: ["kind", "short"], default: "kind" },
    days: { type: "integer", minimum: 0 },
    urgent: { type: "boolean" },
    tags: { type: "array", items: { type: "string" } },
  },
  required: ["mail"],
  additionalProperties: false,
}

it("asks for each input by its kind", () => {
  expect(formFields(schema)?.map(({ name, control, required }) => [name, control, required])).toEqual([
    ["mail", "long_text", true],
    ["tone", "choice", false],
    ["days", "number", false],
    ["urgent", "switch", false],
    ["tags", "json", false],
  ])
  expect(formFields(undefined)).toBeNull()
  expect(formFields({ type: "object" })).toBeNull()
})

it("begins with the defaults and with what was entered the last time, where it still has a place", () => {
  expect(startingValues(schema, { mail: "hi", gone: 1 })).toEqual({ mail: "hi", tone: "kind", urgent: false })
  expect(startingValues(undefined, { any: 1 })).toEqual({ any: 1 })
})

it("says what is missing and what does not fit, field by field", () => {
  expect(inputFaults(schema, { tone: "loud", days: -1 })).toMatchObject({ mail: "Fill this in" })
  const faults = inputFaults(schema, { mail: "hi", tone: "loud", days: -1 })
  expect(Object.keys(faults).sort()).toEqual(["days", "tone"])
  expect(inputFaults(schema, { mail: "hi", tags: [1] })).toHaveProperty("tags")
  expect(inputFaults(schema, { mail: "hi", tone: "kind", days: 2, urgent: true, tags: ["a"] })).toEqual({})
  expect(inputFaults(undefined, { anything: [1] })).toEqual({})
})

it("leaves out what was left open, so that the schema's own rules decide", () => {
  expect(withoutBlanks(schema, { mail: "", tone: "", days: 0 })).toEqual({ mail: "", days: 0 })
})
