import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { authApi } from "#core/contract/auth"
import { executionsApi } from "#core/contract/executions"
import { Problem } from "#core/contract/problem"
import { window } from "#core/contract/socket/execution"
import type { ExecutionEvent } from "#core/execution/event"
import { startOpenAiServer, type OpenAiServer } from "#test/kit/llm/openai-server"
import { startFresh } from "#test/kit/server"
import { Client, problemOf } from "./kit/client.ts"
import { Socket } from "./kit/socket.ts"
import { readEvents, streamPath, textOf, watch } from "./kit/stream.ts"
import { slowModel, tale } from "./kit/tale.ts"
import {
  chain,
  execute,
  journal,
  keyOf,
  look,
  provider,
  publish,
  register,
  settled,
  start,
  sum,
  summary,
  unique,
  type Tenant,
} from "./kit/world.ts"

let end = (): Promise<void> => Promise.resolve()
let vendor: OpenAiServer
let stranger: Client
let acme: Tenant
let key: Client
/** Flows: one that ends at once, one whose model takes two and a half seconds. */
let quick: string
let slow: string

beforeAll(async () => {
  vendor = await startOpenAiServer()
  const started = await startFresh({ settings: { EDGECREW_EGRESS_ALLOW: vendor.host } })
  end = started.end
  stranger = await Client.of(started.server.address)
  acme = await register(stranger)
  key = await keyOf(acme.admin, "execution.start", "execution.read", "execution.cancel")
  quick = await publish(acme.admin, sum("Quick"))
  const llm_provider_id = await provider(acme.admin, vendor)
  slow = await publish(acme.admin, summary({ llm_provider_id, model: slowModel }, "Slow"))
})
afterAll(async () => {
  await end()
  await vendor.close()
})

/** What the key's program sends with a handshake. */
const own = () => ({ origin: stranger.address, authorization: `Bearer ${key.token}` })

/** A socket that must open. */
async function opened(path: string, headers: Record<string, string>): Promise<Socket> {
  const socket = await Socket.open(stranger.urlOf(path), headers)
  if (!(socket instanceof Socket)) throw new Error(`${path} answered ${socket.status}: ${socket.body}`)
  return socket
}

/** The status and code of a handshake that must be refused. */
async function refusal(url: string, headers: Record<string, string>): Promise<[number, string]> {
  const answer = await Socket.open(url, headers)
  if (answer instanceof Socket) throw new Error(`${url} opened`)
  return [answer.status, Problem.parse(JSON.parse(answer.body)).code]
}

/** Whether the model has begun to speak. */
const speaks = (event: { type: string }): boolean => event.type === "model.delta"

describe("starting", () => {
  it("answers at once, or with the outputs, or with the stream, as it is asked", async () => {
    const at = `/flows/${quick}/execute`
    const body = { inputs: { a: 1, b: 2 } }
    const accepted = await key.send("POST", at, { body })
    expect(accepted.status).toBe(202)
    const { execution_id } = executionsApi.execute.reply.parse(accepted.body)
    expect(accepted.headers.get("location")).toBe(`/api/v1/executions/${execution_id}`)
    expect(await settled(key, execution_id)).toMatchObject({ status: "succeeded", outputs: 3 })

    const waited = await key.send("POST", at, { body, headers: { prefer: "respond-async, wait=30" } })
    expect(waited.status).toBe(200)
    expect(waited.headers.get("preference-applied")).toBe("wait=30")
    expect(waited.body).toMatchObject({ status: "succeeded", outputs: 3 })

    const streamed = await key.open("POST", at, { body, headers: { accept: "text/event-stream" } })
    expect(streamed.headers.get("content-type")).toMatch(/^text\/event-stream/)
    const events = await readEvents(streamed)
    expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1))
    expect(events.at(-1)).toMatchObject({ type: "execution.succeeded", data: { outputs: 3 } })
  })

  it("does not wait longer than asked", async () => {
    const since = performance.now()
    const body = { inputs: { text: "a tale" } }
    const answer = await key.send("POST", `/flows/${slow}/execute`, { body, headers: { prefer: "wait=1" } })
    expect(performance.now() - since).toBeLessThan(2_000)
    expect(answer.status).toBe(202)
    const { execution_id } = executionsApi.execute.reply.parse(answer.body)
    expect(await settled(key, execution_id)).toMatchObject({ status: "succeeded", outputs: tale })
  })

  it("refuses inputs that do not fit, naming each, and starts nothing", async () => {
    const count = async () =>
      (await key.ask(executionsApi.list.reply, "GET", `/executions?flow_id=${slow}`)).total
    const before = await count()
    const body = { inputs: { text: "", more: true } }
    const refused = await key.send("POST", `/flows/${slow}/execute`, { body })
    expect([refused.status, problemOf(refused).code]).toEqual([422, "execution.inputs_invalid"])
    const paths = problemOf(refused).errors?.map((one) => one.path)
    expect(paths).toContain("inputs.text")
    expect(paths).toContain("inputs.more")
    await sleep(300)
    expect(await count()).toBe(before)
  })

  it("ends what lasts longer than its limit", async () => {
    const since = performance.now()
    const body = { inputs: { text: "a tale" }, config: { timeout_seconds: 1 } }
    const answer = await key.send("POST", `/flows/${slow}/execute`, { body, headers: { prefer: "wait=10" } })
    expect(answer.body).toMatchObject({ status: "timed_out", error: { code: "execution.timeout" } })
    expect(performance.now() - since).toBeLessThan(2_500)
  })
})

describe("a stream", () => {
  it("shows the same journal from wherever it is resumed", async () => {
    const execution = await start(key, slow, { text: "a tale" })
    // Three who come while it runs: one stays, one leaves and resumes where they left, one leaves again and again.
    const stays = watch(key, execution)
    const leaves = await watch(key, execution, { until: (event) => event.seq === 12 })
    const rest = watch(key, execution, { headers: { "last-event-id": "12" } })
    const hops: ExecutionEvent[] = []
    for (let before = -1; hops.length > before;) {
      before = hops.length
      const headers = { "last-event-id": String(hops.length) }
      hops.push(...(await watch(key, execution, { headers, until: ({ seq }) => seq >= before + 9 })))
      if (hops.at(-1)?.type === "execution.succeeded") break
    }
    const whole = await stays
    expect(textOf(whole, "draft")).toBe(tale)
    expect(whole.length).toBeGreaterThan(20)
    expect([...leaves, ...(await rest)]).toEqual(whole)
    expect(hops).toEqual(whole)
    expect(await journal(key, execution)).toEqual(whole)
  })

  it("resumes an ended execution at every event, and says when there is no more", async () => {
    const execution = await start(key, quick, { a: 1, b: 2 })
    const whole = await watch(key, execution)
    for (const { seq } of whole.slice(0, -1)) {
      const rest = await watch(key, execution, { headers: { "last-event-id": String(seq) } })
      expect(rest).toEqual(whole.slice(seq))
    }
    const after = await key.send("GET", streamPath(execution), {
      headers: { "last-event-id": String(whole.length) },
    })
    expect(after.status).toBe(204)
    const page = await key.ask(
      executionsApi.events.reply,
      "GET",
      `/executions/${execution}/events?after=2&limit=3`,
    )
    expect(page).toEqual({ events: whole.slice(2, 5), has_more: whole.length > 5 })
  })

  it("is a WebSocket on upgrade, which shows the same", async () => {
    const execution = await start(key, slow, { text: "a tale" })
    const path = `/api/v1${streamPath(execution)}`
    const { ticket } = await acme.admin.ask(authApi.ticket.reply, "POST", "/tickets", {
      body: { resource: path },
    })
    const first = await opened(`${path}?ticket=${ticket}`, { origin: stranger.address })
    await first.until(({ events }) => events.some(speaks))
    first.ack()
    const seen = first.events
    first.leave()

    const second = await opened(`${path}?after=${seen.length}`, own())
    expect(await second.closed()).toBe(1000)
    const whole = await journal(key, execution)
    expect([...seen, ...second.events]).toEqual(whole)
    expect(second.messages.at(-1)).toEqual({ type: "end", last_seq: whole.length })
    expect(textOf(whole, "draft")).toBe(tale)
  })

  it("sends no more than a window to a socket that does not acknowledge, and the rest when it does", async () => {
    const steps = Array.from({ length: 150 }, (_, i) => ({
      id: `step${i}`,
      type: "transform",
      data: { value: String(i) },
    }))
    const long = await publish(acme.admin, {
      name: "Long",
      ...chain({ id: "input", type: "input", data: {} }, ...steps),
    })
    const { execution_id } = await execute(key, long, {})
    const whole = await journal(key, execution_id)
    expect(whole.length).toBeGreaterThan(window.events)
    const socket = await opened(`/api/v1${streamPath(execution_id)}`, own())
    await socket.until(({ events }) => events.length >= window.events)
    await sleep(200)
    expect(socket.events).toEqual(whole.slice(0, window.events))
    socket.ack()
    expect(await socket.closed()).toBe(1000)
    expect(socket.events).toEqual(whole)
  })

  it("ends the talk with a viewer that speaks nonsense", async () => {
    const execution = await start(key, slow, { text: "a tale" })
    for (const nonsense of [
      { type: "shout" },
      { type: "ack", seq: -1 },
      { type: "ack", seq: 1, more: true },
      [],
    ]) {
      const socket = await opened(`/api/v1${streamPath(execution)}`, own())
      socket.send(nonsense)
      expect(await socket.closed(), JSON.stringify(nonsense)).toBe(1007)
    }
    await key.send("POST", `/executions/${execution}/cancel`)
  })

  it("does not open for another site's page, nor for a stranger", async () => {
    const execution = await start(key, quick, { a: 1, b: 2 })
    const url = stranger.urlOf(streamPath(execution))
    const { authorization } = own()
    for (const origin of [
      "https://evil.example",
      "null",
      `${stranger.address}.evil.example`,
      "http://127.0.0.1",
    ]) {
      expect(await refusal(url, { authorization, origin })).toEqual([403, "request.foreign_origin"])
    }
    expect(await refusal(url, { authorization })).toEqual([403, "request.foreign_origin"])
    expect(await refusal(url, { origin: stranger.address })).toEqual([401, "auth.required"])
    const outsider = await register(stranger)
    const foreign = { authorization: `Bearer ${outsider.admin.token}`, origin: stranger.address }
    expect(await refusal(url, foreign)).toEqual([404, "execution.not_found"])
  })
})

describe("an Idempotency-Key", () => {
  it("starts one execution, however many ask at once", async () => {
    const headers = { "idempotency-key": unique("order"), prefer: "wait=20" }
    const body = { inputs: { text: "once" } }
    const calls = vendor.requests.length
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => key.send("POST", `/flows/${slow}/execute`, { body, headers })),
    )
    expect(new Set(answers.map((one) => one.status))).toEqual(new Set([200]))
    expect(new Set(answers.map((one) => one.text)).size).toBe(1)
    expect(vendor.requests.length - calls).toBe(1)
    const other = await key.send("POST", `/flows/${slow}/execute`, {
      body: { inputs: { text: "twice" } },
      headers,
    })
    expect([other.status, problemOf(other).code]).toEqual([422, "idempotency.mismatch"])
    const mine = await acme.admin.send("POST", `/flows/${quick}/execute`, { body: { inputs: {} }, headers })
    expect(mine.status).toBe(200)
    const late = await key.send("POST", `/flows/${slow}/execute`, { body, headers })
    expect(late.text).toBe(answers[0]?.text)
  })
})

describe("ending", () => {
  it("cancels: closes the model's connection, settles, and stays so", async () => {
    const closed = vendor.disconnects
    const execution = await start(key, slow, { text: "a tale" })
    const seen = await watch(key, execution, { until: speaks })
    const cancelled = await key.send("POST", `/executions/${execution}/cancel`)
    expect(cancelled.status).toBe(202)
    expect(cancelled.body).toEqual({ execution_id: execution, status: "cancelled" })
    await expect.poll(() => vendor.disconnects, { timeout: 10_000 }).toBe(closed + 1)
    const events = await journal(key, execution)
    expect(events.slice(0, seen.length)).toEqual(seen)
    expect(events.at(-1)?.type).toBe("execution.cancelled")
    await sleep(300)
    expect(await journal(key, execution)).toEqual(events)
    const again = await key.send("POST", `/executions/${execution}/cancel`)
    expect([again.status, problemOf(again).code]).toEqual([409, "execution.settled"])

    const retried = await key.ask(executionsApi.retry.reply, "POST", `/executions/${execution}/retry`)
    expect(retried.retry_of).toBe(execution)
    expect(await settled(key, retried.execution_id)).toMatchObject({
      status: "succeeded",
      outputs: tale,
      retry_of: execution,
      inputs: { text: "a tale" },
    })
    const done = await key.send("POST", `/executions/${retried.execution_id}/retry`)
    expect([done.status, problemOf(done).code]).toEqual([409, "execution.not_retryable"])
  })

  it("tells what failed and where, and goes on where the flow says so", async () => {
    const steps = (data: object) =>
      chain(
        { id: "input", type: "input", data: {} },
        { id: "broken", type: "transform", data: { value: "$error('no such order')", ...data } },
        { id: "result", type: "output", data: {} },
      )
    const fails = await publish(acme.admin, { name: "Fails", ...steps({}) })
    const failed = await execute(key, fails, {})
    expect(failed).toMatchObject({ status: "failed", error: { node_id: "broken" } })
    expect(failed.error?.message).toContain("no such order")
    const { nodes } = await look(key, failed.execution_id)
    expect(nodes.find((one) => one.node_id === "broken")).toMatchObject({ status: "failed", attempt: 1 })
    const goes = await publish(acme.admin, {
      name: "Goes on",
      ...steps({ on_error: "continue", error_value: "none" }),
    })
    expect(await execute(key, goes, {})).toMatchObject({ status: "succeeded", outputs: "none" })
  })
})

describe("the list of executions", () => {
  it("is filtered by flow, status, time, actor and search", async () => {
    const own = await register(stranger)
    const good = await publish(own.admin, sum("Good sums"))
    const bad = await publish(own.admin, {
      name: "Bad ones",
      ...chain(
        { id: "input", type: "input", data: {} },
        { id: "broken", type: "transform", data: { value: "$error('no')" } },
      ),
    })
    const robot = await keyOf(own.admin, "execution.start")
    const first = await execute(own.admin, good, { a: 1, b: 1 })
    await sleep(20)
    const noon = new Date().toISOString()
    const second = await execute(robot, good, { a: 2, b: 2 })
    const third = await execute(robot, bad, {})
    const list = async (query: string): Promise<string[]> => {
      const { executions } = await own.admin.ask(executionsApi.list.reply, "GET", `/executions${query}`)
      return executions.map((one) => one.id)
    }
    // The index follows its objects within moments.
    await expect.poll(() => list("?status=succeeded,failed"), { timeout: 10_000 }).toHaveLength(3)
    expect(await list("")).toEqual([third, second, first].map((one) => one.execution_id))
    expect(await list("?sort=created_at&limit=1&page=2")).toEqual([second.execution_id])
    expect(await list(`?flow_id=${bad}`)).toEqual([third.execution_id])
    expect(await list("?status=failed")).toEqual([third.execution_id])
    expect(await list("?status=running,queued")).toEqual([])
    expect(await list(`?from=${noon}`)).toEqual([third, second].map((one) => one.execution_id))
    expect(await list(`?to=${noon}`)).toEqual([first.execution_id])
    expect(await list(`?actor=${own.user}`)).toEqual([first.execution_id])
    expect(await list("?search=good%20sums&status=succeeded")).toEqual(
      [second, first].map((one) => one.execution_id),
    )
    expect(await list(`?search=${first.execution_id}`)).toEqual([first.execution_id])
    for (const query of ["?status=done", "?from=yesterday", "?flow_id=1", "?sort=flow_name"]) {
      expect((await own.admin.send("GET", `/executions${query}`)).status, query).toBe(400)
    }
  })

  it("goes on following after it had nothing to do for a while", async () => {
    const own = await register(stranger)
    const flow = await publish(own.admin, sum())
    const total = async () => (await own.admin.ask(executionsApi.list.reply, "GET", "/executions")).total
    // As many as reach every lane.
    const some = () => Promise.all(Array.from({ length: 16 }, () => start(own.admin, flow, { a: 1, b: 2 })))
    await some()
    await expect.poll(total, { timeout: 10_000 }).toBe(16)
    // Longer than the alarm waits that looks after what a crash left behind.
    await sleep(3_000)
    await some()
    await expect.poll(total, { timeout: 10_000 }).toBe(32)
  })
})
