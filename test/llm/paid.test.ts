import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { ModelCall, ToolSpec } from "#core/llm/call"
import type { ModelUsage } from "#core/llm/event"
import { countInput, countTokens } from "#core/llm/tokens"
import { anthropicKey, startAnthropicServer } from "#test/kit/llm/anthropic-server"
import { startOpenAiServer, type OpenAiServer } from "#test/kit/llm/openai-server"
import type { VendorServer } from "#test/kit/llm/vendor-server"
import { reportedIn } from "#worker/llm/providers/reported"
import type { ModelTarget } from "#worker/llm/target"
import { asking, targetOf, tell, wayTo } from "./kit.ts"

let server: OpenAiServer
let anthropic: VendorServer
beforeAll(async () => {
  server = await startOpenAiServer()
  anthropic = await startAnthropicServer()
})
afterAll(async () => {
  await server.close()
  await anthropic.close()
})

const timeouts = { idle_ms: 300, first_token_ms: 2_000 }
const search: ToolSpec = {
  name: "search",
  description: "Searches.",
  input_schema: { type: "object", properties: { q: { type: "string" } }, required: ["q"] },
}

/** What each request of a call has cost, and what the whole came to. */
async function paid(
  target: ModelTarget,
  call: ModelCall,
  more: { signal?: AbortSignal; again?: () => void } = {},
) {
  const requests: (() => ModelUsage | undefined)[] = []
  const egress = wayTo(target.provider_type === "anthropic" ? anthropic : server)
  const sending = (spent: () => ModelUsage | undefined) => void requests.push(spent)
  const told = await tell(target, call, { egress, timeouts, sending, ...more })
  return { ...told, spent: requests.map((one) => one()) }
}
const ask = (model: string, more: Partial<ModelCall> = {}, way = {}) =>
  paid(targetOf(server, model), asking("Hello", more), way)

describe("an answer that comes to nothing", () => {
  it.each(["cut", "stall", "bad-json", "error-in-stream", "no-finish"])(
    "is paid for as far as it came: %s",
    async (model) => {
      const { failure, text, spent } = await ask(model)
      expect(failure).toBeDefined()
      expect(text).not.toBe("")
      const call = asking("Hello")
      expect(spent).toEqual([
        { input_tokens: countInput(call), output_tokens: countTokens(text), estimated: true },
      ])
    },
  )

  it("counts a tool call that was not whole, though nobody ever sees it", async () => {
    const { spent, failure } = await ask("tool-cut", { tools: [search] })
    expect(failure).toBeDefined()
    expect(spent[0]!.input_tokens).toBe(countInput(asking("Hello", { tools: [search] })))
    expect(spent[0]!.output_tokens).toBeGreaterThan(0)
  })

  it.each(["rate-limited", "error-500", "html-error", "no-such-model", "ignores-stream", "silent"])(
    "costs nothing where the vendor never began: %s",
    async (model) => {
      const { failure, spent } = await ask(model)
      expect([failure === undefined, spent]).toEqual([false, [undefined]])
    },
  )

  it("that is asked for again is paid for each time, by what the vendor reports", async () => {
    const output_schema = {
      type: "object",
      properties: { summary: { type: "string" } },
      required: ["summary"],
      additionalProperties: false,
    }
    const { finished, spent } = await ask("wrong-once", { output_schema }, { again: () => {} })
    expect(spent).toHaveLength(2)
    expect(spent.map((one) => one?.estimated)).toEqual([false, false])
    expect(finished?.usage).toEqual(spent[1])
    expect(spent[1]!.input_tokens).toBeGreaterThan(spent[0]!.input_tokens)
  })

  it("is paid for when its caller leaves", async () => {
    const leave = new AbortController()
    setTimeout(() => leave.abort(new Error("gone")), 150)
    const { text, spent } = await ask("slow", {}, { signal: leave.signal })
    expect(text).not.toBe("")
    expect(spent[0]).toMatchObject({ output_tokens: countTokens(text), estimated: true })
  })

  it("is paid for by what the vendor had already said of it: Anthropic tells the input first", async () => {
    const target = {
      provider_type: "anthropic",
      base_url: anthropic.url,
      api_key: anthropicKey,
      model: "cut",
    } as const
    const { spent, failure, text } = await paid(target, asking("Hello"))
    expect(failure).toBeDefined()
    expect(spent).toEqual([{ input_tokens: 12, output_tokens: countTokens(text), estimated: true }])
  })
})

describe("what a line of a stream reports", () => {
  it.each([
    [{ usage: { prompt_tokens: 5, completion_tokens: 2 } }, { input_tokens: 5, output_tokens: 2 }],
    [{ usage: null, choices: [] }, undefined],
    [{ usage: { prompt_tokens: "many" } }, {}],
    [
      {
        type: "message_start",
        message: {
          usage: {
            input_tokens: 10,
            cache_creation_input_tokens: 5,
            cache_read_input_tokens: 20,
            output_tokens: 1,
          },
        },
      },
      { input_tokens: 35, cache_read_tokens: 20, cache_write_tokens: 5 },
    ],
    [{ type: "message_delta", usage: { output_tokens: 9 } }, { output_tokens: 9 }],
    [
      { usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 3, thoughtsTokenCount: 4 } },
      { input_tokens: 7, output_tokens: 7, reasoning_tokens: 4 },
    ],
    [{ response: { usage: { input_tokens: 8, output_tokens: 1 } } }, { input_tokens: 8, output_tokens: 1 }],
    ["oops", undefined],
  ])("%j", (line, usage) => {
    expect(reportedIn(line)).toEqual(usage)
  })
})
