import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import type { ModelCall, ModelMessage, ToolSpec } from "#core/llm/call"
import { anthropicKey, startAnthropicServer } from "#test/kit/llm/anthropic-server"
import { geminiKey, startGeminiServer } from "#test/kit/llm/gemini-server"
import { sentence, type VendorServer } from "#test/kit/llm/vendor-server"
import { testProvider } from "#worker/llm/gateway"
import type { ModelTarget } from "#worker/llm/target"
import { asking, codeOf, tell, wayTo } from "./kit.ts"

const search: ToolSpec = {
  name: "search",
  description: "Searches the catalogue.",
  input_schema: { type: "object", properties: { q: { type: "string" } }, required: ["q"] },
}
const output_schema = {
  type: "object",
  properties: { n: { type: "number" } },
  required: ["n"],
  additionalProperties: false,
}

/** What every vendor's wire must bring about, whatever it looks like. */
const vendors = [
  {
    type: "anthropic",
    start: startAnthropicServer,
    key: anthropicKey,
    keyHeader: "x-api-key",
    classes: { input_tokens: 35, output_tokens: 9, cache_read_tokens: 20, cache_write_tokens: 5 },
  },
  {
    type: "google",
    start: startGeminiServer,
    key: geminiKey,
    keyHeader: "x-goog-api-key",
    classes: { input_tokens: 35, output_tokens: 13, cache_read_tokens: 20, reasoning_tokens: 4 },
  },
] as const

describe.each(vendors)("$type", ({ type, start, key, keyHeader, classes }) => {
  let server: VendorServer
  beforeAll(async () => {
    server = await start()
  })
  afterAll(async () => {
    await vi.waitFor(() => expect(server.open).toBe(0), { timeout: 10_000 })
    await server.close()
  })
  const target = (model: string, more: object = {}): ModelTarget => ({
    provider_type: type,
    base_url: server.url,
    api_key: key,
    model,
    ...more,
  })
  const ask = (model: string, call: ModelCall = asking("Hello"), more: object = {}, timeouts = {}) =>
    tell(target(model, more), call, { egress: wayTo(server), timeouts, idempotency_key: "exec:step:1" })
  const sent = () => server.requests.at(-1)!

  it("streams an answer with its usage, and is sent the key in its own header and nothing of ours", async () => {
    const { deltas, finished, failure } = await ask(
      "plain",
      asking("Hello", { temperature: 0.2, max_tokens: 50 }),
    )
    expect(failure).toBeUndefined()
    expect(deltas.length).toBeGreaterThan(5)
    expect(finished).toMatchObject({
      text: sentence,
      finish_reason: "stop",
      usage: { input_tokens: 12, output_tokens: 9, estimated: false },
    })
    expect(sent().headers[keyHeader]).toBe(key)
    expect(JSON.stringify(sent().headers)).not.toContain("put-on-by-the-gateway")
  })

  it("keeps letters whole that come in pieces, and says why it stopped", async () => {
    expect((await ask("split-utf8")).text).toBe("Grüße aus Köln 🦊 – 東京")
    expect((await ask("length")).finished?.finish_reason).toBe("length")
  })

  it.each(["tool-call", "gemini-3-tool-call"])(
    "is told of system words, images and tools, calls tools and takes their answers (%s)",
    async (model) => {
      const image = { media_type: "image/png" as const, data: "iVBORw==" }
      const messages: ModelMessage[] = [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Find these", images: [image] },
      ]
      const first = await ask(model, { model: "any", messages, tools: [search], tool_choice: "auto" })
      expect(first.failure).toBeUndefined()
      expect(first.finished).toMatchObject({
        text: "Let me look.",
        finish_reason: "tool_calls",
        tool_calls: [{ name: "search", arguments: { q: "red shoes" } }],
      })
      expect(JSON.stringify(sent().body)).toContain("iVBORw==")
      const call = first.finished!.tool_calls!.at(0)!
      const then = await ask(model, {
        model: "any",
        tools: [search],
        messages: [
          ...messages,
          { role: "assistant", content: "", tool_calls: [call] },
          { role: "tool", tool_call_id: call.id, name: "search", content: "42 pairs", is_error: true },
        ],
      })
      expect(then.failure).toBeUndefined()
      expect(then.finished?.text).toBe(sentence)
      expect(JSON.stringify(sent().body)).toContain("42 pairs")
    },
  )

  it("gives JSON by a schema", async () => {
    const { finished, failure } = await ask("plain", asking("Fill", { output_schema }))
    expect(failure).toBeUndefined()
    expect(finished?.object).toEqual({ n: 7 })
    expect(finished).not.toHaveProperty("tool_calls")
    expect(JSON.stringify(sent().body)).toContain('"n":{"type":"number"}')
  })

  it("reports its usage classes, and is counted by us when it reports none or 10^9", async () => {
    expect((await ask("usage-classes", asking("x ".repeat(60)))).finished?.usage).toEqual({
      ...classes,
      estimated: false,
    })
    const own = (await ask("no-usage")).finished?.usage
    expect(own).toMatchObject({ estimated: true })
    expect(own?.output_tokens).toBeGreaterThan(5)
    expect((await ask("huge-usage")).finished?.usage).toEqual(own)
  })

  it.each([
    ["rate-limited", "model.rate_limited", 2_000],
    ["error-500", "model.overloaded", undefined],
    ["overloaded", "model.overloaded", undefined],
    ["html-error", "model.overloaded", undefined],
    ["error-in-stream", "model.overloaded", undefined],
    ["error-at-once", "model.overloaded", undefined],
    ["cut", "model.stream_broken", undefined],
    ["bad-json", "model.stream_broken", undefined],
    ["no-finish", "model.stream_broken", undefined],
    ["tool-cut", "model.stream_broken", undefined],
    ["stall", "model.timeout", undefined],
    ["silent", "model.timeout", undefined],
  ])("%s becomes %s", async (model, code, wait) => {
    const { failure, finished } = await ask(
      model,
      asking("Hi", { tools: [search] }),
      {},
      { first_token_ms: 400, idle_ms: 200 },
    )
    expect(finished).toBeUndefined()
    expect(failure).toMatchObject({ code, retry: true, retry_after_ms: wait })
    expect((failure as Error).message).not.toContain("<")
  })

  it("refuses a wrong key and an unknown model, and the key is not repeated", async () => {
    const { failure } = await ask("plain", asking("Hi"), { api_key: "wrong-0123456789" })
    expect(codeOf(failure)).toBe("model.unauthorized")
    expect(String(failure)).not.toContain("wrong-0123456789")
    expect(codeOf((await ask("no-such-model")).failure)).toBe("model.not_found")
  })

  it("lists its models when it is tested", async () => {
    const result = await testProvider(target("any"), { egress: wayTo(server) })
    expect(result).toMatchObject({
      ok: true,
      models: expect.arrayContaining(["plain", "tool-call"]) as unknown,
    })
    expect(result.models).not.toContain("embedding")
    expect(
      await testProvider(target("any", { api_key: "wrong-0123456789" }), { egress: wayTo(server) }),
    ).toMatchObject({ ok: false, error: { code: "model.unauthorized" } })
  })
})
