import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Budget } from "#core/governor/budget"
import { reserve, settle, type Account } from "#core/governor/ledger"
import type { ModelCall } from "#core/llm/call"
import { cost, type Price } from "#core/llm/price"
import { Failure } from "#core/errors"
import { startOpenAiServer, type OpenAiServer } from "#test/kit/llm/openai-server"
import { PaperBooks } from "#test/kit/paper-books"
import { streamModel } from "#worker/llm/gateway"
import type { Held } from "#worker/llm/held"
import type { Spent } from "#worker/llm/meter"
import { worstCost } from "#worker/llm/worst"
import { asking, codeOf, targetOf, tell, wayTo } from "./kit.ts"

let server: OpenAiServer
beforeAll(async () => {
  server = await startOpenAiServer()
})
afterAll(() => server.close())
beforeEach(() => void (server.requests.length = 0))

const price: Price = { input: 1_000_000, output: 4_000_000 }
const noon = Date.parse("2026-11-22T12:00:00Z")

/** A ledger with one cap, which remembers the most that was ever held and spent together. */
class Watched extends PaperBooks {
  most = 0
  refused = 0
  private count = 0

  constructor(limit_micros: number) {
    const budget: Budget = {
      id: "budget_a",
      name: "All",
      scope: "tenant",
      target_id: null,
      limit_micros,
      period: "month",
      mode: "hard",
      version: 1,
    }
    super([budget])
    const keep = this.keepAccount
    this.keepAccount = (account: Account) => {
      this.most = Math.max(this.most, account.spent + account.reserved)
      keep(account)
    }
  }

  get now(): Account {
    return this.account("budget_a", "2026-11")!
  }

  readonly hold = async (call: ModelCall): Promise<Held> => {
    const limited = { ...call, max_tokens: call.max_tokens ?? 50 }
    const id = `hold_${this.count++}`
    const amount = worstCost(limited, price)
    const held = reserve(this, { id, amount, path: {}, at: noon, expires: Infinity })
    if (!held.ok) {
      this.refused++
      throw new Failure("budget.exceeded")
    }
    const enter = async (usage: ReturnType<Spent>) =>
      void settle(this, id, usage ? Math.min(amount, cost(usage, price)) : 0)
    return { call: limited, settle: enter }
  }
}

const paid = (spents: Spent[]): number =>
  spents.reduce((sum, spent) => {
    const usage = spent()
    return sum + (usage ? cost(usage, price) : 0)
  }, 0)

describe("a call under a cap", () => {
  it("[HD1] of which 200 come at once never passes it, and what is entered is what they cost", async () => {
    const books = new Watched(100_000)
    const spents: Spent[] = []
    const models = ["gpt-test", "cut", "error-500", "gpt-test"]
    const calls = Array.from({ length: 200 }, (_, i) =>
      tell(targetOf(server, models[i % 4]!), asking(`Hello ${i}`), {
        egress: wayTo(server),
        hold: books.hold,
        sending: (spent) => void spents.push(spent),
      }),
    )
    const ends = await Promise.all(calls)
    expect(books.most).toBeLessThanOrEqual(100_000)
    expect(books.refused).toBeGreaterThan(0)
    expect(ends.filter(({ failure }) => failure instanceof Failure)).toHaveLength(books.refused)
    // What was refused was never sent.
    expect(server.requests).toHaveLength(200 - books.refused)
    expect(spents).toHaveLength(200 - books.refused)
    expect(books.now).toMatchObject({ reserved: 0, spent: paid(spents) })
    expect(books.now.spent).toBeGreaterThan(0)
  })

  it("[HD2] is settled when whoever asked leaves in the middle of the answer", async () => {
    const books = new Watched(1_000_000)
    const spents: Spent[] = []
    const leaving = new AbortController()
    const left = streamModel(targetOf(server, "slow"), asking("Hello"), {
      egress: wayTo(server),
      hold: books.hold,
      sending: (spent) => void spents.push(spent),
    })
    for await (const event of left) if (event.type === "delta") break
    const aborted = await tell(targetOf(server, "slow"), asking("Hello"), {
      egress: wayTo(server),
      hold: (call) => {
        setTimeout(() => leaving.abort(), 20)
        return books.hold(call)
      },
      signal: leaving.signal,
      sending: (spent) => void spents.push(spent),
    })
    expect(aborted.failure).toBeDefined()
    expect(books.now).toMatchObject({ reserved: 0, spent: paid(spents) })
    expect(books.now.spent).toBeGreaterThan(0)
  })

  it("[HD3] that nobody has limited is sent with the limit that it was held for", async () => {
    const books = new Watched(1_000_000)
    await tell(targetOf(server, "gpt-test"), asking("Hello"), { egress: wayTo(server), hold: books.hold })
    await tell(targetOf(server, "gpt-test"), asking("Hello", { max_tokens: 20 }), {
      egress: wayTo(server),
      hold: books.hold,
    })
    // What the test before left in the middle may arrive only now: it asked another model.
    const sent = server.requests.map(({ body }) => body as { model?: string; max_tokens?: number })
    const limits = sent.filter(({ model }) => model === "gpt-test").map(({ max_tokens }) => max_tokens)
    expect(limits).toEqual([50, 20])
  })

  it("[HD5] is cut off when its model does not keep to the limit", async () => {
    const books = new Watched(1_000_000)
    const { failure, text } = await tell(targetOf(server, "endless"), asking("Hello", { max_tokens: 20 }), {
      egress: wayTo(server),
      hold: books.hold,
    })
    expect(codeOf(failure)).toBe("model.bad_output")
    expect(text.length).toBeLessThan(9_000)
    const [{ amount } = { amount: 0 }] = books.reservations.values()
    expect(books.now.reserved).toBe(0)
    // What it said beyond its limit is paid for, as far as it was listened to and held.
    expect(books.now.spent).toBeGreaterThan(20 * 4)
    expect(books.now.spent).toBeLessThanOrEqual(amount)
  })

  it("[HD4] that is mended is held and settled for every request", async () => {
    const books = new Watched(10_000_000)
    const spents: Spent[] = []
    const schema = { type: "object", properties: { n: { type: "number" } }, required: ["n"] }
    await tell(targetOf(server, "gpt-test"), asking("Hello", { output_schema: schema }), {
      egress: wayTo(server),
      hold: books.hold,
      sending: (spent) => void spents.push(spent),
      again: () => {},
    })
    expect(spents.length).toBe(server.requests.length)
    expect(books.reservations.size).toBe(spents.length)
    expect(books.now).toMatchObject({ reserved: 0, spent: paid(spents) })
  })
})
