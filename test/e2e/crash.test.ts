import { rmSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { executionsApi } from "#core/contract/executions"
import type { ExecutionEvent } from "#core/execution/event"
import { startOpenAiServer, type OpenAiServer } from "#test/kit/llm/openai-server"
import { newState, Server } from "#test/kit/server"
import { Client } from "./kit/client.ts"
import { textOf, watch } from "./kit/stream.ts"
import { slowModel, tale } from "./kit/tale.ts"
import {
  chain,
  journal,
  keyOf,
  look,
  provider,
  publish,
  register,
  settled,
  start,
  summary,
} from "./kit/world.ts"

let vendor: OpenAiServer
let server: Server
let key: Client
/** Flows: a model that takes its time, and the same between steps that are done before it and after it. */
let slow: string
let long: string
const state = newState()

const serve = (): Promise<Server> =>
  Server.start({ state, through: "npm", settings: { EDGECREW_EGRESS_ALLOW: vendor.host } })

beforeAll(async () => {
  vendor = await startOpenAiServer()
  server = await serve()
  const { admin } = await register(await Client.of(server.address))
  key = await keyOf(admin, "execution.start", "execution.read", "execution.cancel")
  const llm_provider_id = await provider(admin, vendor)
  slow = await publish(admin, summary({ llm_provider_id, model: slowModel }))
  const prompt = "Tell {{ input.text }}"
  long = await publish(admin, {
    name: "Long",
    ...chain(
      { id: "input", type: "input", data: {} },
      { id: "before", type: "llm", data: { llm_provider_id, model: "echo", prompt } },
      { id: "draft", type: "llm", data: { llm_provider_id, model: slowModel, prompt } },
      { id: "after", type: "transform", data: { value: "$count($split(nodes.draft, ' '))" } },
      { id: "result", type: "output", data: { value: "{{ nodes.before }}: {{ nodes.after }}" } },
    ),
  })
})
afterAll(async () => {
  await server?.stop()
  await vendor.close()
  rmSync(state, { recursive: true, force: true })
})

/** Waits until the server answers again; connections from before may break once more. */
const recovered = (): Promise<void> =>
  expect
    .poll(() => key.send("GET", "/executions?limit=1").then((answer) => answer.status, String), {
      timeout: 60_000,
    })
    .toBe(200)

/** Starts again on the same state. Another port may be taken meanwhile; the key is the same. */
async function again(): Promise<void> {
  server = await serve()
  key = (await Client.of(server.address)).as(key.token)
  await recovered()
}

/** Watches until the model has said some words. */
const inTheMiddle = (execution: string): Promise<ExecutionEvent[]> =>
  watch(key, execution, {
    until: (event, seen) => event.type === "model.delta" && textOf(seen, "draft").includes("word8"),
  })

/** What must hold of an execution that was in the middle when everything died. */
async function assertWhole(execution: string, seen: readonly ExecutionEvent[]): Promise<ExecutionEvent[]> {
  const ended = await settled(key, execution)
  expect(ended.status).toBe("succeeded")
  const events = await journal(key, execution)
  // What anybody was told is still there, in its place, and the numbers have no gap.
  expect(events.slice(0, seen.length)).toEqual(seen)
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1))
  expect(textOf(events, "draft")).toBe(tale)
  const retried = events.filter((event) => event.type === "node.retrying")
  expect(retried).toMatchObject([{ node_id: "draft", data: { error: { code: "step.interrupted" } } }])
  expect(events.filter((event) => event.type === "model.finished" && event.node_id === "draft")).toHaveLength(
    1,
  )
  return events
}

describe("when workerd is killed in the middle of an execution", () => {
  it("is served again, and the execution finishes with no event lost", async () => {
    const pid = server.workerd()
    const execution = await start(key, slow, { text: "a tale" })
    const seen = await inTheMiddle(execution)
    process.kill(pid, "SIGKILL")
    await recovered()
    expect(server.workerd()).not.toBe(pid)
    const events = await assertWhole(execution, seen)
    expect((await look(key, execution)).nodes.find(({ node_id }) => node_id === "draft")).toMatchObject({
      attempt: 2,
      text: tale,
    })
    expect(events.length).toBeGreaterThan(seen.length)
  })

  it("breaks a viewer's stream, who resumes where it broke off and sees the same as everybody", async () => {
    const execution = await start(key, slow, { text: "a tale" })
    const seen: ExecutionEvent[] = []
    let isKilled = false
    for (let tries = 0; seen.at(-1)?.type !== "execution.succeeded" && tries < 200; tries++) {
      const headers = { "last-event-id": String(seen.at(-1)?.seq ?? 0) }
      await watch(key, execution, {
        headers,
        until: (event) => {
          seen.push(event)
          if (!isKilled && textOf(seen, "draft").includes("word8")) {
            isKilled = true
            process.kill(server.workerd(), "SIGKILL")
          }
          return false
        },
      }).catch(() => new Promise((resolve) => setTimeout(resolve, 100)))
    }
    expect(seen).toEqual(await journal(key, execution))
    expect(textOf(seen, "draft")).toBe(tale)
  })

  it("does each step before it once, and those after it", async () => {
    const before = vendor.requests.length
    const execution = await start(key, long, { text: "a tale" })
    const seen = await inTheMiddle(execution)
    process.kill(server.workerd(), "SIGKILL")
    await recovered()
    const events = await assertWhole(execution, seen)
    const models = vendor.requests.slice(before).map(({ body }) => (body as { model: string }).model)
    expect(models).toEqual(["echo", slowModel, slowModel])
    expect(events.at(-1)).toMatchObject({ data: { outputs: `Tell a tale: ${tale.split(" ").length}` } })
  })
})

describe("when everything is killed at the same moment and started again", () => {
  it("finishes what was in flight and knows what had ended", async () => {
    const done = await start(key, slow, { text: "done before" })
    await settled(key, done)
    const doneJournal = await journal(key, done)
    const crowd = await Promise.all(
      Array.from({ length: 8 }, () => start(key, slow, { text: "one of many" })),
    )
    const execution = await start(key, long, { text: "a tale" })
    const seen = await inTheMiddle(execution)
    const pids = server.tree()
    await server.crash()
    expect(pids.length).toBeGreaterThan(4)

    await again()
    const events = await assertWhole(execution, seen)
    expect(events.at(-1)).toMatchObject({ type: "execution.succeeded" })
    for (const one of crowd)
      expect(await settled(key, one)).toMatchObject({ status: "succeeded", outputs: tale })
    expect(await journal(key, done)).toEqual(doneJournal)

    // The index of the tenant's database follows.
    const ids = [done, execution, ...crowd]
    const list = async () => {
      const { executions } = await key.ask(executionsApi.list.reply, "GET", "/executions?limit=50")
      return executions.filter(({ id }) => ids.includes(id)).map(({ status }) => status)
    }
    await expect.poll(list, { timeout: 10_000 }).toEqual(ids.map(() => "succeeded"))
  })

  it("starts a second time with what is built already", async () => {
    await server.crash()
    await again()
    expect(server.output).not.toMatch(/built|installed/)
  })
})
