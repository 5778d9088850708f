import { describe, expect, it } from "vitest"
import { requestWords } from "#core/llm/builtin/flow-changes"
import { clause } from "#core/llm/builtin/flow-clauses"
import type { Scene } from "#core/llm/builtin/flow-scene"
import { runBuiltin } from "#core/llm/builtin/builtin"
import type { ModelCall } from "#core/llm/call"
import { ModelFailure } from "#core/llm/failure"
import { evilTexts, mostMs, quickest } from "#test/kit/evil-texts"

const said = (content: string, more: Partial<ModelCall> = {}): ModelCall => ({
  model: "builtin",
  messages: [{ role: "user", content }],
  ...more,
})
const schema = (properties: Record<string, unknown>) => ({ type: "object", properties }) as never
const word = { type: "string" }

/** Every way in which the builtin model is asked something about a text, or by it. */
const askings: [string, (text: string) => ModelCall][] = [
  ["a text alone", (text) => said(text)],
  ["a text to summarise", (text) => said(`Summarise this in 3 sentences:\n${text}`)],
  ["a text at the side of its instruction", (text) => said(`Give me 5 keywords for: ${text}`)],
  ["entities", (text) => said(`Extract all entities from the following text:\n${text}`)],
  ["fields", (text) => said(`Extract these fields: vendor, invoice number, due date, total.\n\n${text}`)],
  ["labels in an instruction", (text) => said(`Classify this as billing, ${text} or other:\nIt is broken.`)],
  ["a text to classify", (text) => said(`Classify the text into billing, bug or other.\n"""${text}"""`)],
  ["a language", (text) => said(`Which language is this?\n${text}`)],
  ["a mail to answer", (text) => said(`Draft a reply to this mail:\nDear Ana,\n${text}\nRegards,\nBen`)],
  ["two texts", (text) => said(`Compare these.\nText A: ${text}\nText B: ${text}`)],
  [
    "a rule of the system",
    (text) => ({
      ...said("Hello"),
      messages: [
        { role: "system", content: text },
        { role: "user", content: `Hello. ${text.slice(0, 2_000)}` },
      ],
    }),
  ],
  [
    "an invoice",
    (text) =>
      said(text, {
        output_schema: schema({
          invoice_number: word,
          total: { type: "number" },
          vendor: word,
          customer: word,
          due_date: { type: "string", format: "date" },
          items: {
            type: "array",
            items: {
              type: "object",
              properties: { description: word, quantity: { type: "number" }, amount: { type: "number" } },
            },
          },
        }),
      }),
  ],
  [
    "a ticket",
    (text) =>
      said(`Triage:\n${text}`, {
        output_schema: schema({
          category: { type: "string", enum: ["bug", "billing"] },
          email: { type: "string", format: "email" },
          names: { type: "array", items: word },
          urgent: { type: "boolean" },
          summary: word,
          questions: { type: "array", items: word },
        }),
      }),
  ],
  [
    "what a tool answered",
    (text) => ({
      ...said("Summarise what was found"),
      messages: [
        { role: "user", content: "Summarise what was found" },
        { role: "assistant", content: "", tool_calls: [{ id: "1", name: "search", arguments: {} }] },
        { role: "tool", tool_call_id: "1", name: "search", content: text },
      ],
    }),
  ],
  [
    "a task for tools",
    (text) =>
      said(`Search the web for ${text}`, {
        tools: [
          { name: "web_search", description: "Searches the web", input_schema: schema({ query: word }) },
          { name: "calculate", description: "Calculates a sum", input_schema: schema({ expression: word }) },
        ],
      }),
  ],
]
const texts = evilTexts(50_000)
/** `npm run security` asks each question of all of them; here each has its quarter. */
const share = process.env["SECURITY"] === "long" ? 1 : 4

describe("[A6] the builtin model", () => {
  it.each(askings.map(([name, call], i) => [name, call, i] as const))(
    "answers in no time what is made to take long: %s",
    async (_, call, i) => {
      for (const { name, text } of texts.filter((_, j) => (i + j) % share === 0)) {
        const ms = await quickest(() => {
          try {
            runBuiltin(call(text))
          } catch (error) {
            if (!(error instanceof ModelFailure)) throw error
          }
        })
        expect([name, ms > mostMs ? ms : 0]).toEqual([name, 0])
      }
    },
    600_000,
  )

  it("reads a request to change a flow in no time, in every wording", async () => {
    const openings = [
      "add ",
      "rename ",
      "call ",
      "disconnect ",
      "connect ",
      "when ",
      "move ",
      "remove ",
      "replace ",
      "group ",
      "retry ",
      "limit ",
      "set ",
      "make ",
      "use ",
      "if ",
      "between ",
      "describe the flow as ",
    ]
    const named = { agents: [], crews: [], tools: [], flows: [] }
    const scene = (): Scene => ({
      nodes: [],
      edges: [],
      selected: [],
      kinds: [],
      every: {},
      named,
      operations: [],
      problems: [],
      last: undefined,
    })
    for (const opening of openings)
      for (const { name, text } of evilTexts(8_000)) {
        const ms = await quickest(() =>
          clause(scene(), requestWords(`${opening}${text} to the "  a  " of in on and fails`)),
        )
        expect([opening, name, ms > mostMs ? ms : 0]).toEqual([opening, name, 0])
      }
  }, 600_000)
})
