import { createHmac } from "node:crypto"
import { readFileSync, rmSync } from "node:fs"
import { connect } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { executionsApi } from "#core/contract/executions"
import { formsApi, triggersApi, type Trigger } from "#core/contract/triggers"
import { newState, Server } from "#test/kit/server"
import { Client } from "./kit/client.ts"
import { chain, publish, register, type Tenant } from "./kit/world.ts"

const state = newState()
const bodyMs = 1_000
const secret = "a-shared-secret-0123456789"
let server: Server
let acme: Tenant
let flow: string

const serve = (): Promise<Server> =>
  Server.start({ state, port: 9100, settings: { EDGECREW_QUOTAS: JSON.stringify({ hook_body_ms: bodyMs }) } })

beforeAll(async () => {
  server = await serve()
  acme = await register(await Client.of(server.address))
  flow = await publish(acme.admin, {
    name: "Echo",
    ...chain(
      { id: "input", type: "input", data: {} },
      { id: "output", type: "output", data: { value: "{{ input }}" } },
    ),
  })
})
afterAll(async () => {
  await server.stop()
  rmSync(state, { recursive: true, force: true })
})

const create = async (draft: object): Promise<Trigger> =>
  (
    await acme.admin.ask(triggersApi.create.reply, "POST", "/triggers", {
      body: { flow_id: flow, ...draft },
    })
  ).trigger

const deliveriesOf = async ({ id }: Trigger) =>
  (await acme.admin.ask(triggersApi.deliveries.reply, "GET", `/triggers/${id}/deliveries?limit=200`))
    .deliveries

const executionsOf = async ({ id }: Trigger) =>
  (await acme.admin.ask(executionsApi.list.reply, "GET", `/executions?actor=${id}&limit=200`)).executions

const signed = (text: string) => ({
  "content-type": "application/json",
  "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(text).digest("hex")}`,
})

const deliver = async (trigger: Trigger, text: string, headers: Record<string, string> = signed(text)) => {
  const response = await fetch(`${server.address}${trigger.address}`, { method: "POST", body: text, headers })
  return {
    status: response.status,
    body: (await response.json()) as { execution_id?: string; code?: string },
  }
}

/** Resident memory of the process that serves, in MB. */
const memory = (): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.workerd()}/status`, "utf8"))?.[1]) / 1024

/** Pours into a connection as fast as it takes it, and never listens. */
function pour(path: string, headers: string[], piece: Buffer, times: number): Promise<void> {
  const { hostname, port } = new URL(server.address)
  const socket = connect(Number(port), hostname)
  socket.on("error", () => {})
  const lines = [`POST ${path} HTTP/1.1`, `host: ${hostname}`, "content-type: application/json", ...headers]
  socket.write(`${lines.join("\r\n")}\r\n\r\n`)
  for (let i = 0; i < times; i++) socket.write(piece)
  socket.end()
  socket.resume()
  return new Promise((resolve) => socket.once("close", () => resolve()))
}

/**
 * Speaks HTTP by hand, as no well-bred client does: what it is answered. It listens between its pieces: who writes into a connection
 * that the other end has closed is told of that alone, and never reads the answer that came before.
 */
async function speak(
  path: string,
  headers: string[],
  send: (write: (chunk: Buffer) => Promise<void>) => Promise<void>,
) {
  const { hostname, port } = new URL(server.address)
  const socket = connect(Number(port), hostname)
  const heard = { text: "", isOver: false }
  socket.on("data", (chunk) => (heard.text += chunk.toString()))
  for (const event of ["error", "close", "end"]) socket.on(event, () => (heard.isOver = true))
  const isAnswered = () => heard.isOver || heard.text !== ""
  const lines = [`POST ${path} HTTP/1.1`, `host: ${hostname}`, "content-type: application/json", ...headers]
  socket.write(`${lines.join("\r\n")}\r\n\r\n`)
  const write = async (chunk: Buffer): Promise<void> => {
    if (isAnswered()) throw new Error("answered")
    if (!socket.write(chunk))
      await Promise.race([new Promise((drained) => socket.once("drain", drained)), sleep(200)])
    await sleep(3)
  }
  await send(write).catch(() => {})
  for (const end = Date.now() + 10_000; !isAnswered() && Date.now() < end;) await sleep(20)
  socket.destroy()
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(heard.text)?.[1] ?? 0) }
}

/**
 * Speaks until an answer is heard: a server that refuses and closes while more is on its way resets the connection, and where the reset
 * is faster than the reader, TCP drops the answer (RFC 9112, section 9.6).
 */
async function heard(...of: Parameters<typeof speak>): Promise<{ status: number; tries: number }> {
  for (let tries = 1; ; tries++) {
    const { status } = await speak(...of)
    if (status !== 0 || tries === 5) return { status, tries }
  }
}

describe("a webhook on the whole product", () => {
  it("[24] starts one execution for a hundred of the same at once, signed as GitHub does", async () => {
    const hook = await create({
      kind: "webhook",
      name: "Pushes",
      config: { signature: { kind: "github" } },
      secret,
    })
    const text = '{"ref":"main"}'
    const answers = await Promise.all(Array.from({ length: 100 }, () => deliver(hook, text)))
    expect(answers.filter(({ status }) => status >= 300)).toEqual([])
    expect(new Set(answers.map(({ body }) => body.execution_id)).size).toBe(1)
    await expect
      .poll(async () => (await executionsOf(hook)).map(({ status }) => status))
      .toEqual(["succeeded"])
    const forged = await deliver(hook, text, { ...signed(`${text} `) })
    expect([forged.status, forged.body.code]).toEqual([401, "hook.bad_signature"])
  })

  it("[25] refuses 50 MB with 413, told beforehand or not, without taking them in", async () => {
    const hook = await create({ kind: "webhook", name: "Large" })
    const before = memory()
    const piece = Buffer.alloc(65_536, 32)
    const told = await heard(hook.address!, [`content-length: 50000000`], async (write) => {
      for (let i = 0; i < 50_000_000 / piece.length; i++) await write(piece)
    })
    expect(told.status).toBe(413)
    const chunk = Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n")])
    const untold = await heard(hook.address!, ["transfer-encoding: chunked"], async (write) => {
      for (let i = 0; i < 50_000_000 / piece.length; i++) await write(chunk)
    })
    expect(untold.status).toBe(413)
    await pour(hook.address!, ["transfer-encoding: chunked"], chunk, 50_000_000 / piece.length)
    expect(memory() - before).toBeLessThan(30)
    expect((await deliver(hook, "{}")).status).toBe(202)
    const refused = Array.from({ length: told.tries + untold.tries + 1 }, () => "refused")
    expect((await deliveriesOf(hook)).map(({ outcome }) => outcome).sort()).toEqual(["accepted", ...refused])
  })

  it("[25] refuses slow bodies with 408, twenty at once, and serves others meanwhile", async () => {
    const hook = await create({ kind: "webhook", name: "Slow" })
    const began = Date.now()
    const slow = Array.from({ length: 20 }, () =>
      speak(hook.address!, ["content-length: 1000"], async (write) => {
        for (let i = 0; i < 1_000; i++) {
          await write(Buffer.from(" "))
          await sleep(100)
        }
      }),
    )
    expect((await deliver(hook, "{}")).status).toBe(202)
    const answers = await Promise.all(slow)
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 408))
    expect(Date.now() - began).toBeLessThan(bodyMs + 60_000)
  })
})

describe("a form on the whole product", () => {
  it("is shown to a stranger, and starts its flow", async () => {
    const input_schema = { type: "object", properties: { who: { type: "string" } }, required: ["who"] }
    const form = await create({
      kind: "form",
      name: "Form",
      config: { input_schema, reply: { mode: "outputs" } },
    })
    const stranger = acme.admin.as(undefined)
    const path = `/forms/${form.address!.replace("/form/", "")}`
    expect((await stranger.ask(formsApi.get.reply, "GET", path)).form.input_schema).toEqual(input_schema)
    const { answer } = await stranger.ask(formsApi.submit.reply, "POST", path, {
      body: { inputs: { who: "Ana" } },
    })
    expect(answer).toEqual({ is: "outputs", outputs: { who: "Ana" } })
  })
})

describe("a flow trigger on the whole product", () => {
  it("goes on where another flow ended", async () => {
    const next = await publish(acme.admin, {
      name: "Next",
      ...chain(
        { id: "input", type: "input", data: {} },
        { id: "output", type: "output", data: { value: "{{ input.n }}" } },
      ),
    })
    const follower = await create({
      kind: "flow",
      flow_id: next,
      name: "Follows",
      config: { source_flow_id: flow },
    })
    // Who follows a flow is asked every 5 s at most.
    await sleep(5_100)
    const body = { inputs: { n: 7 } }
    await acme.admin.send("POST", `/flows/${flow}/execute`, { body })
    await expect
      .poll(async () => (await executionsOf(follower)).map(({ status }) => status), { timeout: 10_000 })
      .toEqual(["succeeded"])
  })
})

describe("a schedule on the whole product", () => {
  it("fires by itself, goes on after a crash, and doubles nothing", { timeout: 120_000 }, async () => {
    const timing = { kind: "interval", every_seconds: 10 }
    const schedule = await create({ kind: "schedule", name: "Often", config: { timing, missed: "fire_all" } })
    const fired = async () =>
      (await deliveriesOf(schedule))
        .map(({ scheduled_for }) => Date.parse(scheduled_for!))
        .toSorted((a, b) => a - b)
    await expect.poll(async () => (await fired()).length, { timeout: 20_000, interval: 200 }).toBe(1)
    const first = (await fired()).at(0)!
    expect(first).toBe(Date.parse(schedule.next_fire_at!))
    await server.crash()
    await sleep(12_000)
    server = await serve()
    acme.admin = (await Client.of(server.address)).as(acme.admin.token)
    await expect
      .poll(async () => (await fired()).length, { timeout: 30_000, interval: 500 })
      .toBeGreaterThanOrEqual(3)
    const times = await fired()
    // Every ten seconds, none missing and none twice.
    expect(times.map((time) => (time - first) / 10_000)).toEqual(times.map((_, i) => i))
    expect(new Set((await deliveriesOf(schedule)).map(({ execution_id }) => execution_id)).size).toBe(
      times.length,
    )
    await expect.poll(async () => (await executionsOf(schedule)).length).toBeGreaterThanOrEqual(times.length)
    expect((await executionsOf(schedule)).length - (await fired()).length).toBeLessThanOrEqual(0)
  })
})
