import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { ModelCall, ModelMessage, ToolSpec } from "#core/llm/call"
import { ModelEvent } from "#core/llm/event"
import type { ModelFailure } from "#core/llm/failure"
import { startOpenAiServer, type OpenAiServer } from "#test/kit/llm/openai-server"
import { asking, codeOf, targetOf, tell, wayTo } from "./kit.ts"

let server: OpenAiServer
beforeAll(async () => {
  server = await startOpenAiServer()
})
afterAll(() => server.close())
beforeEach(() => void (server.requests.length = 0))

const search: ToolSpec = {
  name: "search",
  description: "Searches the catalogue.",
  input_schema: { type: "object", properties: { q: { type: "string" } }, required: ["q"] },
}
const ask = (model: string, more: Partial<ModelCall> = {}, again?: (failure: ModelFailure) => void) =>
  tell(targetOf(server, model), asking("Find red shoes", { tools: [search], ...more }), {
    egress: wayTo(server),
    again,
  })
const sent = () => server.requests.at(-1)?.body as { messages: unknown[]; [name: string]: unknown }

describe("tool calls", () => {
  it("come with the end of the answer, beside its words, their arguments parsed", async () => {
    const { finished, text, events } = await ask("tool-call")
    expect(text).toBe("Let me look.")
    expect(finished).toMatchObject({
      text: "Let me look.",
      finish_reason: "tool_calls",
      tool_calls: [{ id: expect.any(String) as string, name: "search", arguments: { q: "sample" } }],
    })
    for (const event of events) expect(ModelEvent.parse(event)).toEqual(event)
    expect(sent()["tools"]).toEqual([
      {
        type: "function",
        function: { name: "search", description: search.description, parameters: search.input_schema },
      },
    ])
  })

  it("are offered with the choice that the caller makes, and not at all where there are none", async () => {
    await ask("tool-call", { tool_choice: "required" })
    expect(sent()["tool_choice"]).toBe("required")
    await ask("gpt-test", { tools: [], tool_choice: "required" })
    expect(sent()).not.toHaveProperty("tools")
    expect(sent()).not.toHaveProperty("tool_choice")
  })

  it("have an id each, and no arguments are an empty object", async () => {
    const { finished } = await ask("tool-calls")
    const ids = finished?.tool_calls?.map((one) => one.id) ?? []
    expect(new Set(ids).size).toBe(2)
    expect((await ask("tool-no-arguments")).finished?.tool_calls).toMatchObject([{ arguments: {} }])
  })

  it("go back with what the tools answered", async () => {
    const { finished } = await ask("tool-call")
    const call = finished!.tool_calls!.at(0)!
    const messages: ModelMessage[] = [
      { role: "user", content: "Find red shoes" },
      { role: "assistant", content: finished!.text, tool_calls: finished!.tool_calls },
      { role: "tool", tool_call_id: call.id, name: call.name, content: "42 pairs" },
    ]
    const { finished: then, failure } = await ask("tool-call", { messages })
    expect(failure).toBeUndefined()
    expect(then).toMatchObject({ finish_reason: "stop", text: expect.stringContaining("fox") as string })
    expect(then).not.toHaveProperty("tool_calls")
    expect(sent().messages.slice(1)).toEqual([
      {
        role: "assistant",
        content: "Let me look.",
        tool_calls: [
          { id: call.id, type: "function", function: { name: "search", arguments: '{"q":"sample"}' } },
        ],
      },
      { role: "tool", tool_call_id: call.id, content: "42 pairs" },
    ])
  })

  it("of a stream that broke are none", async () => {
    for (const model of ["tool-cut", "tool-no-finish"]) {
      const { failure, finished } = await ask(model)
      expect([model, codeOf(failure), finished]).toEqual([model, "model.stream_broken", undefined])
    }
  })

  it("whose arguments are no JSON, or were cut at the limit, are model.bad_output", async () => {
    const { failure } = await ask("tool-bad-json")
    expect(failure).toMatchObject({
      code: "model.bad_output",
      message: expect.stringContaining("search") as string,
    })
    expect(codeOf((await ask("tool-length")).failure)).toBe("model.bad_output")
  })

  it("that nobody offered are not told", async () => {
    const { finished } = await ask("tool-call", { tools: [] })
    expect(finished).not.toHaveProperty("tool_calls")
  })

  it("stand for the answer: a schema is held against the last words only", async () => {
    const output_schema = { type: "object", properties: { n: { type: "number" } }, required: ["n"] }
    const { finished, failure } = await ask("tool-call", { output_schema })
    expect(failure).toBeUndefined()
    expect(finished).toMatchObject({ finish_reason: "tool_calls" })
    expect(finished).not.toHaveProperty("object")
  })
})

describe("images", () => {
  it("go along with the words", async () => {
    const data = Buffer.from([0x89, 0x50, 0x4e, 0x47]).toString("base64")
    const { text, failure } = await tell(
      targetOf(server, "echo"),
      {
        model: "any",
        messages: [{ role: "user", content: "What is it?", images: [{ media_type: "image/png", data }] }],
      },
      { egress: wayTo(server) },
    )
    expect(failure).toBeUndefined()
    expect(text).toBe("What is it?")
    expect(sent().messages).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "What is it?" },
          { type: "image_url", image_url: { url: `data:image/png;base64,${data}` } },
        ],
      },
    ])
  })
})

describe("an answer of no use", () => {
  const output_schema = { type: "object", properties: { n: { type: "number" } }, required: ["n"] }

  it("is shown to the model with what is wrong, and what both answers cost is added up", async () => {
    const failures: string[] = []
    const single = (await ask("gpt-test", { tools: [], output_schema })).finished!.usage
    const { finished } = await ask("wrong-once", { tools: [], output_schema }, ({ code, message }) => {
      failures.push(`${code}: ${message}`)
    })
    expect(finished?.object).toEqual({ n: 7 })
    expect(failures).toEqual([expect.stringMatching(/^model\.bad_output: .*"n"/)])
    expect(finished?.usage.input_tokens).toBeGreaterThan(single.input_tokens * 2)
    expect(sent().messages).toEqual([
      { role: "user", content: "Find red shoes" },
      { role: "assistant", content: '{"unexpected":true}' },
      { role: "user", content: expect.stringMatching(/"n"[\s\S]*JSON Schema/) as string },
    ])
  })

  it("is mended twice at most, and not at all when nobody is told or the limit cut it", async () => {
    let repairs = 0
    const again = () => void (repairs += 1)
    expect(codeOf((await ask("wrong-json", { tools: [], output_schema }, again)).failure)).toBe(
      "model.bad_output",
    )
    expect([repairs, server.requests.length]).toEqual([2, 3])
    await ask("wrong-json", { tools: [], output_schema })
    expect(server.requests).toHaveLength(4)
    await ask("cut-json", { tools: [], output_schema }, again)
    expect([repairs, server.requests.length]).toEqual([2, 5])
    await ask("tool-bad-json", {}, again)
    expect(repairs).toBe(4)
  })

  it("is mended for servers that know no schema too, whom it is told in words", async () => {
    const target = targetOf(server, "wrong-once", { structured_output: "words" })
    const call = asking("Fill", { output_schema })
    const { failure } = await tell(target, call, { egress: wayTo(server), again: () => {} })
    // The stand-in is told of no schema, so it answers prose; what counts is how it is asked.
    expect(codeOf(failure)).toBe("model.bad_output")
    expect(sent()).not.toHaveProperty("response_format")
    expect(JSON.stringify(sent().messages[0])).toContain("JSON Schema")
  })
})
