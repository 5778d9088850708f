import { describe, expect, it } from "vitest"
import type { ModelCall, ModelMessage, ToolSpec } from "#core/llm/call"
import { builtinTools } from "#core/tool/builtin/all"
import { runBuiltin } from "./builtin.ts"
import { arithmeticIn } from "./tool-arguments.ts"

const specs: ToolSpec[] = builtinTools.map(({ definition: { name, description, input_schema } }) => ({
  name,
  description,
  input_schema,
}))
const member = (position: string, description: string): ToolSpec => ({
  name: `delegate_to_${position}`,
  description,
  input_schema: {
    type: "object",
    properties: { task: { type: "string" }, context: { type: "string" } },
    required: ["task"],
    additionalProperties: false,
  },
})
const team = [
  member("researcher", "Collects facts and sources about a topic."),
  member("writer", "Writes clear articles from facts."),
  member("critic", "Reviews drafts, finds mistakes."),
]

const ask = (content: string, tools: ToolSpec[], more: Partial<ModelCall> = {}, since: ModelMessage[] = []) =>
  runBuiltin({ model: "builtin", messages: [{ role: "user", content }, ...since], tools, ...more })
const wanted = (content: string, more: Partial<ModelCall> = {}) =>
  (ask(content, specs, more).tool_calls ?? []).map(({ name, arguments: args }) => [name, args])
/** The messages that an agent adds after a turn: what was called, and what came of it. */
const after = (answer: ReturnType<typeof ask>, results: string[]): ModelMessage[] => [
  { role: "assistant", content: answer.text, tool_calls: answer.tool_calls ?? [] },
  ...(answer.tool_calls ?? []).map(({ id, name }, i): ModelMessage => ({
    role: "tool",
    tool_call_id: id,
    name,
    content: results[i] ?? "",
  })),
]

describe("the builtin model with tools", () => {
  it("calls the tool whose description is what the task asks for, with arguments from the task", () => {
    expect(wanted("How much is (12.5 * 8) / 4 + 3?")).toEqual([
      ["math", { expression: "(12.5 * 8) / 4 + 3" }],
    ])
    expect(wanted("What date is it today in Europe/Berlin?")).toEqual([
      ["time", { time_zone: "Europe/Berlin" }],
    ])
    expect(wanted("Read https://example.com/news and summarise it in two sentences.")).toEqual([
      ["web_page", { url: "https://example.com/news" }],
    ])
    expect(wanted("Remember that the customer pays in Swiss francs.")).toEqual([
      ["remember", { text: "the customer pays in Swiss francs" }],
    ])
  })

  it("leaves tools alone when nothing asks for them, or when it may not call them", () => {
    const mail =
      "Summarise in one sentence: The parcel came on 2026-03-02. It was wet. The customer wants another one."
    expect(wanted(mail)).toEqual([])
    expect(ask(mail, specs).finish_reason).toBe("stop")
    expect(wanted("How much is 3 * 4? The shop wants to know.", { tool_choice: "none" })).toEqual([])
  })

  it("calls one all the same when it must", () => {
    const call = ask("Tell me of the harbour.", specs, { tool_choice: "required" })
    expect(call.tool_calls).toHaveLength(1)
    expect(call.finish_reason).toBe("tool_calls")
  })

  it("says in words what was done or found, also where a tool answers with a bare true or with nothing", () => {
    const saidAfter = (task: string, answer: string) => {
      const first = ask(task, specs)
      return ask(task, specs, {}, after(first, [answer])).text
    }
    const note = "Remember that the customer pays in Swiss francs."
    expect(saidAfter(note, '{"remembered":true}')).toBe(
      "I have made a note of it: the customer pays in Swiss francs",
    )
    expect(saidAfter(note, "true")).toBe("It is done.")
    expect(saidAfter(note, '{"note_kept":false}')).toBe("It was not done: note kept.")
    const question = "Recall what you know of the customer."
    expect(wanted(question)[0]?.[0]).toBe("recall")
    expect(saidAfter(question, '{"memories":[]}')).toBe("I remember nothing of that.")
    const known = [{ text: "The customer pays in Swiss francs.", remembered_at: "2026-01-01T00:00:00Z" }]
    expect(saidAfter(question, JSON.stringify({ memories: known }))).toBe(
      "The customer pays in Swiss francs.",
    )
  })

  it("answers from what the tool said, and does not call it again", () => {
    const task = "How much is 6 * 7?"
    const first = ask(task, specs)
    const then = ask(task, specs, {}, after(first, ['{"result":42}']))
    expect(then).toMatchObject({ text: "42", finish_reason: "stop" })
    expect(then.tool_calls).toBeUndefined()
  })

  it("does to the tool's text what the task asks", () => {
    const task = "Read https://example.com/a and list the e-mail addresses in it."
    const first = ask(task, specs)
    const page = '{"title":"Team","text":"Write to ana@example.com or, for bills, to pay@example.com."}'
    expect(ask(task, specs, {}, after(first, [page])).text).toMatch(/ana@example\.com[\s\S]*pay@example\.com/)
  })

  it("fills a schema from what tools said", () => {
    const task = "How much is 6 * 7?"
    const output_schema = { type: "object", properties: { result: { type: "number" } }, required: ["result"] }
    const first = ask(task, specs, { output_schema })
    expect(first.tool_calls).toHaveLength(1)
    expect(ask(task, specs, { output_schema }, after(first, ['{"result":42}'])).object).toEqual({
      result: 42,
    })
  })

  it("delegates one task after the other to the member that fits, hands on what came before, then composes", () => {
    const plan = "1. Collect the facts about the tram.\n2. Write an article from them.\n3. Review the draft."
    const system: ModelMessage = { role: "system", content: "You manage a crew." }
    const results = ["It costs 240 million.", "The tram costs 240 million.", "No mistakes."]
    const since: ModelMessage[] = []
    const turn = () =>
      runBuiltin({
        model: "builtin",
        messages: [system, { role: "user", content: plan }, ...since],
        tools: team,
      })
    const seen = results.map((result) => {
      const answer = turn()
      since.push(...after(answer, [result]))
      return answer.tool_calls?.map(({ name, arguments: args }) => [name, args])
    })
    expect(seen).toEqual([
      [["delegate_to_researcher", { task: "Collect the facts about the tram." }]],
      [["delegate_to_writer", { task: "Write an article from them.", context: "It costs 240 million." }]],
      [
        [
          "delegate_to_critic",
          { task: "Review the draft.", context: "It costs 240 million.\n\nThe tram costs 240 million." },
        ],
      ],
    ])
    expect(turn()).toMatchObject({ text: results.join("\n\n"), finish_reason: "stop" })
  })

  it("gives each part of one task to another member, and to whom a task names", () => {
    const crew = [
      member("researcher", "Hands work to your colleague researcher: who finds out what is known."),
      member("writer", "Hands work to your colleague writer: who writes so that people understand."),
      member("critic", "Hands work to your colleague critic: who looks for what does not hold."),
    ]
    const task =
      'Summarise this text: have the facts found, a text written, and what was written checked.\n\n"""\nThe harbour froze.\n"""'
    const since: ModelMessage[] = []
    const seen = ["Facts.", "A text.", "A better text."].flatMap((result) => {
      const answer = ask(task, crew, {}, since)
      since.push(...after(answer, [result]))
      return answer.tool_calls?.map(({ name }) => name)
    })
    expect(seen).toEqual(["delegate_to_researcher", "delegate_to_writer", "delegate_to_critic"])
    expect(ask(task, crew, {}, since).text).toBe("A better text.")
    const named = ask("Write it up.\n\nYour colleague critic is to do this.", crew)
    expect(named.tool_calls).toMatchObject([{ name: "delegate_to_critic" }])
  })

  it("names each call by an id of its own", () => {
    const since = after(ask("How much is 6 * 7?", specs), ["42"])
    const [call] = ask("How much is 6 * 7? And what date is it today?", specs, {}, since).tool_calls ?? []
    expect(call).toMatchObject({ id: "call_2", name: "time" })
  })

  it("says plainly what it is", () => {
    expect(ask("What are you?", []).text).toContain("no language model")
  })
})

describe("a calculation in a text", () => {
  it("is found in signs and in words, and dates are none", () => {
    expect(arithmeticIn("What is 15 % of 240?")).toBe("240 * 15 / 100")
    expect(arithmeticIn("1,200 divided by 4")).toBe("1200 / 4")
    expect(arithmeticIn("2 ^ 10")).toBe("$power(2, 10)")
    expect(arithmeticIn("It came on 2026-03-02 or 3/4/2026.")).toBeUndefined()
    expect(arithmeticIn("(1 + 2")).toBeUndefined()
  })
})
