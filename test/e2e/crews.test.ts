import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { agentsApi } from "#core/contract/agents"
import { ChatEvent, chatApi, type ChatMessage } from "#core/contract/chat"
import { crewsApi } from "#core/contract/crews"
import { providersApi } from "#core/contract/llm-providers"
import { aliasesApi } from "#core/contract/model-aliases"
import { tracesApi } from "#core/contract/traces"
import { reduceMessages } from "#core/chat/reduce"
import type { ExecutionEvent } from "#core/execution/event"
import { cost, priceOf, priceTable } from "#core/llm/price"
import { startOpenAiServer, type OpenAiServer } from "#test/kit/llm/openai-server"
import { scenarios } from "#test/kit/llm/openai-scenarios"
import { startFresh, type Server } from "#test/kit/server"
import { Client } from "./kit/client.ts"
import { createParser } from "./kit/sse.ts"
import { textOf, watch } from "./kit/stream.ts"
import { chain, journal, publish, register, settled, start, unique } from "./kit/world.ts"

/** Models of the stand-in that have a price: the lead hands work to each in turn, a member says a few words about its task. */
const lead = "gpt-4o"
const member = "gpt-4o-mini"
const team = ["researcher", "writer", "critic"] as const

scenarios[lead] = {
  about: "hands its work to each of the team, then says what the last one said",
  text: ({ messages }) => {
    const answers = messages.filter((one) => one.role === "tool")
    return answers.length < team.length ? "" : `In short: ${String(answers.at(-1)?.content)}`
  },
  toolCalls: ({ messages }) => {
    const position = team[messages.filter((one) => one.role === "tool").length]
    return position === undefined
      ? []
      : [{ name: `delegate_to_${position}`, arguments: JSON.stringify({ task: `Part of the ${position}` }) }]
  },
}
scenarios[member] = {
  about: "says a dozen words, one every 40 ms",
  text: ({ messages }) =>
    `${String(messages.at(-1)?.content).slice(0, 40)}: one two three four five six seven eight nine ten`,
  pace: 40,
}

let vendor: OpenAiServer
let server: Server
let end = (): Promise<void> => Promise.resolve()
let admin: Client
let crew: string
let providerId: string

beforeAll(async () => {
  vendor = await startOpenAiServer()
  ;({ server, end } = await startFresh({ settings: { EDGECREW_EGRESS_ALLOW: vendor.host } }))
  admin = (await register(await Client.of(server.address))).admin
  const { llm_provider } = await admin.ask(providersApi.create.reply, "POST", "/llm-providers", {
    body: {
      name: "Vendor",
      provider_type: "openai",
      api_credentials: { api_key: vendor.apiKey },
      config: { base_url: vendor.url },
    },
  })
  providerId = llm_provider.id
  const boss = await agent("Boss", lead)
  const members = await Promise.all(team.map((name) => agent(name, member)))
  const made = await admin.ask(crewsApi.create.reply, "POST", "/crews", {
    body: {
      name: "Team",
      collaboration_pattern: "hierarchical",
      agents: [
        { agent_id: boss, position: "boss" },
        ...team.map((position, i) => ({ agent_id: members[i], position })),
      ],
      tasks: [{ id: "report", description: "Report on {{ input.message ? input.message : input.topic }}" }],
      config: { manager: "boss" },
    },
  })
  expect(made.findings).toEqual([])
  crew = made.crew.id
})
afterAll(async () => {
  await end()
  await vendor.close()
})

async function agent(name: string, model: string): Promise<string> {
  const body = { name, role: name, model, llm_provider_id: providerId }
  return (await admin.ask(agentsApi.create.reply, "POST", "/agents", { body })).agent.id
}

/** What the vendor's own figures come to, by the price table. */
function costOf(events: readonly ExecutionEvent[]): number {
  return events.reduce((sum, event) => {
    if (event.type !== "model.finished") return sum
    return (
      sum + cost({ ...event.data.usage, estimated: false }, priceOf(priceTable, "openai", event.data.model)!)
    )
  }, 0)
}

/** Everybody worked once, in the order in which they were asked, and it cost what it cost. */
function expectWhole(events: readonly ExecutionEvent[], told: number): void {
  const delegated = events.filter((event) => event.type === "agent.delegated")
  expect(delegated.map((event) => event.data)).toMatchObject(team.map((to) => ({ to })))
  const finished = events.filter((event) => event.type === "model.finished")
  expect(finished.map((event) => event.data.model)).toEqual([lead, member, lead, member, lead, member, lead])
  expect(told).toBe(costOf(events))
  expect(told).toBeGreaterThan(0)
}

const answer = "In short: Part of the critic: one two three four five six seven eight nine ten"

describe("a crew of three with a manager, on a vendor's protocol", () => {
  it("works by itself, with every delegation in the journal and the cost right", async () => {
    const body = { input: { topic: "trams" } }
    const { execution_id } = await admin.ask(crewsApi.test.reply, "POST", `/crews/${crew}/test`, { body })
    const ended = await settled(admin, execution_id)
    expect(ended).toMatchObject({ status: "succeeded", outputs: answer })
    expectWhole(await journal(admin, execution_id), ended.cost_micros)
  })

  it("works in a flow", async () => {
    const flow = await publish(admin, {
      name: unique("Crew"),
      ...chain(
        { id: "input", type: "input", data: {} },
        { id: "team", type: "crew", data: { crew_id: crew, input: { topic: "{{ input.topic }}" } } },
        { id: "result", type: "output", data: { value: "{{ nodes.team }}" } },
      ),
    })
    const execution = await start(admin, flow, { topic: "trams" })
    const ended = await settled(admin, execution)
    expect(ended).toMatchObject({ status: "succeeded", outputs: answer })
    expectWhole(await journal(admin, execution), ended.cost_micros)
  })

  it("loses nothing when the server is killed while one of them speaks", async () => {
    const body = { input: { topic: "trams" } }
    const { execution_id } = await admin.ask(crewsApi.test.reply, "POST", `/crews/${crew}/test`, { body })
    const seen = await watch(admin, execution_id, {
      until: (event, all) =>
        event.type === "model.delta" &&
        all.filter((one) => one.type === "agent.delegated").length === 2 &&
        textOf(all, "think").includes("three"),
    })
    process.kill(server.workerd(), "SIGKILL")
    await expect
      .poll(() => admin.send("GET", "/executions?limit=1").then(({ status }) => status, String), {
        timeout: 20_000,
      })
      .toBe(200)
    const ended = await settled(admin, execution_id)
    expect(ended).toMatchObject({ status: "succeeded", outputs: answer })
    const events = await journal(admin, execution_id)
    expect(events.slice(0, seen.length)).toEqual(seen)
    expectWhole(events, ended.cost_micros)
  })

  it("answers in a chat, whose stream is cut again and again and comes to the same", async () => {
    const { session } = await admin.ask(chatApi.create.reply, "POST", "/chat/sessions", {
      body: { crew_id: crew },
    })
    const path = `/chat/sessions/${session.id}`
    const cut = readInPieces(`${path}/stream`)
    await admin.ask(chatApi.send.reply, "POST", `${path}/messages`, { body: { content: "trams" } })
    const told = await cut
    const { messages } = await admin.ask(chatApi.messages.reply, "GET", `${path}/messages`)
    const said = messages.find((one) => one.role === "assistant")!
    expect(said).toMatchObject({ status: "done", content: answer })
    expect(told).toEqual(said)
    expect(said.steps.filter((step) => step.type === "delegation").map((step) => step.title)).toEqual([
      ...team,
    ])
    expectWhole(await journal(admin, said.execution_id!), said.cost_micros)
  })
})

/** Reads a chat's stream for 200 ms at a time, until its answer is done; answers with the message that this comes to. */
async function readInPieces(path: string): Promise<ChatMessage> {
  let messages: readonly ChatMessage[] = []
  let last = 0
  for (let tries = 0; tries < 200; tries++) {
    const leave = AbortSignal.timeout(200)
    try {
      const headers = { "last-event-id": String(last) }
      const response = await admin.open("GET", path, { headers }, leave)
      const next = createParser()
      const decoder = new TextDecoder()
      for await (const chunk of response.body!)
        for (const { data } of next(decoder.decode(chunk, { stream: true }))) {
          const event = ChatEvent.parse(JSON.parse(data))
          last = event.seq
          messages = reduceMessages(messages, event)
        }
    } catch (error) {
      if (!leave.aborted) throw error
    }
    const said = messages.find((one) => one.role === "assistant")
    if (said?.status === "done") return said
    await sleep(20)
  }
  throw new Error(`The answer did not end: ${JSON.stringify(messages.at(-1))}`)
}

describe("a model that has an understudy", () => {
  it("fails over, and the trace shows both", async () => {
    const targets = [
      { llm_provider_id: providerId, model: "error-500", order: 0 },
      { llm_provider_id: providerId, model: member, order: 1 },
    ]
    await admin.ask(aliasesApi.create.reply, "POST", "/model-aliases", {
      body: { name: "sturdy", targets, settings: { retries: 0 } },
    })
    const id = await agent("Sturdy", "sturdy")
    const body = { task: "Say something" }
    const { execution_id } = await admin.ask(agentsApi.test.reply, "POST", `/agents/${id}/test`, { body })
    expect(await settled(admin, execution_id)).toMatchObject({ status: "succeeded" })
    const { spans } = await admin.ask(tracesApi.ofExecution.reply, "GET", `/executions/${execution_id}/spans`)
    const asked = spans.filter((span) => span.kind === "model")
    expect(asked.map(({ model, status }) => [model, status])).toEqual([
      ["error-500", "error"],
      [member, "ok"],
    ])
  })
})
