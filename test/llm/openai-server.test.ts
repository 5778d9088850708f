import OpenAI from "openai"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { startOpenAiServer, type OpenAiServer } from "#test/kit/llm/openai-server"

/** Is our stand-in faithful? OpenAI's own client must get along with it. */

let server: OpenAiServer
let client: OpenAI
const messages = [{ role: "user" as const, content: "Hello" }]
const unknown: object = { colour: "red" }

beforeAll(async () => {
  server = await startOpenAiServer()
  client = new OpenAI({ baseURL: server.url, apiKey: server.apiKey, maxRetries: 0 })
})
afterAll(() => server.close())

describe("our stand-in, asked by OpenAI's client", () => {
  it("answers whole", async () => {
    const answer = await client.chat.completions.create({ model: "gpt-test", messages })
    expect(answer.choices[0]?.message.content).toBe("The quick brown fox jumps over the lazy dog.")
    expect(answer.usage?.total_tokens).toBe(
      (answer.usage?.prompt_tokens ?? 0) + (answer.usage?.completion_tokens ?? 0),
    )
  })

  it("answers in chunks, with usage in the last when it is wanted", async () => {
    const stream = await client.chat.completions.create({
      model: "echo",
      messages,
      stream: true,
      stream_options: { include_usage: true },
    })
    let text = ""
    const usages: unknown[] = []
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? ""
      if (chunk.usage) usages.push(chunk.choices.length)
    }
    expect(text).toBe("Hello")
    expect(usages).toEqual([0])
  })

  it("lists models", async () => {
    const ids: string[] = []
    for await (const model of client.models.list()) ids.push(model.id)
    expect(ids).toContain("gpt-test")
  })

  it("gives JSON by a schema, and is strict about strict ones", async () => {
    const format = (schema: Record<string, unknown>, strict: boolean) => ({
      type: "json_schema" as const,
      json_schema: { name: "x", schema, strict },
    })
    const schema = {
      type: "object",
      properties: { a: { type: "integer" } },
      required: ["a"],
      additionalProperties: false,
    }
    const answer = await client.chat.completions.create({
      model: "gpt-test",
      messages,
      response_format: format(schema, true),
    })
    expect(JSON.parse(answer.choices[0]?.message.content ?? "")).toEqual({ a: 7 })
    await expect(
      client.chat.completions.create({
        model: "gpt-test",
        messages,
        response_format: format({ ...schema, additionalProperties: true }, true),
      }),
    ).rejects.toMatchObject({ status: 400 })
  })

  it("refuses as OpenAI does", async () => {
    await expect(
      new OpenAI({ baseURL: server.url, apiKey: "sk-no", maxRetries: 0 }).models.list(),
    ).rejects.toMatchObject({ status: 401, code: "invalid_api_key" })
    await expect(client.chat.completions.create({ model: "nothing", messages })).rejects.toMatchObject({
      status: 404,
      code: "model_not_found",
    })
    await expect(client.chat.completions.create({ model: "gpt-test", messages: [] })).rejects.toMatchObject({
      status: 400,
      param: "messages",
    })
    await expect(
      client.chat.completions.create({ model: "gpt-test", messages, ...unknown }),
    ).rejects.toMatchObject({ status: 400, code: "unknown_parameter" })
    await expect(
      client.chat.completions.create({ model: "gpt-5-test", messages, max_tokens: 5 }),
    ).rejects.toMatchObject({ code: "unsupported_parameter" })
    await expect(client.chat.completions.create({ model: "rate-limited", messages })).rejects.toMatchObject({
      status: 429,
      code: "rate_limit_exceeded",
    })
  })

  it("refuses bodies that are no JSON or of another type", async () => {
    const post = (body: string, type: string) =>
      fetch(`${server.url}/chat/completions`, {
        method: "POST",
        body,
        headers: { authorization: `Bearer ${server.apiKey}`, "content-type": type },
      })
    expect((await post("{", "application/json")).status).toBe(400)
    expect((await post("{}", "text/plain")).status).toBe(400)
    expect(
      (
        await fetch(`${server.url}/chat/completions`, {
          headers: { authorization: `Bearer ${server.apiKey}` },
        })
      ).status,
    ).toBe(405)
    expect(
      (await fetch(`${server.url}/other`, { headers: { authorization: `Bearer ${server.apiKey}` } })).status,
    ).toBe(404)
  })

  it("sees a client leave", async () => {
    const before = server.disconnects
    const stream = await client.chat.completions.create({ model: "endless", messages, stream: true })
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break
    await vi.waitFor(() => expect(server.disconnects).toBe(before + 1), { timeout: 10_000 })
  })
})
