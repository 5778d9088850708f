import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { Failure } from "#core/errors"
import { AliasSettings } from "#core/contract/model-aliases"
import type { ProviderId } from "#core/ids"
import type { ModelCall, ToolSpec } from "#core/llm/call"
import type { ModelEvent } from "#core/llm/event"
import { ModelFailure } from "#core/llm/failure"
import type { ModelChoice } from "#durable/execution/ports"
import { startOpenAiServer, type OpenAiServer } from "#test/kit/llm/openai-server"
import { breakerOf, isOpen } from "#worker/llm/breakers"
import { askInTurn, type Question } from "#worker/services/providers/failover"
import type { Plan, Route } from "#worker/services/providers/routes"
import { wayTo } from "./kit.ts"

let server: OpenAiServer
beforeAll(async () => {
  server = await startOpenAiServer()
})
afterAll(() => server.close())
beforeEach(() => void (server.requests.length = 0))

const said = "The quick brown fox jumps over the lazy dog."
const provider = "provider_01J00000000000000000000000" as ProviderId
const route = (model: string, order: number, more: Partial<Route> = {}): Route => ({
  llm_provider_id: provider,
  model,
  order,
  weight: 1,
  ...more,
})
const chain = (models: string[], settings: Partial<AliasSettings> = {}): Plan => ({
  alias: "smart",
  routes: models.map((model, i) => route(model, i)),
  settings: AliasSettings.parse({ retries: 0, idle_ms: 150, first_token_ms: 150, ...settings }),
})

/** A tenant of its own for each question, so that no breaker of another test is in the way. */
let tenants = 0
const freshTenant = () => `tenant_${(tenants += 1)}`

type Told = { text: string; log: string[]; finished: Finished | undefined; failure: unknown }
type Finished = Extract<ModelEvent, { type: "finished" }>

async function ask(plan: Plan, call: Partial<ModelCall> = {}, more: Partial<Question> = {}): Promise<Told> {
  const log: string[] = []
  const told: Told = { text: "", log, finished: undefined, failure: undefined }
  const name = ({ model, alias }: ModelChoice) => `${alias}/${model}`
  try {
    for await (const event of askInTurn({
      tenant: freshTenant(),
      plan,
      call: { messages: [{ role: "user", content: "Hello" }], ...call },
      idempotency_key: "exec:step:1",
      signal: new AbortController().signal,
      egress: () => wayTo(server),
      provider: () =>
        Promise.resolve({
          id: provider,
          provider_type: "openai_compatible",
          config: { base_url: server.url },
          api_key: server.apiKey,
        }),
      chosen: (choice) => log.push(`chosen ${name(choice)}`),
      failed: (choice, { code }) => {
        log.push(`failed ${name(choice)} ${code}`)
        told.text = ""
      },
      now: () => Date.now(),
      chance: () => 0.5,
      ...more,
    })) {
      if (event.type === "delta") told.text += event.text
      if (event.type === "finished") told.finished = event
    }
  } catch (error) {
    told.failure = error
  }
  return told
}
const lastMessages = () => (server.requests.at(-1)!.body as { messages: unknown[] }).messages
const asked = () => server.requests.map((one) => (one.body as { model: string }).model)

describe("failover", () => {
  it("goes on to the next target on 429, 5xx, silence, broken streams and wrong keys, and says so", async () => {
    for (const [model, code] of [
      ["rate-limited", "model.rate_limited"],
      ["error-500", "model.overloaded"],
      ["html-error", "model.overloaded"],
      ["silent", "model.timeout"],
      ["stall", "model.timeout"],
      ["cut", "model.stream_broken"],
      ["bad-json", "model.stream_broken"],
      ["forbidden", "model.unauthorized"],
      ["no-such-model", "model.not_found"],
    ] as const) {
      const { log, text, finished } = await ask(chain([model, "gpt-test"]))
      expect(log).toEqual([`chosen smart/${model}`, `failed smart/${model} ${code}`, "chosen smart/gpt-test"])
      expect([text, finished?.text]).toEqual([said, said])
    }
  })

  it("does not for a call that is wrong as it is", async () => {
    const { failure, log } = await ask(chain(["bad-request", "gpt-test"]))
    expect(failure).toMatchObject({ code: "model.bad_request" })
    expect(log).toEqual(["chosen smart/bad-request"])
  })

  it("throws the last failure when every target fails", async () => {
    const { failure, log } = await ask(chain(["error-500", "rate-limited"]))
    expect(failure).toMatchObject({ code: "model.rate_limited", retry_after_ms: 2_000 })
    expect(log.filter((one) => one.startsWith("failed"))).toHaveLength(1)
  })

  it("is silent before the first token, and impossible after it, where nobody can be told", async () => {
    const before = await ask(chain(["error-500", "gpt-test"]), {}, { failed: undefined })
    expect(before.text).toBe(said)
    const after = await ask(chain(["cut", "gpt-test"]), {}, { failed: undefined })
    expect(after.failure).toMatchObject({ code: "model.stream_broken" })
    expect(asked()).toEqual(["error-500", "gpt-test", "cut"])
  })

  it("passes by a provider that is switched off", async () => {
    const plan = chain(["gpt-test"])
    plan.routes.unshift(route("gone", -1, { llm_provider_id: "provider_gone" }))
    const { text, log } = await ask(
      plan,
      {},
      {
        provider: (id) =>
          id === provider
            ? Promise.resolve({
                id: provider,
                provider_type: "openai_compatible",
                config: { base_url: server.url },
                api_key: server.apiKey,
              })
            : Promise.reject(new ModelFailure("model.not_found", { message: "switched off" })),
      },
    )
    expect(text).toBe(said)
    expect(log).toEqual(["chosen smart/gpt-test"])
  })

  it("ends at once when the caller leaves", async () => {
    const leave = new AbortController()
    const { failure } = await ask(
      chain(["rate-limited", "gpt-test"], { retries: 3 }),
      {},
      {
        signal: leave.signal,
        failed: () => leave.abort(new Error("gone")),
      },
    )
    expect(failure).toMatchObject({ message: "gone" })
    expect(asked()).toEqual(["rate-limited"])
  })
})

describe("a provider whose budget is spent", () => {
  const spent = (scope: string) =>
    new Failure("budget.exceeded", { more: { budget_scope: scope }, detail: "Nothing is left." })
  const holding =
    (model: string, scope: string): Question["hold"] =>
    (choice) =>
      choice.model === model ? Promise.reject(spent(scope)) : Promise.resolve(undefined)

  it("is passed by, unasked, and is not blamed", async () => {
    const tenant = freshTenant()
    const told = await ask(chain(["cut", "gpt-test"]), {}, { tenant, hold: holding("cut", "provider") })
    expect([told.text, asked()]).toEqual([said, ["gpt-test"]])
    expect(told.log).toEqual(["failed smart/cut budget.exceeded", "chosen smart/gpt-test"])
    expect(breakerOf({ tenant, provider_id: provider, model: "cut" })).toMatchObject({ failures: 0 })
  })

  it("ends the call when it is the last, and so does a budget that bears them all", async () => {
    for (const [plan, scope] of [
      [chain(["gpt-test"]), "provider"],
      [chain(["gpt-test", "slow"]), "tenant"],
    ] as const) {
      const { failure } = await ask(plan, {}, { hold: holding("gpt-test", scope) })
      expect(failure).toMatchObject({ code: "budget.exceeded", message: "Nothing is left." })
    }
    expect(asked()).toEqual([])
  })
})

describe("retries", () => {
  it("ask the same target again for what may pass, and wait as long as it asks", async () => {
    const start = performance.now()
    const { log } = await ask(chain(["rate-limited-ms", "gpt-test"], { retries: 1 }))
    expect(performance.now() - start).toBeGreaterThanOrEqual(345)
    expect(log).toEqual([
      "chosen smart/rate-limited-ms",
      "failed smart/rate-limited-ms model.rate_limited",
      "chosen smart/rate-limited-ms",
      "failed smart/rate-limited-ms model.rate_limited",
      "chosen smart/gpt-test",
    ])
  })

  it("do not wait longer than is allowed, and are not made for what will not pass", async () => {
    await ask(chain(["rate-limited", "gpt-test"], { retries: 5, max_wait_ms: 1_000 }))
    await ask(chain(["forbidden", "gpt-test"], { retries: 5 }))
    expect(asked()).toEqual(["rate-limited", "gpt-test", "forbidden", "gpt-test"])
  })
})

describe("an answer that breaks off", () => {
  it("goes on at the next target where the alias says so, as one text", async () => {
    const { text, finished, log } = await ask(chain(["cut", "gpt-test"], { splice: true }))
    expect(log[1]).toBe("failed smart/cut model.stream_broken")
    expect(text).toBe(`The quick${said}`)
    expect(finished?.text).toBe(text)
    expect(lastMessages()).toMatchObject([
      { role: "user", content: "Hello" },
      { role: "assistant", content: "The quick" },
      { role: "user", content: expect.stringContaining("broke off") as string },
    ])
  })

  it("begins anew where JSON or tools are asked for", async () => {
    const output_schema = { type: "object", properties: { n: { type: "number" } }, required: ["n"] }
    const { finished } = await ask(chain(["cut", "gpt-test"], { splice: true }), { output_schema })
    expect(finished?.object).toEqual({ n: 7 })
    expect(lastMessages()).toHaveLength(1)
  })
})

describe("a target that fails again and again", () => {
  it("is left out, tried by one call after a while, and taken back when that succeeds", async () => {
    const tenant = freshTenant()
    let now = 1_000_000
    const key = { tenant, provider_id: provider, model: "flaky" }
    const with_ = (models: string[], more: Partial<Question> = {}) =>
      ask(chain(models), {}, { tenant, now: () => now, ...more })
    for (let i = 0; i < 5; i++) await with_(["flaky", "gpt-test"])
    expect(isOpen(key, now)).toBe(true)
    server.requests.length = 0
    expect((await with_(["flaky", "gpt-test"])).text).toBe(said)
    expect(asked()).toEqual(["gpt-test"])
    now = breakerOf(key).until!
    await with_(["flaky", "gpt-test"])
    await with_(["flaky", "gpt-test"])
    expect(asked()).toEqual(["gpt-test", "flaky", "gpt-test", "gpt-test"])
  })

  it("is asked all the same when there is no other", async () => {
    const tenant = freshTenant()
    for (let i = 0; i < 7; i++) await ask(chain(["error-500", "flaky"]), {}, { tenant })
    server.requests.length = 0
    await ask(chain(["error-500", "flaky"]), {}, { tenant })
    expect(asked()).toHaveLength(1)
  })
})

describe("chaos", () => {
  const search: ToolSpec = {
    name: "search",
    description: "Searches.",
    input_schema: { type: "object", properties: { q: { type: "string" } }, required: ["q"] },
  }
  const broken = [
    "tool-cut",
    "tool-no-finish",
    "tool-bad-json",
    "rate-limited-ms",
    "error-500",
    "html-error",
    "stall",
    "bad-json",
    "huge-usage",
  ]

  it("200 calls of which the first target of 30 % misbehaves all end, with tool calls of whole streams only", async () => {
    const results = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const first = i % 10 < 3 ? broken.at(Math.floor(i / 10) % broken.length)! : "tool-call"
        return {
          first,
          ...(await ask(chain([first, "tool-call"], { first_token_ms: 10_000, idle_ms: 3_000 }), {
            tools: [search],
          })),
        }
      }),
    )
    expect(results.filter((one) => one.failure !== undefined)).toEqual([])
    for (const { first, finished } of results) {
      if (first === "huge-usage") expect(finished?.usage).toMatchObject({ estimated: true })
      else
        expect([first, finished?.tool_calls]).toEqual([
          first,
          [{ id: "call_1_0", name: "search", arguments: { q: "sample" } }],
        ])
      expect(finished!.usage.output_tokens).toBeLessThan(1_000)
    }
  }, 60_000)

  it("of broken targets alone ends in failures, and never in a tool call", async () => {
    const results = await Promise.all(
      broken
        .filter((model) => model !== "huge-usage")
        .map((model) => ask(chain([model], { idle_ms: 300, first_token_ms: 300 }), { tools: [search] })),
    )
    for (const { failure, finished } of results) {
      expect(failure).toBeInstanceOf(ModelFailure)
      expect(finished).toBeUndefined()
    }
  })
})
