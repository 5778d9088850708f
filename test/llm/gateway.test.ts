import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import type { ModelCall } from "#core/llm/call"
import { ModelEvent } from "#core/llm/event"
import { startOpenAiServer, type OpenAiServer } from "#test/kit/llm/openai-server"
import { guardedFetch } from "#worker/egress/guard"
import { streamModel, testProvider } from "#worker/llm/gateway"
import { asking, codeOf, targetOf, tell, wayTo } from "./kit.ts"

let server: OpenAiServer
const said = "The quick brown fox jumps over the lazy dog."

beforeAll(async () => {
  server = await startOpenAiServer()
})
afterAll(() => server.close())
afterEach(async () => {
  await vi.waitFor(() => expect(server.open).toBe(0), { timeout: 10_000 })
  server.requests.length = 0
  server.disconnects = 0
})

const ask = (model: string, call: ModelCall = asking("Hello"), more: object = {}, timeouts = {}) =>
  tell(targetOf(server, model, more), call, { egress: wayTo(server), timeouts })
const sentBody = () => server.requests.at(-1)?.body as Record<string, unknown>

const schema = {
  type: "object",
  properties: {
    summary: { type: "string" },
    urgent: { type: "boolean" },
    score: { type: "number" },
    tags: { type: "array", items: { type: "string" } },
  },
  required: ["summary", "urgent", "score"],
}

describe("an answer", () => {
  it("is told as it comes: started, deltas, finished", async () => {
    const { events, deltas, text, finished, failure } = await ask("gpt-test")
    expect(failure).toBeUndefined()
    expect(events.map((event) => event.type)).toEqual(["started", ...deltas.map(() => "delta"), "finished"])
    for (const event of events) expect(ModelEvent.parse(event)).toEqual(event)
    expect(deltas).toHaveLength(9)
    expect(text).toBe(said)
    expect(events[0]).toEqual({ type: "started", model: "gpt-test" })
    expect(finished).toMatchObject({
      text: said,
      finish_reason: "stop",
      usage: { output_tokens: 11, estimated: false },
    })
    expect(server.requests).toHaveLength(1)
  })

  it("passes the first token on at once", async () => {
    const start = performance.now()
    let [first, last] = [Infinity, 0]
    for await (const event of streamModel(targetOf(server, "slow"), asking("Hi"), {
      egress: wayTo(server),
    })) {
      if (event.type !== "delta") continue
      last = performance.now() - start
      first = Math.min(first, last)
    }
    expect(first).toBeLessThan(last / 2)
    expect(last - first).toBeGreaterThan(7 * 40 * 0.8)
  })

  it("keeps letters whole that come in pieces", async () => {
    expect((await ask("split-utf8")).text).toBe("Grüße aus Köln 🦊 – 東京")
  })

  it("carries what was asked: roles, limits, temperature, the key, usage wanted", async () => {
    const call: ModelCall = {
      model: "any",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "One" },
        { role: "assistant", content: "Two" },
        { role: "user", content: 'Three "quoted"\n🦊' },
      ],
      temperature: 0.2,
      max_tokens: 50,
    }
    const { text } = await tell(targetOf(server, "echo"), call, {
      egress: wayTo(server),
      idempotency_key: "exec:step:1",
    })
    expect(text).toBe('Three "quoted"\n🦊')
    expect(sentBody()).toEqual({
      model: "echo",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "One" },
        { role: "assistant", content: "Two" },
        { role: "user", content: 'Three "quoted"\n🦊' },
      ],
      temperature: 0.2,
      max_tokens: 50,
      stream: true,
      stream_options: { include_usage: true },
    })
    expect(server.requests.at(-1)?.headers).toMatchObject({
      authorization: `Bearer ${server.apiKey}`,
      "idempotency-key": "exec:step:1",
    })
  })

  it("calls OpenAI's own models with the names that they take", async () => {
    const call = asking("Hi", { max_tokens: 20 })
    expect(codeOf((await ask("gpt-5-test", call)).failure)).toBe("model.bad_request")
    const { text } = await ask("gpt-5-test", call, { provider_type: "openai" })
    expect(text).toBe(said)
    expect(sentBody()).toMatchObject({ max_completion_tokens: 20 })
    expect(sentBody()).not.toHaveProperty("max_tokens")
  })

  it("says why it ended", async () => {
    expect((await ask("length")).finished?.finish_reason).toBe("length")
    expect((await ask("filtered")).finished?.finish_reason).toBe("content_filter")
  })

  it("may begin with thinking that is not part of the text", async () => {
    const { text, finished } = await ask("reasoning", asking("Hi"), {}, { first_token_ms: 500, idle_ms: 200 })
    expect(text).toBe(said)
    expect(finished?.text).toBe(said)
  })
})

describe("JSON by a schema", () => {
  it("is asked for with the schema and comes parsed", async () => {
    const { finished } = await ask("gpt-test", asking("Fill this", { output_schema: schema }))
    expect(finished?.object).toEqual({ summary: "sample", urgent: true, score: 7, tags: ["sample"] })
    expect(sentBody()["response_format"]).toEqual({
      type: "json_schema",
      json_schema: { name: "answer", schema, strict: false },
    })
  })

  it("uses the strict mode where the schema allows it", async () => {
    const strict = {
      type: "object",
      properties: { a: { type: "string" } },
      required: ["a"],
      additionalProperties: false,
    }
    await ask("gpt-test", asking("Fill", { output_schema: strict }))
    expect(sentBody()["response_format"]).toMatchObject({ json_schema: { strict: true } })
  })

  it("can be asked for in words, for servers without schemas", async () => {
    const { failure } = await ask("gpt-test", asking("Fill", { output_schema: schema }), {
      structured_output: "json_object",
    })
    expect(sentBody()).toMatchObject({
      response_format: { type: "json_object" },
      messages: [
        { role: "system", content: expect.stringContaining('"urgent"') as string },
        { role: "user" },
      ],
    })
    // The stand-in then knows no schema and answers prose, which is found out.
    expect(codeOf(failure)).toBe("model.bad_output")
  })

  it("is taken out of a fence", async () => {
    expect(
      (await ask("fenced-json", asking("Fill", { output_schema: schema }))).finished?.object,
    ).toMatchObject({ score: 7 })
  })

  it("fails as model.bad_output when it does not fit, is prose or is cut, and names the field", async () => {
    const wrong = await ask("wrong-json", asking("Fill", { output_schema: schema }))
    expect(codeOf(wrong.failure)).toBe("model.bad_output")
    expect((wrong.failure as Error).message).toMatch(/summary|urgent|score/)
    for (const model of ["no-json", "cut-json"])
      expect([model, codeOf((await ask(model, asking("Fill", { output_schema: schema }))).failure)]).toEqual([
        model,
        "model.bad_output",
      ])
  })

  it("refuses a schema that is none before anything is sent", async () => {
    const { failure } = await ask("gpt-test", asking("Fill", { output_schema: { type: "objekt" } }))
    expect(codeOf(failure)).toBe("model.bad_request")
    expect(server.requests).toHaveLength(0)
  })
})

describe("usage", () => {
  it("is the vendor's, with its classes", async () => {
    expect((await ask("cached-usage", asking("x".repeat(200)))).finished?.usage).toEqual({
      input_tokens: 40,
      output_tokens: 30,
      cache_read_tokens: 32,
      reasoning_tokens: 18,
      estimated: false,
    })
  })

  it("is our own count when the vendor reports none, a negative one or 10^9 tokens", async () => {
    const own = (await ask("no-usage")).finished?.usage
    expect(own).toMatchObject({ estimated: true })
    expect(own?.input_tokens).toBeGreaterThan(0)
    expect(own?.output_tokens).toBeGreaterThan(5)
    expect(own?.output_tokens).toBeLessThan(20)
    expect((await ask("negative-usage")).finished?.usage).toEqual(own)
    expect((await ask("huge-usage")).finished?.usage).toEqual(own)
  })
})

describe("a provider test", () => {
  it("lists the models", async () => {
    const result = await testProvider(targetOf(server, "gpt-test"), { egress: wayTo(server) })
    expect(result).toMatchObject({
      ok: true,
      models: expect.arrayContaining(["gpt-test", "echo"]) as unknown,
    })
    expect(result.latency_ms).toBeGreaterThanOrEqual(0)
    expect(result.models).toEqual([...result.models].sort())
  })

  it("says what is wrong with key, address or network, and never repeats the key", async () => {
    const test = (more: object, egress = wayTo(server)) =>
      testProvider({ ...targetOf(server, "x"), ...more }, { egress })
    expect(await test({ api_key: "sk-wrong-secret-key" })).toMatchObject({
      ok: false,
      models: [],
      error: { code: "model.unauthorized" },
    })
    expect(await test({ api_key: "two\nlines" })).toMatchObject({
      ok: false,
      error: { code: "model.unauthorized" },
    })
    expect(await test({ base_url: `http://${server.host}/nothing` })).toMatchObject({
      ok: false,
      error: { code: "model.not_found" },
    })
    expect(await test({ base_url: undefined })).toMatchObject({
      ok: false,
      error: { code: "model.bad_request" },
    })
    expect(await test({}, guardedFetch())).toMatchObject({ ok: false, error: { code: "egress.refused" } })
    expect(
      await test({ base_url: "http://127.0.0.1:9/v1" }, guardedFetch({ allow: ["127.0.0.1:9"] })),
    ).toMatchObject({ ok: false, error: { code: "model.unreachable" } })
    expect(JSON.stringify(await test({ api_key: "sk-wrong-secret-key" }))).not.toContain("sk-wr")
  })

  it("answers for the builtin model without a network", async () => {
    expect(await testProvider({ provider_type: "builtin" }, { egress: refusing })).toMatchObject({
      ok: true,
      models: ["builtin"],
    })
  })
})

const refusing: typeof fetch = () => Promise.reject(new Error("the builtin model must not call anything"))

describe("the builtin model", () => {
  it("streams through the same gateway, without a network", async () => {
    const text =
      "The council voted for a tram. It costs 240 million euros. Work begins in 2027. Shops fear losses. The weather was mild."
    const { events, deltas, finished, failure } = await tell(
      { provider_type: "builtin" },
      asking(`Summarise in two sentences:\n\n${text}`),
      { egress: refusing },
    )
    expect(failure).toBeUndefined()
    expect(events[0]).toEqual({ type: "started", model: "builtin" })
    expect(deltas.length).toBeGreaterThan(2)
    expect(finished?.text).toBe(deltas.join(""))
    expect(finished?.usage.estimated).toBe(false)
  })

  it("gives JSON that is parsed and checked like any other", async () => {
    const call = asking("My invoice INV-2026-77 over €12.50 is wrong.", {
      output_schema: {
        type: "object",
        properties: { invoice_number: { type: "string" }, amount: { type: "number" } },
        required: ["invoice_number", "amount"],
      },
    })
    const { finished } = await tell({ provider_type: "builtin" }, call, { egress: refusing })
    expect(finished?.object).toEqual({ invoice_number: "INV-2026-77", amount: 12.5 })
  })

  it("stops when its caller leaves, also while it paces itself", async () => {
    const leave = new AbortController()
    const seen: string[] = []
    const run = (async () => {
      for await (const event of streamModel(
        { provider_type: "builtin", pace_ms: 10_000 },
        asking("One two three four five six seven eight nine ten."),
        { egress: refusing, signal: leave.signal },
      )) {
        seen.push(event.type)
        if (event.type === "delta") setTimeout(() => leave.abort(new Error("gone")), 5)
      }
    })()
    await expect(run).rejects.toThrow("gone")
    expect(seen).toEqual(["started", "delta"])
  })
})
