import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { agentsApi } from "#core/contract/agents"
import { executionsApi } from "#core/contract/executions"
import { aliasesApi } from "#core/contract/model-aliases"
import { tracesApi } from "#core/contract/traces"
import type { Scenario } from "#test/kit/llm/openai-scenarios"
import { startOpenAiServer, type OpenAiServer } from "#test/kit/llm/openai-server"
import { startFresh, type Server } from "#test/kit/server"
import { Client, problemOf } from "./kit/client.ts"
import { create, provider as vendorAccount, register, summary, unique } from "./kit/world.ts"

/** Models that never come to an end, people who do not wait for it, and a limit that waits for nobody. */
const limitSeconds = 3
const patient = { timeout: 20_000, interval: 50 }

let server: Server
let end = (): Promise<void> => Promise.resolve()
let vendor: OpenAiServer
let admin: Client
let provider: string
let flow: string
let play: Scenario
beforeAll(async () => {
  vendor = await startOpenAiServer({ choose: () => play })
  const settings = { EDGECREW_EGRESS_ALLOW: vendor.host, EDGECREW_BUILDER_SECONDS: `${limitSeconds}` }
  const started = await startFresh({ settings })
  server = started.server
  end = started.end
  admin = (await register(await Client.of(server.address))).admin
  provider = await vendorAccount(admin, vendor)
  flow = await create(admin, summary())
})
afterAll(async () => {
  await end()
  await vendor?.close()
})

const silent: Scenario = { about: "never answers", silent: true }
const stalls: Scenario = {
  about: "stops in the middle",
  text: () => "One two three four",
  after: { chunks: 3, act: "stall" },
}
const ways = [
  ["before its first word", silent],
  ["in the middle of a sentence", stalls],
] as const

/** What the vendor is asked by one act, and whether its connection was given up. */
function watched() {
  const [requests, disconnects] = [vendor.requests.length, vendor.disconnects]
  return {
    asked: () => expect.poll(() => vendor.requests.length, patient).toBeGreaterThan(requests),
    left: () => expect.poll(() => vendor.disconnects, patient).toBeGreaterThan(disconnects),
    count: () => vendor.requests.length - requests,
  }
}

describe("the builder in words", () => {
  const path = () => `/flows/${flow}/propose`
  const wish = () => ({ message: "Do what you like", llm_provider_id: provider, model: "gpt-test" })

  it.each(ways)("waits so long and no longer for a model that stops %s", async (_, scenario) => {
    play = scenario
    const vendors = watched()
    const answer = await admin.send("POST", path(), { body: wish() })
    expect(problemOf(answer)).toMatchObject({ status: 504, code: "builder.too_slow" })
    await vendors.left()
    // The limit is for all rounds together: nothing was tried again.
    expect(vendors.count()).toBe(1)
  })

  it("says so in a stream as well, after what it has heard", async () => {
    play = stalls
    const headers = { accept: "text/event-stream" }
    const response = await admin.open("POST", path(), { body: wish(), headers })
    const events = (await response.text()).split("\n\n").filter((one) => one.startsWith("event: "))
    expect(events[0]).toContain("event: progress")
    expect(events.at(-1)).toMatch(/^event: error\ndata: .*"code":"builder\.too_slow"/)
  })
})

describe("the OpenAI-compatible endpoint", () => {
  let alias: string
  let agent: string
  beforeAll(async () => {
    alias = unique("slow")
    await admin.ask(aliasesApi.create.reply, "POST", "/model-aliases", {
      body: { name: alias, targets: [{ llm_provider_id: provider, model: "gpt-test" }] },
    })
    const body = { name: unique("Ponderer"), role: "clerk", goal: "Ponder.", model: alias, status: "active" }
    agent = (await admin.ask(agentsApi.create.reply, "POST", "/agents", { body })).agent.id
  })

  const spans = async () =>
    (await admin.ask(tracesApi.search.reply, "GET", `/traces/search?model=gpt-test&text=Ponder`)).spans

  /** Asks, and leaves once the vendor has been asked and `heard` so much has come back. */
  async function askAndLeave(model: string, heard = ""): Promise<ReturnType<typeof watched>> {
    const vendors = watched()
    const leaving = new AbortController()
    const body = { model, stream: true, messages: [{ role: "user", content: "Ponder this." }] }
    const answer = fetch(`${server.address}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${admin.token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: leaving.signal,
    })
    const over = answer.catch(() => undefined)
    await vendors.asked()
    if (heard !== "") await hear(await answer, heard)
    leaving.abort()
    await over
    return vendors
  }

  it.each([
    ["before its first word", silent, ""],
    ["before its first word, once the stream has begun", silent, "still here"],
    ["in the middle of a sentence", stalls, "two"],
  ])("stops a model whose client hangs up %s", async (_, scenario, heard) => {
    play = scenario
    const before = (await spans()).length
    await (await askAndLeave(alias, heard)).left()
    // What it has taken is told all the same.
    await expect.poll(async () => (await spans()).length, patient).toBe(before + 1)
    expect((await spans())[0]?.status).toBe("cancelled")
  })

  it("cancels the execution of an agent whose client hangs up", async () => {
    play = silent
    await (await askAndLeave(`agent/${agent}`)).left()
    await expect
      .poll(async () => {
        const { executions } = await admin.ask(executionsApi.list.reply, "GET", "/executions?limit=1")
        return executions[0]?.status
      }, patient)
      .toBe("cancelled")
  })
})

/** Reads on until something was said. */
async function hear(response: Response, words: string): Promise<void> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  for (let text = ""; !text.includes(words);) {
    const { done, value } = await reader.read()
    if (done) throw new Error(`the stream ended with: ${text}`)
    text += value
  }
}
