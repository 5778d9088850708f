import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { date, failing, fill, number, object, orNull, string } from "#test/kit/llm/fill"
import * as texts from "#test/kit/llm/texts"
import { schemaFaults } from "#core/json-schema"
import type { JsonObject } from "#core/json"
import { ModelFailure } from "#core/llm/failure"
import { processorTime } from "../../../test/kit/processor-time.ts"

describe("any schema", () => {
  it("that is none, refers to itself for ever or asks for too much is refused as a bad request or bad output", () => {
    expect(failing("x", { type: "objekt" })).toMatch(/^model\.bad_request: The output schema is not valid/)
    const tree = {
      $ref: "#/$defs/node",
      $defs: {
        node: object(
          {
            a: { $ref: "#/$defs/node" },
            b: { $ref: "#/$defs/node" },
            c: { $ref: "#/$defs/node" },
            d: { $ref: "#/$defs/node" },
          },
          [],
        ),
      },
    }
    const fill = () => expect(failing("x", tree)).toMatch(/^model\.bad_request: .*more than/)
    expect(processorTime(fill)).toBeLessThan(3_000)
    expect(failing("x", { $ref: "#" })).toMatch(/^model\.|^filled/)
  })

  const leaf: fc.Arbitrary<JsonObject> = fc.oneof(
    fc.constantFrom<JsonObject>(
      string,
      number,
      { type: "integer" },
      { type: "boolean" },
      { type: "null" },
      orNull,
      date,
      { type: "string", format: "email" },
      { type: "string", minLength: 3, maxLength: 12 },
      { type: "number", minimum: 0, maximum: 50 },
      { type: "string", pattern: "^[a-z]+$" },
    ),
    fc
      .array(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 })
      .map((values): JsonObject => ({ enum: values })),
  )
  const name = fc.constantFrom(
    "total",
    "name",
    "email",
    "summary",
    "keywords",
    "is_urgent",
    "due_date",
    "category",
    "items",
    "x",
    "language",
    "constructor",
    "amount",
  )
  const schema: fc.Arbitrary<JsonObject> = fc.letrec<{ any: JsonObject }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.record({ type: fc.constant("array"), items: tie("any"), maxItems: fc.integer({ min: 0, max: 3 }) }),
      fc
        .tuple(fc.dictionary(name, tie("any"), { maxKeys: 5 }), fc.boolean())
        .map(([properties, all]): JsonObject => ({
          type: "object",
          properties,
          required: all ? Object.keys(properties) : [],
        })),
      fc.array(tie("any"), { minLength: 1, maxLength: 3 }).map((anyOf): JsonObject => ({ anyOf })),
    ),
  })).any

  it("is either filled so that it fits, or fails as model.bad_output", () => {
    const text = fc.constantFrom(
      texts.chargedTwice,
      texts.invoiceTable,
      texts.rechnung,
      texts.tramArticle,
      "Short.",
      "a b c\n- 1\n- 2: x",
    )
    fc.assert(
      fc.property(schema, text, (one, content) => {
        try {
          const value = fill(content, one)
          expect(value === undefined ? ["nothing"] : schemaFaults(one, value)).toEqual([])
        } catch (error) {
          if (!(error instanceof ModelFailure)) throw error
          expect(error.code).toBe("model.bad_output")
        }
      }),
      { numRuns: 400 },
    )
  })
})
