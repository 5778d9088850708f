import { describe, expect, it } from "vitest"
import { date, failing, fill, list, number, object, orNull, string } from "#test/kit/llm/fill"
import * as texts from "#test/kit/llm/texts"
import type { JsonObject } from "#core/json"

describe("a support mail", () => {
  const triage = object(
    {
      category: { enum: ["billing", "technical", "shipping", "account", "other"] },
      urgency: { enum: ["low", "normal", "high"] },
      sentiment: { enum: ["positive", "neutral", "negative"] },
      summary: { type: "string", maxLength: 120 },
      customer_name: orNull,
      customer_email: { type: "string", format: "email" },
      invoice_number: orNull,
      refund_requested: { type: "boolean" },
      questions: list(string),
      language: string,
      confidence: { type: "number", minimum: 0, maximum: 1 },
    },
    [
      "category",
      "urgency",
      "sentiment",
      "summary",
      "customer_name",
      "invoice_number",
      "refund_requested",
      "questions",
      "language",
    ],
  )

  it("is triaged", () => {
    expect(fill(texts.chargedTwice, triage)).toEqual({
      category: "billing",
      urgency: "high",
      sentiment: "negative",
      summary: expect.stringMatching(/^I was charged twice.{20,100}$/) as string,
      customer_name: "Anna Weber",
      customer_email: "anna.weber@example.com",
      invoice_number: "INV-2026-0311",
      refund_requested: true,
      questions: ["Could you refund the second payment?", "And when will I see the money on my account?"],
      language: "en",
      confidence: expect.any(Number) as number,
    })
    expect(fill(texts.appCrashes, triage)).toMatchObject({
      category: "technical",
      urgency: "low",
      sentiment: "negative",
      customer_name: "Tom",
      invoice_number: null,
      refund_requested: false,
      questions: [],
    })
    expect(fill(texts.parcelMissing, triage)).toMatchObject({
      category: "shipping",
      urgency: "normal",
      customer_name: "Katharina Vogel",
      language: "de",
    })
    expect(fill(texts.lockedOut, triage)).toMatchObject({
      category: "account",
      customer_name: "Camille Laurent",
      language: "fr",
    })
  })

  it("keeps the order of the schema and only its fields", () => {
    expect(Object.keys(fill(texts.chargedTwice, triage) as JsonObject)).toEqual(
      Object.keys(triage["properties"] as JsonObject),
    )
  })

  it("hears what the schema and the prompt say about the labels", () => {
    const described = object({
      team: {
        type: "string",
        enum: ["a", "b"],
        description: "a: plumbing and pipes; b: electricity and lamps",
      },
    })
    expect(fill("The lamp in the hall is dark.", described)).toEqual({ team: "b" })
    const union = object({
      team: {
        oneOf: [
          { const: "a", description: "electricity, lamps" },
          { const: "b", description: "plumbing" },
        ],
      },
    })
    expect(fill("The lamp in the hall is dark.", union)).toEqual({ team: "a" })
    const plain = object({ team: { type: "string", enum: ["a", "b"] } })
    expect(
      fill("The lamp in the hall is dark.", plain, "Classify:\n- a: plumbing\n- b: lamps, electricity"),
    ).toEqual({ team: "b" })
  })
})

describe("fields", () => {
  it("are found by label whatever their name", () => {
    const text = "Serial: X-99\nColour: dark blue\nNumber of rooms: 4\nIn stock: yes\nWeight: 12.5 kg"
    expect(
      fill(
        text,
        object({ colour: string, rooms: { type: "integer" }, in_stock: { type: "boolean" }, weight: number }),
      ),
    ).toEqual({ colour: "dark blue", rooms: 4, in_stock: true, weight: 12.5 })
  })

  it("are found by format and by pattern", () => {
    const text =
      "Write to a@b.example about https://example.com/x by 2026-03-04. Code: ZX-4417, id 123e4567-e89b-42d3-a456-426614174000, host 10.0.0.7."
    expect(
      fill(
        text,
        object({
          p: { type: "string", format: "email" },
          q: { type: "string", format: "uri" },
          r: date,
          s: { type: "string", format: "uuid" },
          t: { type: "string", format: "ipv4" },
          u: { type: "string", pattern: "^[A-Z]{2}-\\d{4}$" },
          v: { type: "string", format: "date-time" },
        }),
      ),
    ).toEqual({
      p: "a@b.example",
      q: "https://example.com/x",
      r: "2026-03-04",
      s: "123e4567-e89b-42d3-a456-426614174000",
      t: "10.0.0.7",
      u: "ZX-4417",
      v: "2026-03-04T00:00:00Z",
    })
  })

  it("in camel case, with titles or with descriptions mean the same", () => {
    expect(fill(texts.chargedTwice, object({ invoiceNumber: string, customerEmail: string }))).toEqual({
      invoiceNumber: "INV-2026-0311",
      customerEmail: "anna.weber@example.com",
    })
    expect(
      fill(
        texts.chargedTwice,
        object({ x: { type: "string", description: "The e-mail address of the sender" } }),
      ),
    ).toEqual({ x: "anna.weber@example.com" })
  })

  it("nest, refer, join and choose", () => {
    const nested = {
      ...object({
        customer: { $ref: "#/$defs/person" },
        invoice: {
          allOf: [
            object({ number: string }, []),
            { properties: { invoice_number: string }, required: ["invoice_number"] },
          ],
        },
      }),
      $defs: { person: object({ name: string, email: string }) },
    }
    const open = JSON.parse(
      JSON.stringify(nested).replaceAll(',"additionalProperties":false', ""),
    ) as JsonObject
    expect(fill(texts.chargedTwice, open)).toMatchObject({
      customer: { name: "Anna Weber", email: "anna.weber@example.com" },
      invoice: { invoice_number: "INV-2026-0311" },
    })
    expect(
      fill(
        texts.chargedTwice,
        object({ phone: { anyOf: [{ type: "string", format: "email" }, { type: "null" }] } }),
      ),
    ).toEqual({ phone: "anna.weber@example.com" })
    expect(fill("Nothing.", object({ total: { anyOf: [number, { type: "null" }] } }))).toEqual({
      total: null,
    })
  })

  it("are lists of objects from list items", () => {
    const text =
      "Guests:\n- Anna Weber, anna@example.com, arrives 2026-03-04\n- Peter van Dam, peter@example.com, arrives 2026-03-05\n- nobody yet"
    expect(
      fill(
        text,
        object({ guests: list(object({ name: string, email: { type: "string", format: "email" }, date })) }),
      ),
    ).toEqual({
      guests: [
        { name: "Anna Weber", email: "anna@example.com", date: "2026-03-04" },
        { name: "Peter van Dam", email: "peter@example.com", date: "2026-03-05" },
      ],
    })
  })

  it("are lists of keywords, requests, dates, several labels, and items under their heading", () => {
    expect(
      fill(texts.tramArticle, object({ keywords: { ...list(string), maxItems: 3 }, amounts: list(number) })),
    ).toMatchObject({ keywords: ["tram line", "city council", "million euros"] })
    expect(
      fill(
        "We met. Please send the report by Monday. You must sign it.",
        object({ action_items: list(string) }),
      ),
    ).toEqual({ action_items: ["Please send the report by Monday.", "You must sign it."] })
    expect(
      fill(
        "I was charged twice and the app crashes with an error.",
        object({ categories: list({ enum: ["billing", "technical", "shipping"] }) }),
      ),
    ).toEqual({ categories: expect.arrayContaining(["billing", "technical"]) as unknown })
    expect(
      fill("Intro\n\nIngredients:\n- flour\n- milk\n\nSteps:\n- stir", object({ ingredients: list(string) })),
    ).toEqual({ ingredients: ["flour", "milk"] })
    expect(
      fill(
        "Tags: red, green | blue",
        object({ colours: list(string), tags: { ...list(string), maxItems: 2 } }),
      ),
    ).toMatchObject({ colours: [] })
  })

  it("of two texts are what they share and where they differ", () => {
    const schema = object({
      shared: list(string),
      only_in_a: list(string),
      only_in_b: list(string),
      changed: list(string),
      similarity: number,
    })
    expect(
      fill(`Text A: ${texts.contractOld}\n\nText B: ${texts.contractNew}`, schema, "Compare the texts."),
    ).toEqual({
      shared: ["The monthly fee is 400 euros.", "Support is included on working days."],
      only_in_a: ["Either side may cancel with three months' notice."],
      only_in_b: ["The customer may audit the supplier once a year."],
      changed: ["The contract runs for two years. → The contract runs for three years."],
      similarity: 0.63,
    })
  })

  it("named answer or result hold the answer to the prompt", () => {
    expect(fill(texts.parcelMissing, object({ result: string }), "Which language is this?")).toEqual({
      result: "de",
    })
    expect(fill(texts.chargedTwice, object({ reply: string }), "Draft a reply.")).toMatchObject({
      reply: expect.stringContaining("Hello Anna Weber") as string,
    })
    expect(fill(texts.chargedTwice, { type: "string" }, "Classify into billing or other.")).toBe(
      fill(texts.chargedTwice, { type: "string" }, "Classify into billing or other."),
    )
  })

  it("that the text does not have are left out, null, empty or the default", () => {
    expect(
      fill("Nothing to see here.", {
        type: "object",
        properties: {
          iban: string,
          total: number,
          order_number: orNull,
          vat_id: { type: "string", default: "none" },
          dates: list(date),
        },
        required: ["order_number", "vat_id", "dates"],
      }),
    ).toEqual({ order_number: null, vat_id: "none", dates: [] })
  })

  it("that must be there and are not fail the answer by their name", () => {
    expect(failing("Nothing to see here.", object({ total: number }))).toMatch(
      /^model\.bad_output: “total”: the text holds no value that fits/,
    )
    expect(
      failing("Nothing.", object({ customer: object({ email: { type: "string", format: "email" } }) })),
    ).toContain("“customer.email”")
    expect(failing("Nothing.", object({ items: { ...list({ type: "integer" }), minItems: 2 } }))).toMatch(
      /^model\.bad_output: “items”/,
    )
    expect(failing("Total: 900", object({ total: { type: "number", maximum: 500 } }))).toContain("“total”")
  })

  it("are never guessed: an integer is not rounded, a rate is not a total", () => {
    expect(failing("Total: 12.50", object({ total: { type: "integer" } }))).toContain("“total”")
    expect(
      fill(
        "VAT 19 %: 19.00\nTotal: 119.00",
        object({ tax_rate: number, tax: number, total: number, total_cents: { type: "integer" } }),
      ),
    ).toEqual({ tax_rate: 19, tax: 19, total: 119, total_cents: 11900 })
  })
})
