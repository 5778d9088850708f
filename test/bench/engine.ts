import { rmSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { startOpenAiServer } from "../kit/llm/openai-server.ts"
import { scenarios } from "../kit/llm/openai-scenarios.ts"
import { newState, Server } from "../kit/server.ts"
import { Client } from "./client.ts"
import { asking, chainOf, fanOf, mapOf, resting } from "./engine-flows.ts"
import { quantile } from "./load.ts"
import { cpuMs, machineLine, memoryOf } from "./machine.ts"
import { short, table } from "./table.ts"

type Row = { what: string; is: string; most?: string; floor?: string; ratio?: string }

const slowModel = "bench-slow"
const modelMs = 2_000
const steps = 30
const waiting = 10_000
const idleMs = 10_000
/** Starts under way at once: as many as keep four lanes busy. */
const atOnce = 64

const ms = (value: number): string => `${short(value)} ms`
const middle = (values: readonly number[]): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  )
const memory = (server: Server): number => memoryOf(server.tree()).reduce((sum, one) => sum + one.pss, 0)

async function timed(work: () => Promise<unknown>): Promise<number> {
  const since = performance.now()
  await work()
  return performance.now() - since
}

async function samples(count: number, work: () => Promise<unknown>): Promise<number[]> {
  await work()
  const times: number[] = []
  for (let n = 0; n < count; n++) times.push(await timed(work))
  return times
}

/** Does something for each number, so many at a time. */
async function eachOf(count: number, together: number, work: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) await work(n)
  }
  await Promise.all(Array.from({ length: Math.min(together, count) }, worker))
}

/** What the engine adds to the work of steps, and what it costs while nothing happens. */
export async function benchEngine(rounds: number): Promise<void> {
  const target = createServer((_, response) =>
    response.writeHead(200, { "content-type": "application/json" }).end("{}"),
  )
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve))
  const host = `127.0.0.1:${(target.address() as AddressInfo).port}`
  const vendor = await startOpenAiServer()
  // The first chunk of an answer names the speaker, the second one is the word.
  scenarios[slowModel] = { about: "one word after two seconds", text: () => "Done.", pace: modelMs / 2 }
  const state = newState()
  const server = await Server.start({ state, settings: { EDGECREW_EGRESS_ALLOW: `${host},${vendor.host}` } })
  try {
    const client = await Client.register(server.address)
    const provider = await client.provider(vendor.url, vendor.apiKey)
    const url = `http://${host}/`
    const rows = [
      ...(await bodies(client, rounds)),
      ...(await overhead(client, url, rounds)),
      await firstEvent(client, rounds),
      ...(await models(client, server, provider)),
      ...(await rests(client, server)),
    ]
    print(rows)
  } finally {
    delete scenarios[slowModel]
    await server.stop()
    await vendor.close()
    target.closeAllConnections()
    target.close()
    rmSync(state, { recursive: true, force: true })
  }
}

async function bodies(client: Client, rounds: number): Promise<Row[]> {
  const map = await client.publish(mapOf(1_000))
  const fan = await client.publish(fanOf(50))
  const mapMs = middle(await samples(rounds, () => client.execute(map)))
  const fanMs = middle(await samples(rounds * 4, () => client.execute(fan)))
  return [
    { what: "map of 1,000 items, 50 at once", is: ms(mapMs), most: "3000 ms" },
    { what: "fan-out to 50 nodes and a merge", is: ms(fanMs), most: "40 ms" },
  ]
}

/** A chain of requests to a server that answers at once, against the same requests without an engine. */
async function overhead(client: Client, url: string, rounds: number): Promise<Row[]> {
  const chain = await client.publish(chainOf(steps, url))
  const bare = async (): Promise<void> => {
    for (let n = 0; n < steps; n++) await (await fetch(url)).text()
  }
  const bareMs = middle(await samples(rounds * 2, bare)) / steps
  const chainMs = middle(await samples(rounds * 2, () => client.execute(chain))) / steps
  const many = atOnce * 2
  const bareMany = (await timed(() => eachOf(many, atOnce, bare))) / (many * steps)
  const chainMany = (await timed(() => eachOf(many, atOnce, () => client.execute(chain)))) / (many * steps)
  const row = (where: string, ours: number, floor: number, most?: string): Row => ({
    what: `what a step of ${where} costs beside its request`,
    is: ms(ours - floor),
    ...(most === undefined ? {} : { most }),
    floor: ms(floor),
    ratio: short(ours / floor),
  })
  return [
    row(`a chain of ${steps} requests`, chainMs, bareMs, "2 ms"),
    row(`${atOnce} such chains at once`, chainMany, bareMany),
  ]
}

async function firstEvent(client: Client, rounds: number): Promise<Row> {
  const fan = await client.publish(fanOf(5))
  const times = await samples(rounds * 4, async () => {
    const id = await client.start(fan)
    await client.firstEvent(id)
  })
  return { what: "first event of a stream, after the POST that starts it", is: ms(middle(times)) }
}

async function models(client: Client, server: Server, provider: string): Promise<Row[]> {
  const flow = await client.publish(asking(provider, slowModel))
  await client.execute(flow)
  const before = memory(server)
  let most = before
  const watch = setInterval(() => (most = Math.max(most, memory(server))), 250)
  const took = await timed(() => eachOf(100, 100, () => client.execute(flow)))
  clearInterval(watch)
  return [
    {
      what: "100 executions, each waiting 2 s for a model, together",
      is: ms(took),
      most: "3000 ms",
      floor: ms(modelMs),
      ratio: short(took / modelMs),
    },
    { what: "memory that they take at most", is: `${short(most - before)} MB` },
  ]
}

async function rests(client: Client, server: Server): Promise<Row[]> {
  const flow = await client.publish(resting)
  const before = memory(server)
  const ids: string[] = []
  const startMs = await timed(() =>
    eachOf(waiting, atOnce, async () => void ids.push(await client.start(flow))),
  )
  // The outbox and the log of the database have their turn.
  await sleep(idleMs)
  const full = memory(server)
  const used = cpuMs(server.tree())
  await sleep(idleMs)
  const cpu = (cpuMs(server.tree()) - used) / idleMs
  const id = ids[Math.floor(ids.length / 2)] ?? ""
  const address = await client.callbackAddress(id, "word")
  const resume = await timed(async () => {
    await client.callBack(address)
    await client.ended(id)
  })
  const count = waiting.toLocaleString("en")
  return [
    { what: `start of ${count} executions that rest, each`, is: ms(startMs / waiting) },
    {
      what: `processor while ${count} wait, over ${idleMs / 1000} s`,
      is: `${short(cpu * 100)} %`,
      most: "about 0",
    },
    { what: `memory that they hold`, is: `${short(full - before)} MB` },
    { what: `from a call to the end of one of them`, is: ms(resume), most: "1000 ms" },
  ]
}

function print(rows: readonly Row[]): void {
  console.log(`\n${machineLine()}\n`)
  console.log(
    table(
      ["engine", "is", "at most", "floor", "ratio"],
      rows.map(({ what, is, most = "", floor = "", ratio = "" }) => [what, is, most, floor, ratio]),
    ),
  )
  console.log("")
}
