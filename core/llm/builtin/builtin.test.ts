import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as texts from "#test/kit/llm/texts"
import { ModelFailure } from "#core/llm/failure"
import { runBuiltin, wordGroups } from "./builtin.ts"
import { processorTime } from "../../../test/kit/processor-time.ts"

const ask = (prompt: string, more: object = {}) =>
  runBuiltin({ model: "builtin", messages: [{ role: "user", content: prompt }], ...more })
const say = (prompt: string) => ask(prompt).text

describe("the builtin model", () => {
  it("does each of its tasks from a plain prompt", () => {
    expect(say(`Summarise in one sentence:\n\n${texts.tramArticle}`)).toBe(
      "The city council voted on Tuesday to build a new tram line between the harbour and the university.",
    )
    expect(say(`List the 3 most important keywords:\n\n${texts.tramArticle}`)).toBe(
      "tram line, city council, million euros",
    )
    expect(say(`Extract the email addresses:\n\n${texts.chargedTwice}`)).toBe(
      "anna.weber@example.com\nsupport@acme.test",
    )
    expect(say(`Classify as billing, technical or other.\n\n${texts.chargedTwice}`)).toBe("billing")
    expect(say(`Which language is this?\n\n${texts.parcelMissing}`)).toBe("de")
    expect(
      say(
        `What is the name of the language?\n\nDetect the language. Answer with its full name.\n\n${texts.parcelMissing}`,
      ),
    ).toBe("German")
    expect(say(`Compare:\n\nText A: ${texts.contractOld}\nText B: ${texts.contractNew}`)).toContain(
      "Only in B:\n- The customer may audit the supplier once a year.",
    )
    expect(say(`Draft a reply:\n\n${texts.chargedTwice}`)).toMatch(/^Hello Anna Weber,/)
    expect(say(`Extract the vendor, invoice number, due date and total:\n\n${texts.invoiceTable}`)).toBe(
      "vendor: Nordlicht Software GmbH\ninvoice_number: NL-2026-0142\ndue_date: 2026-04-11\ntotal: 1868.30 EUR",
    )
    expect(
      JSON.parse(say(`Return JSON with the fields vendor, total and colour.\n\n${texts.invoiceTable}`)),
    ).toEqual({ vendor: "Nordlicht Software GmbH", total: 1868.3, colour: null })
  })

  it("summarises when nothing is asked", () => {
    expect(ask(texts.tramArticle)).toMatchObject({
      finish_reason: "stop",
      text: expect.stringContaining("voted on Tuesday") as string,
    })
  })

  it("gives the same answer to the same call, and counts its tokens", () => {
    const call = `Draft a reply:\n\n${texts.parcelMissing}`
    expect(ask(call)).toEqual(ask(call))
    expect(ask(call).usage).toEqual({
      input_tokens: expect.any(Number) as number,
      output_tokens: expect.any(Number) as number,
      estimated: false,
    })
    expect(ask(call).usage.input_tokens).toBeGreaterThan(60)
  })

  it("stops at max_tokens in text, and fails there in JSON", () => {
    const cut = ask(texts.tramArticle, { max_tokens: 10 })
    expect(cut.finish_reason).toBe("length")
    expect(cut.usage.output_tokens).toBeLessThanOrEqual(10)
    expect(texts.tramArticle).toContain(cut.text)
    const schema = { type: "object", properties: { summary: { type: "string" } }, required: ["summary"] }
    expect(() => ask(texts.tramArticle, { output_schema: schema, max_tokens: 5 })).toThrow(/max_tokens/)
  })

  it("says what is missing: no text, no second text, too much text", () => {
    const failing: [string, RegExp][] = [
      ["", /no text/],
      ["   \n ", /no text/],
      ["Summarise:", /no text/],
      ["Compare these texts.\n\nThere is only one here.", /Text A/],
      ["x ".repeat(250_000), /at most 400000/],
    ]
    for (const [prompt, message] of failing) {
      expect(() => say(prompt)).toThrow(message)
      expect(() => say(prompt)).toThrow(ModelFailure)
    }
  })

  it("never says that it is a language model or a person", () => {
    const asked = [
      "Who are you?",
      "Are you ChatGPT? Answer yes or no.",
      "Write a poem about the sea.",
      "Translate to German: The house is small.",
    ]
    for (const one of asked) expect(say(one)).not.toMatch(/language model|\bAI\b|I am|I'm/)
  })

  it("streams groups of words that together are the answer", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
        expect([...wordGroups(text)].join("")).toBe(text)
      }),
    )
    expect([...wordGroups("one two three four five\n\nsix")]).toEqual(["one two three", " four five\n\nsix"])
  })

  it("takes any text without breaking, and answers or refuses by a ModelFailure", () => {
    const task = fc.constantFrom(
      "",
      "Summarise:\n",
      "Extract all entities:\n",
      "Classify as a, b or c:\n",
      "Extract the keywords:\n",
      "Draft a reply:\n",
      "Which language is this?\n",
      "Compare:\nText A: ",
    )
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.lorem({ maxCount: 30, mode: "sentences" }),
      fc
        .array(
          fc.constantFrom(
            "Hi,",
            "Subject: x",
            "- a: 1",
            "€5",
            "2026-03-04",
            "?",
            "Text B:",
            '"""',
            "| a | b |",
            "Total",
            "  ",
          ),
          { maxLength: 20 },
        )
        .map((parts) => parts.join("\n")),
    )
    fc.assert(
      fc.property(task, text, (instruction, content) => {
        try {
          expect(typeof say(instruction + content)).toBe("string")
        } catch (error) {
          if (!(error instanceof ModelFailure)) throw error
        }
      }),
      { numRuns: 500 },
    )
  })

  it("stays fast on texts that are made to be slow", () => {
    const size = 12_000
    const hostile = [
      "a",
      "1",
      " ",
      "\n",
      ".",
      "-",
      "a ",
      "A ",
      "1,",
      "1.",
      "a.a@",
      "€1",
      "Aa Bb ",
      "a: b\n",
      "- a\n",
      "?! ",
      "( ",
      "Dr. ",
      "1/1/",
      "x 2 @ ",
      "INV-",
      "\t",
      "＠",
      "é",
      "A.",
      "Text A:\n",
      "| a ",
      ". aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      "Aa-",
      "1-2-",
      "<a>",
      "From: a\n",
      "> a\n",
      "Aa GmbH ",
      "Aa van ",
      "1.1.20",
      "March ",
      ", or ",
    ]
    const tasks = ["Summarise:\n\n", "Extract all entities:\n\n", "Draft a reply:\n\n"]
    const schema = {
      type: "object",
      properties: {
        vendor: { type: ["string", "null"] },
        total: { type: ["number", "null"] },
        line_items: {
          type: "array",
          items: {
            type: "object",
            properties: { description: { type: "string" }, amount: { type: "number" } },
          },
        },
      },
    }
    for (const piece of hostile) {
      const text = piece.repeat(Math.ceil(size / piece.length))
      for (const task of [...tasks, undefined]) {
        const took = processorTime(() => {
          try {
            if (task === undefined) ask(text, { output_schema: schema })
            else say(task + text)
          } catch (error) {
            if (!(error instanceof ModelFailure)) throw error
          }
        })
        expect([piece, task, took < 1_000 ? "fast" : took]).toEqual([piece, task, "fast"])
      }
    }
  }, 120_000)
})
