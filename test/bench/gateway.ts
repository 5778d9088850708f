import { fork } from "node:child_process"
import { once } from "node:events"
import { guardedFetch } from "#worker/egress/guard"
import { streamModel } from "#worker/llm/gateway"
import { rmSync } from "node:fs"
import { newState, Server } from "../kit/server.ts"
import { Client } from "./client.ts"
import { quantile } from "./load.ts"
import { machineLine } from "./machine.ts"
import { short, table } from "./table.ts"

const now = (): number => performance.timeOrigin + performance.now()

/** What one stream took of our time, in milliseconds. */
type Sample = {
  /** From the call to the request's arrival at the vendor. */
  sent: number
  /** From the vendor's first word to ours. */
  first: number
  /** From each further word of the vendor to ours. */
  words: number[]
}

type Ask = (model: string) => AsyncIterable<string>

/** Streams under way at once, and how long each lasts: two seconds, as short answers of vendors do. */
const streams = 64
const usual = "60x33"
/** 50 words a second. */
const sustained = { streams: 100, model: "250x20", words: 250 }

/**
 * Our own time at 64 streams, beside that of a bare `fetch` which splits the same lines: of the gateway by itself, and of the whole
 * way through the server, from a client of `/v1/chat/completions` to the vendor and back; and whether words are lost at 5,000 a second.
 */
export async function benchGateway(rounds: number): Promise<void> {
  const vendor = fork(new URL("./gateway-vendor.ts", import.meta.url), { stdio: "inherit" })
  try {
    const [port] = (await once(vendor, "message")) as [number]
    const host = `127.0.0.1:${port}`
    await throughServer(host, async (server) => {
      const ways = { bare: bareOf(`http://${host}`, "bench"), gateway: gatewayOf(host), server }
      const samples: Record<keyof typeof ways, Sample[]> = { bare: [], gateway: [], server: [] }
      for (const ask of Object.values(ways)) await together(ask, streams, 1, usual)
      // Turn by turn, so that what else the machine does meets all alike.
      for (let round = 0; round < rounds; round++)
        for (const name of ["bare", "gateway", "server"] as const)
          samples[name].push(...(await together(ways[name], streams, 2, usual)))
      const long = {
        gateway: await together(ways.gateway, sustained.streams, 1, sustained.model),
        server: await together(ways.server, sustained.streams, 1, sustained.model),
      }
      print("gateway in Node", samples.bare, samples.gateway, long.gateway)
      print("the whole way through the server", samples.bare, samples.server, long.server)
    })
  } finally {
    vendor.disconnect()
  }
}

/** The product's endpoint for clients of OpenAI's, with the vendor as its tenant's provider. */
async function throughServer(host: string, work: (ask: Ask) => Promise<void>): Promise<void> {
  const state = newState()
  const server = await Server.start({
    state,
    settings: { EDGECREW_SEED: "0", EDGECREW_EGRESS_ALLOW: host },
  })
  try {
    const client = await Client.register(server.address)
    await client.provider(`http://${host}/v1`, "bench", true)
    await work(bareOf(server.address, await client.apiKey()))
  } finally {
    await server.stop()
    rmSync(state, { recursive: true, force: true })
  }
}

/** So many callers at once, each with one stream after the other. */
async function together(ask: Ask, callers: number, each: number, model: string): Promise<Sample[]> {
  const samples = await Promise.all(
    Array.from({ length: callers }, async (_, i) => {
      // Callers do not come in the same instant.
      await new Promise((resolve) => setTimeout(resolve, (i * 2_000) / callers))
      const own: Sample[] = []
      for (let n = 0; n < each; n++) own.push(await sampleOf(ask(model)))
      return own
    }),
  )
  return samples.flat()
}

async function sampleOf(words: AsyncIterable<string>): Promise<Sample> {
  const began = now()
  const delays: number[] = []
  let sent = Number.NaN
  for await (const word of words) {
    const at = now()
    for (const stamp of word.trim().split(" ").map(Number)) {
      if (Number.isNaN(sent)) sent = stamp - began
      else delays.push(at - stamp)
    }
  }
  const [first = Number.NaN, ...rest] = delays
  return { sent, first, words: rest }
}

const bodyOf = (model: string) => ({
  model,
  messages: [{ role: "user", content: "Go" }],
  stream: true,
  stream_options: { include_usage: true },
})

const gatewayOf = (host: string): Ask => {
  const egress = guardedFetch({ allow: [host] })
  return async function* (model) {
    const target = {
      provider_type: "openai_compatible",
      base_url: `http://${host}/v1`,
      api_key: "bench",
      model,
    } as const
    const call = { model, messages: [{ role: "user" as const, content: "Go" }] }
    for await (const event of streamModel(target, call, { egress }))
      if (event.type === "delta") yield event.text
  }
}

const bareOf = (address: string, key: string): Ask =>
  async function* (model) {
    const response = await fetch(`${address}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
      body: JSON.stringify(bodyOf(model)),
    })
    if (!response.ok) throw new Error(`It answered ${response.status}: ${await response.text()}`)
    let rest = ""
    for await (const bytes of response.body!.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + bytes).split("\n")
      rest = lines.pop() ?? ""
      for (const line of lines) {
        const content = /"content":"([^"]*)"/.exec(line)?.[1]
        if (content) yield content
      }
    }
  }

function print(
  what: string,
  bare: readonly Sample[],
  gateway: readonly Sample[],
  long: readonly Sample[],
): void {
  const at = (samples: readonly Sample[], of: (one: Sample) => number[], share: number): number =>
    quantile(
      samples.flatMap(of).toSorted((a, b) => a - b),
      share,
    )
  const row = (what: string, of: (one: Sample) => number[], most: string): string[] => {
    const [p50, p99] = [at(gateway, of, 0.5), at(gateway, of, 0.99)]
    const [own50, own99] = [p50 - at(bare, of, 0.5), p99 - at(bare, of, 0.99)]
    return [what, short(p50), short(p99), short(own50), short(own99), most]
  }
  const heard = long.reduce((sum, one) => sum + one.words.length + 1, 0)
  const told = sustained.streams * sustained.words
  console.log(`\n${machineLine()}\n`)
  console.log(
    `${what}, ${streams} streams at once, ${gateway.length} calls; ms, and without what a bare fetch takes\n`,
  )
  console.log(
    table(
      ["what", "p50", "p99", "own p50", "own p99", "most"],
      [
        row(
          "overhead: call to request, and first word to first word",
          (one) => [one.sent + one.first],
          "5 / 20",
        ),
        row("call to request at the vendor", (one) => [one.sent], ""),
        row("first word passed on", (one) => [one.first], "5"),
        row("each further word passed on", (one) => one.words, ""),
      ],
    ),
  )
  const late = at(long, (one) => one.words, 0.99)
  console.log(
    `\n${sustained.streams} streams of 50 words a second: ${heard} of ${told} words arrived, p99 ${short(late)} ms late\n`,
  )
}
