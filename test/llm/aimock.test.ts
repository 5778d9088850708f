import { LLMock } from "@copilotkit/aimock"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { testProvider } from "#worker/llm/gateway"
import type { ModelTarget } from "#worker/llm/target"
import { asking, codeOf, tell, wayTo } from "./kit.ts"

/** The same gateway against a published stand-in that others wrote: https://github.com/CopilotKit/aimock */

const apiKey = "mock-key-123456"
const mock = new LLMock({ port: 0, auth: { apiKeys: [apiKey] }, chunkSize: 6 })
let target: ModelTarget
let egress: typeof fetch

beforeAll(async () => {
  await mock.start()
  egress = wayTo({ host: new URL(mock.url).host })
  target = {
    provider_type: "openai_compatible",
    base_url: `${mock.url}/v1`,
    api_key: apiKey,
    model: "gpt-4o",
  }
})
afterAll(() => mock.stop())
afterEach(() => {
  mock.clearFixtures()
  mock.clearChaos()
  mock.clearRequests()
})

describe("against aimock", () => {
  it("streams an answer with its usage", async () => {
    mock.onMessage("hello", {
      content: "Hi there, how are you today?",
      usage: { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 },
    })
    const { events, deltas, text, finished } = await tell(target, asking("hello"), { egress })
    expect(text).toBe("Hi there, how are you today?")
    expect(deltas.length).toBeGreaterThan(2)
    expect(events[0]).toEqual({ type: "started", model: "gpt-4o" })
    expect(finished).toMatchObject({
      finish_reason: "stop",
      usage: { input_tokens: 12, output_tokens: 7, estimated: false },
    })
    expect(mock.getRequests()).toHaveLength(1)
    expect(mock.getLastRequest()?.body).toMatchObject({ model: "gpt-4o", stream: true })
  })

  it("parses and checks structured answers", async () => {
    mock.on({ userMessage: "fill", responseFormat: "json_schema" }, { content: { name: "Ada", age: 36 } })
    const schema = {
      type: "object",
      properties: { name: { type: "string" }, age: { type: "integer" } },
      required: ["name", "age"],
    }
    expect(
      (await tell(target, asking("fill", { output_schema: schema }), { egress })).finished?.object,
    ).toEqual({ name: "Ada", age: 36 })
    const narrow = { ...schema, properties: { ...schema.properties, age: { type: "integer", maximum: 30 } } }
    const { failure } = await tell(target, asking("fill", { output_schema: narrow }), { egress })
    expect(codeOf(failure)).toBe("model.bad_output")
    expect((failure as Error).message).toContain("age")
  })

  it("does not take thinking for text, nor a tool call for an answer of words", async () => {
    mock.onMessage("think", { content: "Forty-two.", reasoning: "I should multiply six by seven." })
    expect((await tell(target, asking("think"), { egress })).text).toBe("Forty-two.")
    mock.onMessage("act", { toolCalls: [{ name: "search", arguments: '{"q":"x"}' }] })
    const { text, finished } = await tell(target, asking("act"), { egress })
    expect(text).toBe("")
    expect(finished?.finish_reason).toBe("tool_calls")
  })

  it("maps its refusals", async () => {
    mock.onMessage("hello", { content: "Hi" })
    const refusals: [number, { message: string; type?: string; code?: string }, string][] = [
      [401, { message: "Incorrect API key", code: "invalid_api_key" }, "model.unauthorized"],
      [404, { message: "The model does not exist", code: "model_not_found" }, "model.not_found"],
      [400, { message: "Too long", code: "context_length_exceeded" }, "model.bad_request"],
      [500, { message: "Internal", type: "server_error" }, "model.overloaded"],
      [503, { message: "Overloaded" }, "model.overloaded"],
    ]
    for (const [status, error, code] of refusals) {
      mock.nextRequestError(status, error)
      expect([status, codeOf((await tell(target, asking("hello"), { egress })).failure)]).toEqual([
        status,
        code,
      ])
    }
    mock.onMessage("limit", {
      error: { message: "Slow down", type: "rate_limit_error", code: "rate_limit_exceeded" },
      status: 429,
      retryAfter: 7,
    })
    expect((await tell(target, asking("limit"), { egress })).failure).toMatchObject({
      code: "model.rate_limited",
      retry: true,
      retry_after_ms: 7_000,
    })
    expect(
      codeOf(
        (await tell({ ...target, api_key: "other" } as ModelTarget, asking("hello"), { egress })).failure,
      ),
    ).toBe("model.unauthorized")
  })

  it("notices a stream that is cut and one that is late", async () => {
    mock.onMessage(
      "cut",
      { content: "This answer is longer than what will come." },
      { truncateAfterChunks: 4, latency: 15 },
    )
    expect((await tell(target, asking("cut"), { egress })).failure).toMatchObject({
      code: "model.stream_broken",
      retry: true,
    })
    mock.onMessage("slow", { content: "At last." }, { latency: 400 })
    expect(
      codeOf((await tell(target, asking("slow"), { egress, timeouts: { first_token_ms: 60 } })).failure),
    ).toBe("model.timeout")
  })

  it("survives its chaos: dropped, malformed and cut answers end in a failure that may be retried", async () => {
    mock.onMessage("hello", { content: "Hi there, how are you?" })
    const chaos = [{ dropRate: 1 }, { malformedRate: 1 }, { disconnectRate: 1 }, { rateLimitRate: 1 }]
    for (const rates of chaos) {
      mock.setChaos(rates)
      const { failure, finished } = await tell(target, asking("hello"), {
        egress,
        timeouts: { first_token_ms: 2_000 },
      })
      expect([rates, codeOf(failure)]).toEqual([
        rates,
        expect.stringMatching(/^model\.(overloaded|stream_broken|unreachable|rate_limited)$/),
      ])
      expect(finished).toBeUndefined()
    }
  })

  it("lists its models", async () => {
    const result = await testProvider(target, { egress })
    expect(result.ok).toBe(true)
    expect(result.models.length).toBeGreaterThan(0)
  })
})
