import { exports } from "cloudflare:workers"
import OpenAI, { APIError } from "openai"
import { beforeAll, describe, expect, it } from "vitest"
import { agentsApi } from "#core/contract/agents"
import { tracesApi } from "#core/contract/traces"
import { ask as apiAsk, call, fetchText, origin } from "#test/kit/api"
import { newKey, newTenant, type TestTenant } from "#test/kit/tenants"

const clientOf = (apiKey: string) =>
  new OpenAI({
    apiKey,
    baseURL: `${origin}/v1`,
    maxRetries: 0,
    dangerouslyAllowBrowser: true,
    fetch: (url, init) => exports.default.fetch(new Request(url, init)),
  })

let tenant: TestTenant
let client: OpenAI
beforeAll(async () => {
  tenant = await newTenant()
  client = clientOf(await newKey(tenant, "execution.start"))
  await call(agentsApi.create, {
    token: tenant.token,
    body: { name: "Böse Fee", role: "clerk", goal: "Answer shortly.", tool_ids: ["builtin:math"] },
  })
})

const text =
  "Summarise in one sentence: The river Spree flows through Berlin. It is 400 kilometres long. Boats carry people on it."
const ask = (more: object = {}) => ({
  model: "builtin",
  messages: [{ role: "user" as const, content: text }],
  ...more,
})
const failureOf = async (work: Promise<unknown>) => {
  const error = await work.catch((caught: unknown) => caught)
  if (!(error instanceof APIError)) throw new Error(`no failure of the API: ${String(error)}`)
  const { status, code, type, param } = error
  return { status, code, type, param }
}

describe("OpenAI's own client", () => {
  it("is answered at once, or piece by piece, with the same words and usage", async () => {
    const whole = await client.chat.completions.create(ask())
    expect(whole.choices[0]).toMatchObject({ finish_reason: "stop", message: { role: "assistant" } })
    const said = whole.choices[0]!.message.content!
    expect(said).toContain("Spree")
    expect(whole.usage!.total_tokens).toBe(whole.usage!.prompt_tokens + whole.usage!.completion_tokens)
    const stream = await client.chat.completions.create({
      ...ask({ stream_options: { include_usage: true } }),
      stream: true,
    })
    let [streamed, pieces, ended] = ["", 0, ""]
    let usage: unknown
    for await (const chunk of stream) {
      expect(chunk.object).toBe("chat.completion.chunk")
      const [choice] = chunk.choices
      streamed += choice?.delta.content ?? ""
      pieces += choice?.delta.content ? 1 : 0
      ended = choice?.finish_reason ?? ended
      usage = chunk.usage ?? usage
    }
    expect([streamed, ended]).toEqual([said, "stop"])
    expect(pieces).toBeGreaterThan(1)
    expect(usage).toEqual(whole.usage)
  })

  it("has its streaming helper come to the same message", async () => {
    const runner = client.chat.completions.stream(ask())
    expect(await runner.finalContent()).toContain("Spree")
  })

  it("calls tools: asks for one, is given its answer, and goes on", async () => {
    const tools = [
      {
        type: "function" as const,
        function: {
          name: "get_weather",
          description: "Tells the weather in a city.",
          parameters: {
            type: "object",
            properties: { city: { type: "string", enum: ["Berlin", "Paris"] } },
            required: ["city"],
          },
        },
      },
    ]
    const question = { role: "user" as const, content: "What is the weather in Berlin?" }
    const first = await client.chat.completions.create({ model: "builtin", messages: [question], tools })
    const [choice] = first.choices
    expect(choice!.finish_reason).toBe("tool_calls")
    const [wanted] = choice!.message.tool_calls!
    if (wanted?.type !== "function") throw new Error("no function was called")
    expect([wanted.function.name, JSON.parse(wanted.function.arguments)]).toEqual([
      "get_weather",
      { city: "Berlin" },
    ])
    const then = await client.chat.completions.create({
      model: "builtin",
      tools,
      messages: [
        question,
        choice!.message,
        { role: "tool", tool_call_id: wanted.id, content: "Sunny, 21 degrees" },
      ],
    })
    expect(then.choices[0]!.message.content).toContain("Sunny")
    const runner = client.chat.completions.stream({ model: "builtin", messages: [question], tools })
    const streamed = (await runner.finalChatCompletion()).choices[0]!.message.tool_calls!
    expect(streamed[0]).toMatchObject({ type: "function", function: { name: "get_weather" } })
  })

  it("is answered in JSON that fits its schema", async () => {
    const schema = {
      type: "object",
      properties: { river: { type: "string", enum: ["Spree", "Rhine"] } },
      required: ["river"],
      additionalProperties: false,
    }
    const answered = await client.chat.completions.create({
      ...ask(),
      response_format: { type: "json_schema", json_schema: { name: "river", schema, strict: true } },
    })
    expect(JSON.parse(answered.choices[0]!.message.content!)).toEqual({ river: "Spree" })
  })

  it("lists models, and asks an agent like one, with what was said before", async () => {
    const { data } = await client.models.list()
    const ids = data.map(({ id }) => id)
    expect(ids).toContain("builtin")
    const id = ids.find((one) => one.startsWith("agent/"))!
    expect((await client.models.retrieve(id)).owned_by).toBe("agent")
    const messages = [
      { role: "system" as const, content: "Be kind." },
      { role: "user" as const, content: "Hello." },
      { role: "assistant" as const, content: "Hello!" },
      { role: "user" as const, content: text },
    ]
    const whole = await client.chat.completions.create({ model: id, messages })
    expect(whole.choices[0]!.message.content).not.toBe("")
    expect(whole.usage!.prompt_tokens).toBeGreaterThan(0)
    const runner = client.chat.completions.stream({ model: id, messages })
    expect(await runner.finalContent()).toBe(whole.choices[0]!.message.content)
  })

  it("is told what is wrong in OpenAI's words", async () => {
    const stranger = clientOf(`eck_${"A".repeat(43)}`)
    expect(await failureOf(stranger.models.list())).toMatchObject({ status: 401, code: "invalid_api_key" })
    const reader = clientOf(await newKey(tenant, "flow.read"))
    expect(await failureOf(reader.chat.completions.create(ask()))).toMatchObject({
      status: 403,
      type: "permission_error",
    })
    const wrong = [
      [ask({ temperature: 9 }), { status: 400, param: "temperature" }],
      [ask({ n: 2 }), { status: 400, param: "n" }],
      [ask({ stop: ["x"] }), { status: 400, param: "stop" }],
      [ask({ messages: [] }), { status: 400, param: "messages" }],
      [ask({ model: "agent/nobody" }), { status: 404, code: "model_not_found" }],
      [ask({ model: "crew/x" }), { status: 404, code: "model_not_found" }],
      [ask({ model: "agent/nobody", stream: true }), { status: 404 }],
    ] as const
    for (const [body, expected] of wrong)
      expect(await failureOf(client.chat.completions.create(body))).toMatchObject(expected)
    const elsewhere = await fetchText(`${origin}/v1/embeddings`, { method: "POST" })
    expect([elsewhere.status, elsewhere.body]).toMatchObject([
      404,
      { error: { type: "invalid_request_error" } },
    ])
  })

  it("leaves a span of each call, with its tokens", async () => {
    const marked = "Summarise: Quagmire frogs sing at night. They sing for each other."
    const { usage } = await client.chat.completions.create({
      model: "builtin",
      messages: [{ role: "user", content: marked }],
    })
    await expect
      .poll(
        async () =>
          (await call(tracesApi.search, { token: tenant.token, query: { text: "Quagmire" } })).spans[0],
        { timeout: 10_000 },
      )
      .toMatchObject({
        kind: "model",
        status: "ok",
        name: "chat builtin",
        input_tokens: usage!.prompt_tokens,
        output_tokens: usage!.completion_tokens,
      })
    const found = await call(tracesApi.search, { token: tenant.token, query: { text: "Quagmire" } })
    const { id, execution_id } = found.spans[0]!
    const params = { execution_id }
    const trace = await call(tracesApi.ofExecution, { token: tenant.token, params })
    expect(trace.spans.map((span) => span.id)).toEqual([id])
    const stranger = await newTenant()
    expect((await apiAsk(tracesApi.ofExecution, { token: stranger.token, params })).status).toBe(404)
  })

  it("is passed an agent's words as they come where nothing can take them back, else all at once", async () => {
    const body = { name: "Plain", role: "clerk", goal: "Answer shortly." }
    await call(agentsApi.create, { token: tenant.token, body })
    const piecesOf = async (model: string) => {
      const pieces: string[] = []
      const stream = await client.chat.completions.create({ ...ask({ model }), stream: true })
      for await (const { choices } of stream)
        if (choices[0]?.delta.content) pieces.push(choices[0].delta.content)
      return pieces
    }
    const whole = await client.chat.completions.create(ask({ model: "agent/plain" }))
    const plain = await piecesOf("agent/plain")
    expect(plain.join("")).toBe(whole.choices[0]!.message.content)
    const { data } = await client.models.list()
    const withTools = data.find(({ id }) => id.endsWith("-fee"))!
    expect(await piecesOf(withTools.id)).toHaveLength(1)
  })
})
