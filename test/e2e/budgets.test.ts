import { rmSync } from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"
import { Webhook } from "standardwebhooks"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { budgetsApi, type Budget } from "#core/contract/budgets"
import { providersApi } from "#core/contract/llm-providers"
import { startHttpServer, type HttpServer } from "#test/kit/http-server"
import { startOpenAiServer, type OpenAiServer } from "#test/kit/llm/openai-server"
import { newState, Server } from "#test/kit/server"
import { Client } from "./kit/client.ts"
import { register, unique, type Tenant } from "./kit/world.ts"

const price = { input: 1_000_000, output: 4_000_000 }

let vendor: OpenAiServer
let listener: HttpServer
let server: Server
let settings: Record<string, string>
let acme: Tenant
beforeAll(async () => {
  ;[vendor, listener] = await Promise.all([startOpenAiServer(), startHttpServer()])
  settings = { EDGECREW_EGRESS_ALLOW: `${vendor.host},${listener.host}` }
  server = await Server.start({ state: newState(), settings })
  acme = await register(await Client.of(server.address))
})
afterAll(async () => {
  await server?.stop()
  if (server) rmSync(server.state, { recursive: true, force: true })
  await Promise.all([vendor?.close(), listener?.close()])
})

const models = { "gpt-test": price, cut: price, "error-500": price, slow: price }

/** A tenant whose models cost something. */
async function priced(tenant: Tenant): Promise<void> {
  await tenant.admin.ask(providersApi.create.reply, "POST", "/llm-providers", {
    body: {
      name: unique("Vendor"),
      provider_type: "openai_compatible",
      api_credentials: { api_key: vendor.apiKey },
      config: { base_url: vendor.url, prices: models },
      is_default: true,
    },
  })
}

const set = async (
  tenant: Tenant,
  body: object,
): Promise<{ budget: Budget; alert_webhook_secret: string | null }> =>
  tenant.admin.ask(budgetsApi.create.reply, "POST", "/budgets", { body })
const look = async (tenant: Tenant, id: string): Promise<Budget> =>
  (await tenant.admin.ask(budgetsApi.get.reply, "GET", `/budgets/${id}`)).budget

/** One streamed answer of OpenAI's endpoint; `leaves` hangs up after its first piece. */
async function stream(tenant: Tenant, model: string, leaves: boolean): Promise<number> {
  const gone = new AbortController()
  const answer = await fetch(`${server.address}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${tenant.admin.token}`, "content-type": "application/json" },
    body: JSON.stringify({
      model,
      stream: true,
      max_tokens: 50,
      messages: [{ role: "user", content: "Hello" }],
    }),
    signal: gone.signal,
  })
  const reader = answer.body!.getReader()
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    if (!leaves) continue
    gone.abort()
    await reader.cancel().catch(() => {})
    break
  }
  return answer.status
}

/** Waits until nothing is held any more: whoever hangs up is settled a moment later. */
async function atRest(tenant: Tenant, id: string): Promise<NonNullable<Budget["state"]>> {
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(50)) {
    const { state } = await look(tenant, id)
    if (state?.reserved_micros === 0) return state
  }
  throw new Error("something is still held")
}

describe("a cap", () => {
  it("is never passed by 200 streams at once, some of which break, fail or are hung up on", async () => {
    await priced(acme)
    const cap = 120_000
    const { budget } = await set(acme, { name: "Cap", scope: "tenant", limit_micros: cap })
    let most = 0
    const watching = setInterval(() => {
      void look(acme, budget.id).then(({ state }) => {
        most = Math.max(most, (state?.spent_micros ?? 0) + (state?.reserved_micros ?? 0))
      })
    }, 50)
    vendor.requests.length = 0
    const names = ["gpt-test", "cut", "error-500", "slow", "gpt-test"]
    const ends = await Promise.all(
      Array.from({ length: 200 }, (_, i) => stream(acme, names[i % 5]!, i % 5 === 3).catch(() => 0)),
    )
    const state = await atRest(acme, budget.id)
    clearInterval(watching)
    const refused = ends.filter((status) => status === 402).length
    expect(refused).toBeGreaterThan(0)
    expect(state.refused).toBe(refused)
    // What was refused was never sent.
    expect(vendor.requests).toHaveLength(200 - refused)
    expect(state.spent_micros).toBeGreaterThan(0)
    expect(Math.max(most, state.spent_micros)).toBeLessThanOrEqual(cap)
    // The same money, counted by the spans.
    const spent = await costOf(acme)
    expect(spent).toBe(state.spent_micros)
  })

  it("outlasts the server's death: what was held comes back or is entered, and nothing twice", async () => {
    const tenant = await register(await Client.of(server.address))
    await priced(tenant)
    const { budget } = await set(tenant, { name: "Cap", scope: "tenant", limit_micros: 1_000_000 })
    expect(await stream(tenant, "gpt-test", false)).toBe(200)
    const { spent_micros } = await atRest(tenant, budget.id)
    const { state: folder, address } = server
    await server.crash()
    server = await Server.startAgain({ state: folder, settings, port: Number(new URL(address).port) })
    const { state } = await look(tenant, budget.id)
    expect(state).toMatchObject({ spent_micros, reserved_micros: 0 })
  })
})

describe("an alert", () => {
  it("arrives signed, once for each step", async () => {
    const tenant = await register(await Client.of(server.address))
    await priced(tenant)
    const { budget, alert_webhook_secret: secret } = await set(tenant, {
      name: "Small",
      scope: "tenant",
      limit_micros: 60,
      mode: "soft",
      alert_webhook_url: `${listener.url}/echo`,
    })
    listener.received.length = 0
    await stream(tenant, "gpt-test", false)
    await stream(tenant, "gpt-test", false)
    const types = () =>
      listener.received.map(({ body, headers }) => {
        const said = new Webhook(secret!).verify(body, headers) as { type: string; data: { percent: number } }
        return [said.type, said.data.percent]
      })
    await expect.poll(() => types().at(-1), { timeout: 20_000 }).toEqual(["budget.threshold", 100])
    // What would come twice would come now.
    await sleep(1_500)
    expect(new Set(types().map(String)).size).toBe(types().length)
    expect(types().at(-1)).toEqual(["budget.threshold", 100])
    expect((await look(tenant, budget.id)).state?.alerted_percent).toBe(100)
  })
})

/** What all calls of a tenant have cost, by their spans. */
async function costOf(tenant: Tenant): Promise<number> {
  for (let before = -1, end = Date.now() + 15_000; Date.now() < end; await sleep(500)) {
    let [sum, page] = [0, 1]
    for (let more = true; more; page++) {
      const answer = await tenant.admin.send("GET", `/traces/search?kind=model&limit=100&page=${page}`)
      const { spans, page_info } = answer.body as {
        spans: { cost_micros: number }[]
        page_info: { has_next: boolean }
      }
      sum += spans.reduce((all, { cost_micros }) => all + cost_micros, 0)
      more = page_info.has_next
    }
    if (sum === before) return sum
    before = sum
  }
  throw new Error("the spans do not come to rest")
}
