import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { ModelFailure } from "#core/llm/failure"
import { startOpenAiServer, type OpenAiServer } from "#test/kit/llm/openai-server"
import { guardedFetch } from "#worker/egress/guard"
import { streamModel, testProvider } from "#worker/llm/gateway"
import { retryAfter } from "#worker/llm/http-failure"
import { redacted } from "#worker/llm/redact"
import { asking, codeOf, targetOf, tell, wayTo } from "./kit.ts"

let server: OpenAiServer

beforeAll(async () => {
  server = await startOpenAiServer()
})
afterAll(() => server.close())
afterEach(async () => {
  await vi.waitFor(() => expect(server.open).toBe(0), { timeout: 10_000 })
  server.requests.length = 0
  server.disconnects = 0
})

const ask = (model: string, more: object = {}, timeouts = {}) =>
  tell(targetOf(server, model, more), asking("Hello"), { egress: wayTo(server), timeouts })

describe("a refusal of the vendor", () => {
  const expected: [model: string, code: string, retry: boolean, waitMs: number | undefined][] = [
    ["rate-limited", "model.rate_limited", true, 2_000],
    ["rate-limited-ms", "model.rate_limited", true, 350],
    ["out-of-credit", "model.rate_limited", false, undefined],
    ["error-500", "model.overloaded", true, undefined],
    ["error-529", "model.overloaded", true, 30_000],
    ["html-error", "model.overloaded", true, undefined],
    ["forbidden", "model.unauthorized", false, undefined],
    ["bad-request", "model.bad_request", false, undefined],
    ["no-such-model", "model.not_found", false, undefined],
    ["ignores-stream", "model.stream_broken", false, undefined],
  ]
  for (const [model, code, retry, waitMs] of expected) {
    it(`${model} becomes ${code}, asked once`, async () => {
      const { failure, events } = await ask(model)
      expect(failure).toBeInstanceOf(ModelFailure)
      expect(failure).toMatchObject({ code, retry, retry_after_ms: waitMs })
      expect(events.map((event) => event.type)).toEqual(["started"])
      expect(server.requests).toHaveLength(1)
    })
  }

  it("says what the vendor said, in one line, without keys or HTML", async () => {
    expect((await ask("bad-request")).failure).toMatchObject({
      message: "The model provider answered (HTTP 400): This model's maximum context length is 8192 tokens.",
    })
    expect(((await ask("html-error")).failure as Error).message).not.toContain("<")
    const leaked = ((await ask("leaky")).failure as Error).message
    expect(leaked).toBe("The model provider answered (HTTP 400): Bad thing with [key] second line")
  })

  it("about the key repeats nothing of the key", async () => {
    const { failure } = await ask("gpt-test", { api_key: "sk-wrong-0123456789" })
    expect(codeOf(failure)).toBe("model.unauthorized")
    expect((failure as Error).message).toBe("The model provider refused the API key.")
    expect(failure).not.toHaveProperty("cause")
    expect(codeOf((await ask("gpt-test", { api_key: undefined })).failure)).toBe("model.unauthorized")
    expect(server.requests.at(-1)?.headers.authorization).toBeUndefined()
  })

  it("is not even asked for with a key that no header can carry", async () => {
    const { failure } = await ask("gpt-test", { api_key: "sk-line\nbreak-secret" })
    expect(codeOf(failure)).toBe("model.unauthorized")
    expect(String(failure)).not.toContain("secret")
    expect(server.requests).toHaveLength(0)
  })
})

describe("an answer that breaks", () => {
  for (const model of ["cut", "no-finish", "bad-json"]) {
    it(`${model}: what came was told, then model.stream_broken`, async () => {
      const { failure, deltas, finished } = await ask(model)
      expect(failure).toMatchObject({ code: "model.stream_broken", retry: true })
      expect(deltas.length).toBeGreaterThan(0)
      expect(finished).toBeUndefined()
    })
  }

  it("with an error of the vendor inside is what that error says", async () => {
    expect((await ask("error-in-stream")).failure).toMatchObject({
      code: "model.overloaded",
      retry: true,
      message: "The model provider answered: The server is overloaded.",
    })
  })
})

describe("time", () => {
  it("runs out for a model that never begins", async () => {
    const { failure, events } = await ask("silent", {}, { first_token_ms: 80 })
    expect(failure).toMatchObject({
      code: "model.timeout",
      message: "The model did not begin to answer within 80 ms.",
    })
    expect(events).toHaveLength(1)
    await vi.waitFor(() => expect(server.disconnects).toBe(1), { timeout: 10_000 })
  })

  it("runs out for a model that falls silent", async () => {
    const { failure, deltas } = await ask("stall", {}, { idle_ms: 80 })
    expect(failure).toMatchObject({ code: "model.timeout" })
    expect(deltas).toHaveLength(2)
    await vi.waitFor(() => expect(server.disconnects).toBe(1), { timeout: 10_000 })
  })

  it("runs out for a model that never ends", async () => {
    const { failure, deltas } = await ask("slow", {}, { total_ms: 150 })
    expect(failure).toMatchObject({
      code: "model.timeout",
      message: "The model did not finish within 150 ms.",
    })
    expect(deltas.length).toBeGreaterThan(0)
  })

  it("does not run while the caller is slow", async () => {
    let text = ""
    for await (const event of streamModel(targetOf(server, "gpt-test"), asking("Hi"), {
      egress: wayTo(server),
      timeouts: { idle_ms: 60, first_token_ms: 500 },
    })) {
      if (event.type !== "delta") continue
      text += event.text
      if (text === "The") await new Promise((go) => setTimeout(go, 150))
    }
    expect(text).toMatch(/lazy dog/)
  })
})

describe("leaving", () => {
  it("by the signal closes the vendor's connection and throws the signal's reason", async () => {
    const leave = new AbortController()
    const seen: string[] = []
    const run = (async () => {
      for await (const event of streamModel(targetOf(server, "endless"), asking("Hi"), {
        egress: wayTo(server),
        signal: leave.signal,
      })) {
        seen.push(event.type)
        if (seen.length === 20) leave.abort(new Error("cancelled by a person"))
      }
    })()
    await expect(run).rejects.toThrow("cancelled by a person")
    await vi.waitFor(() => expect(server.disconnects).toBe(1), { timeout: 10_000 })
    expect(seen.length).toBeLessThan(25)
  })

  it("before the first token closes it too", async () => {
    const leave = new AbortController()
    setTimeout(() => leave.abort(new Error("too late")), 30)
    const { failure } = await tell(targetOf(server, "silent"), asking("Hi"), {
      egress: wayTo(server),
      signal: leave.signal,
    })
    expect(failure).toMatchObject({ message: "too late" })
    await vi.waitFor(() => expect(server.disconnects).toBe(1), { timeout: 10_000 })
  })

  it("the loop closes it too", async () => {
    for await (const event of streamModel(targetOf(server, "endless"), asking("Hi"), {
      egress: wayTo(server),
    }))
      if (event.type === "delta") break
    await vi.waitFor(() => expect(server.disconnects).toBe(1), { timeout: 10_000 })
  })

  it("before the call sends nothing", async () => {
    const { failure } = await tell(targetOf(server, "gpt-test"), asking("Hi"), {
      egress: wayTo(server),
      signal: AbortSignal.abort(new Error("never mind")),
    })
    expect(failure).toMatchObject({ message: "never mind" })
    expect(server.requests).toHaveLength(0)
  })
})

describe("the way out", () => {
  it("is the egress guard: a private address is refused before a packet", async () => {
    const sent = vi.fn()
    const { failure } = await tell(
      { provider_type: "openai_compatible", base_url: "http://169.254.169.254/v1", model: "x" },
      asking("Hi"),
      {
        egress: guardedFetch({ fetch: sent as unknown as typeof fetch }),
      },
    )
    expect(failure).toMatchObject({ code: "egress.refused", retry: false })
    expect(sent).not.toHaveBeenCalled()
  })

  it("cuts an answer that grows without end", async () => {
    const { failure } = await tell(targetOf(server, "endless"), asking("Hi"), {
      egress: wayTo(server, { maxBytes: 100_000 }),
    })
    expect(codeOf(failure)).toBe("egress.refused")
    await vi.waitFor(() => expect(server.disconnects).toBe(1), { timeout: 10_000 })
  })

  it("that leads nowhere is model.unreachable", async () => {
    const { failure } = await tell(
      { provider_type: "openai_compatible", base_url: "http://127.0.0.1:9/v1", model: "x" },
      asking("Hi"),
      { egress: guardedFetch({ allow: ["127.0.0.1:9"] }) },
    )
    expect(failure).toMatchObject({
      code: "model.unreachable",
      retry: true,
      message: "The model provider cannot be reached.",
    })
  })
})

describe("an address that is none", () => {
  it("is a bad request, for a call as for a test", async () => {
    for (const base_url of ["nowhere", "", undefined]) {
      const { failure } = await ask("gpt-test", { base_url })
      expect([base_url, codeOf(failure)]).toEqual([base_url, "model.bad_request"])
      const tested = await testProvider(
        { provider_type: "openai_compatible", base_url },
        { egress: wayTo(server) },
      )
      expect([base_url, tested.error?.code]).toEqual([base_url, "model.bad_request"])
    }
    expect(server.requests).toHaveLength(0)
  })
})

describe("words of a vendor", () => {
  it("lose every key and stay short", () => {
    expect(redacted("bad key sk-proj-abc123DEF456 and Bearer abcdefghij", [])).toBe("bad key [key] and [key]")
    expect(redacted("token s3cr3t!value in text", ["s3cr3t!value"])).toBe("token [key] in text")
    expect(redacted("a\r\nb\u001b[31mc\u2028d", [])).toBe("a b [31mc d")
    expect(redacted("x".repeat(1_000), [])).toHaveLength(300)
  })

  it("about waiting are read as seconds, milliseconds or a date, within an hour", () => {
    const wait = (headers: Record<string, string>) =>
      retryAfter(new Headers(headers), Date.parse("2026-03-04T12:00:00Z"))
    expect(wait({ "retry-after": "3" })).toBe(3_000)
    expect(wait({ "retry-after": "Wed, 04 Mar 2026 12:00:30 GMT" })).toBe(30_000)
    expect(wait({ "retry-after": "Wed, 04 Mar 2026 11:00:00 GMT" })).toBe(0)
    expect(wait({ "retry-after": "86400" })).toBe(3_600_000)
    expect(wait({ "retry-after": "-5" })).toBe(0)
    expect(wait({ "retry-after": "soon" })).toBeUndefined()
    expect(wait({})).toBeUndefined()
  })
})
