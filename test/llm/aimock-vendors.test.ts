import { LLMock } from "@copilotkit/aimock"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import type { ModelMessage, ToolSpec } from "#core/llm/call"
import { testProvider } from "#worker/llm/gateway"
import type { ModelTarget } from "#worker/llm/target"
import { asking, codeOf, tell, wayTo } from "./kit.ts"

/** Every vendor's wire against a published stand-in that others wrote: https://github.com/CopilotKit/aimock */

const mock = new LLMock({ port: 0, chunkSize: 6 })
beforeAll(() => mock.start())
afterAll(() => mock.stop())
afterEach(() => {
  mock.clearFixtures()
  mock.clearRequests()
})

const search: ToolSpec = {
  name: "search",
  description: "Searches the catalogue.",
  input_schema: { type: "object", properties: { q: { type: "string" } }, required: ["q"] },
}

/** Asked for hidden reasoning, aimock shows it as OpenAI does, in items without the status that xAI gives them. */
const withoutReasoning =
  (send: typeof fetch): typeof fetch =>
  (input: RequestInfo | URL, init?: RequestInit) => {
    const { include: _, ...body } = JSON.parse(init?.body as string) as Record<string, unknown>
    expect(body).toMatchObject({ store: false })
    return send(input, { ...init, body: JSON.stringify(body) })
  }

const targets: [type: string, base: string, model: string, more: object][] = [
  ["openai", "/v1", "gpt-5-mini", {}],
  ["anthropic", "/v1", "claude-sonnet-4-5", {}],
  ["google", "/v1beta", "gemini-2.5-flash", {}],
  ["xai", "/v1", "grok-4", {}],
  ["ollama", "/v1", "llama3.2", {}],
  ["vllm", "/v1", "qwen3-32b", {}],
]

describe.each(targets)("%s against aimock", (provider_type, base, model, more) => {
  const target = () =>
    ({
      provider_type,
      base_url: `${mock.url}${base}`,
      api_key: "mock-key-123456",
      model,
      ...more,
    }) as ModelTarget
  const way = () => wayTo({ host: new URL(mock.url).host })
  const egress = () => (provider_type === "xai" ? withoutReasoning(way()) : way())
  const ask = (content: string, call = {}) => tell(target(), asking(content, call), { egress: egress() })

  it("streams an answer", async () => {
    mock.onMessage("hello", { content: "Hi there, how are you today?" })
    const { deltas, finished, failure } = await ask("hello")
    expect(failure).toBeUndefined()
    expect(deltas.length).toBeGreaterThan(2)
    expect(finished).toMatchObject({ text: "Hi there, how are you today?", finish_reason: "stop" })
  })

  it("calls a tool, and takes what it answered", async () => {
    mock.on(
      { userMessage: "find", hasToolResult: false },
      { toolCalls: [{ name: "search", arguments: '{"q":"shoes"}' }] },
    )
    mock.on({ userMessage: "find", hasToolResult: true }, { content: "Forty-two pairs." })
    const first = await ask("find", { tools: [search] })
    expect(first.failure).toBeUndefined()
    const call = first.finished!.tool_calls!.at(0)!
    expect(call).toMatchObject({ name: "search", arguments: { q: "shoes" } })
    const messages: ModelMessage[] = [
      { role: "user", content: "find" },
      { role: "assistant", content: "", tool_calls: [call] },
      { role: "tool", tool_call_id: call.id, name: "search", content: "42" },
    ]
    const then = await ask("find", { tools: [search], messages })
    expect([codeOf(then.failure), then.finished?.text]).toEqual([
      "no ModelFailure: undefined",
      "Forty-two pairs.",
    ])
  })

  it("is cut and refused as every vendor is", async () => {
    mock.onMessage(
      "cut",
      { content: "This answer is longer than what will come." },
      { truncateAfterChunks: 4, latency: 5 },
    )
    expect(codeOf((await ask("cut")).failure)).toBe("model.stream_broken")
    mock.onMessage("hello", { content: "Hi" })
    mock.nextRequestError(500, { message: "Internal", type: "server_error" })
    expect(codeOf((await ask("hello")).failure)).toBe("model.overloaded")
  })
})

it("lists models of xAI, Ollama and vLLM as OpenAI lists them", async () => {
  for (const provider_type of ["xai", "ollama", "vllm"] as const) {
    const target: ModelTarget = { provider_type, base_url: `${mock.url}/v1`, model: "any" }
    const result = await testProvider(target, { egress: wayTo({ host: new URL(mock.url).host }) })
    expect([provider_type, result.ok]).toEqual([provider_type, true])
  }
})
