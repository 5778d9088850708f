import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Json, JsonObject } from "#core/json"
import {
  addProperty,
  choicesOf,
  freeName,
  nameFault,
  propertiesOf,
  putProperty,
  readChoices,
  removeProperty,
  schemaTypes,
  typeOf,
  unshownWords,
  withType,
  withWord,
} from "./model.ts"

/** Words that the builder knows nothing of. */
const strange = fc.dictionary(
  fc.constantFrom("minLength", "pattern", "examples", "$comment", "x-own", "if", "anyOf", "maximum", "$defs"),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
)
const name = fc.stringMatching(/^[a-z]{1,6}$/)

const { schema: anySchema } = fc.letrec<{ schema: JsonObject; object: JsonObject; leaf: JsonObject }>(
  (tie) => ({
    leaf: fc
      .tuple(fc.constantFrom("string", "number", "integer", "boolean"), strange)
      .map(([type, more]): JsonObject => ({ ...more, type })),
    object: fc
      .tuple(
        strange,
        fc.dictionary(name, fc.oneof(tie("schema"), strange, fc.boolean()), { maxKeys: 4 }),
        fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      )
      .map(([more, properties, flags]): JsonObject => {
        const required = Object.keys(properties).filter((_, i) => flags[i])
        return { ...more, type: "object", properties, ...(required.length > 0 ? { required } : {}) }
      }),
    schema: fc.oneof(
      { depthSize: "small" },
      tie("leaf"),
      tie("object"),
      tie("schema").map((items): JsonObject => ({ type: "array", items })),
    ),
  }),
)
const anyObject = anySchema.map((one): JsonObject =>
  one["type"] === "object" ? one : { type: "object", properties: { one }, required: ["one"] },
)

/** Every property is read and put back, all the way down, as if each had been opened and left as it is. */
function rewritten(schema: Json): Json {
  const properties = propertiesOf(schema)
  if (!properties) return schema
  return properties.reduce<JsonObject>(
    (made, one) => putProperty(made, one.name, { ...one, schema: rewritten(one.schema) }),
    schema as JsonObject,
  )
}

describe("a schema in the builder", () => {
  it("comes out as it went in, whatever it says and in whatever order", () => {
    fc.assert(
      fc.property(anyObject, (schema) => {
        expect(JSON.stringify(rewritten(schema))).toBe(JSON.stringify(schema))
      }),
    )
  })

  it("is the same again after a field was renamed and renamed back, or added and removed", () => {
    fc.assert(
      fc.property(anyObject, (schema) => {
        const properties = propertiesOf(schema)!
        for (const one of properties) {
          const other = freeName(properties)
          const renamed = putProperty(schema, one.name, { ...one, name: other })
          expect(propertiesOf(renamed)!.map(({ required }) => required)).toEqual(
            properties.map(({ required }) => required),
          )
          expect(putProperty(renamed, other, one)).toEqual(schema)
        }
        const added = addProperty(schema, {
          name: freeName(properties),
          schema: { type: "string" },
          required: true,
        })
        expect(propertiesOf(added)).toHaveLength(properties.length + 1)
        expect(removeProperty(added, freeName(properties))).toEqual(schema)
      }),
    )
  })

  it("keeps every word that has no control when another one changes, and says which", () => {
    fc.assert(
      fc.property(anySchema, (schema) => {
        const changed = withWord(schema, "description", "said")
        for (const word of unshownWords(schema)) expect(changed[word]).toEqual(schema[word])
        expect(withWord(withWord(schema, "default", 1), "default", undefined)).toEqual(
          withWord(schema, "default", undefined),
        )
      }),
    )
  })
})

it("shows as fields only what is a plain object", () => {
  expect(propertiesOf({ type: "object" })).toEqual([])
  expect(propertiesOf({ $ref: "#/$defs/x" })).toBeNull()
  expect(propertiesOf({ type: ["object", "null"], properties: {} })).toBeNull()
  expect(propertiesOf({ type: "object", properties: [] })).toBeNull()
  expect(propertiesOf(true)).toBeNull()
})

it("has a control for one type at a time", () => {
  expect(schemaTypes.map((type) => typeOf({ type }))).toEqual([...schemaTypes])
  expect(typeOf({ type: ["string", "null"] })).toBeNull()
  expect(typeOf({ anyOf: [] })).toBeNull()
  expect(typeOf(true)).toBeNull()
})

it("leaves behind what was said of another type, and keeps what is said of any", () => {
  const text = { type: "string", description: "d", minLength: 3, enum: ["a"], default: "a" }
  expect(withType(text, "integer")).toEqual({ type: "integer", description: "d" })
  expect(withType(text, "string")).toBe(text)
  expect(withType({ anyOf: [] }, "array")).toEqual({ type: "array", items: { type: "string" } })
})

it("reads choices of the type, one a line", () => {
  expect(readChoices("a\n b,c \n\na", "string")).toEqual(["a", "b,c"])
  expect(readChoices("1\n2.5", "number")).toEqual([1, 2.5])
  expect(readChoices("1\n2.5", "integer")).toBeNull()
  expect(readChoices("one", "number")).toBeNull()
  expect(choicesOf({ type: "string", enum: ["a", 1] })).toBeNull()
  expect(choicesOf({ type: "string" })).toEqual([])
})

it("says what is wrong with a name", () => {
  expect(nameFault("city", ["street"])).toBeUndefined()
  expect(nameFault(" ", [])).toBe("Enter a name")
  expect(nameFault("a", ["a"])).toBe("Another field has this name")
  expect(nameFault("__proto__", [])).toBe("This name is reserved")
})
