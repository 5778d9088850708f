import { randomBytes } from "node:crypto"
import { connect, type Socket } from "node:net"
import { once } from "node:events"
import { memoryOf } from "../../bench/machine.ts"
import { scenarios } from "../../kit/llm/openai-scenarios.ts"
import { Client } from "../kit/client.ts"
import { draw, type Link, type Step } from "../kit/draw.ts"
import { Host } from "../kit/host.ts"
import { echo, startVendor } from "../kit/vendor.ts"
import { Viewer } from "../kit/viewer.ts"

export interface ReadersReport {
  readers: number
  /** What workerd held at most while a lot was streamed, MB: with nobody stalled, and with all of them. */
  calmMb: number
  stalledMb: number
  /** How late others were told their events, ms. */
  calmLate: number[]
  stalledLate: number[]
  /** How much was streamed past the stalled readers, MB. */
  streamedMb: number
  /** Others who were not told everything. */
  cut: string[]
  ms: number
}

const flood = "chaos-flood"
/** Ten models at once, each with 90 words of 10 kB: more than sockets hold back on their own. */
const lanes = Array.from({ length: 10 }, (_, i) => `flood_${i}`)
const words = Array.from({ length: 90 }, () => "x".repeat(10_000)).join(" ")
const others = 8

scenarios[flood] = { about: "says 90 words of 10 kB", text: () => words, pace: 30 }

function flooding(provider: string) {
  const steps = lanes.map((id): Step => ({
    id,
    type: "llm",
    data: { llm_provider_id: provider, model: flood, prompt: "Go." },
  }))
  const links = lanes.flatMap((id): Link[] => [
    ["input", id],
    [id, "join"],
  ])
  return draw(
    "Flood",
    [
      { id: "input", type: "input", data: {} },
      ...steps,
      { id: "join", type: "merge", data: { mode: "any" } },
      { id: "output", type: "output", data: { value: "{{ 'over' }}" } },
    ],
    [...links, ["join", "output"]],
  )
}

/** A talk of some seconds, a word at a time. */
function talk(provider: string) {
  const prompt = `effect ${"word ".repeat(150)}`
  return draw(
    "Talk",
    [
      { id: "input", type: "input", data: {} },
      { id: "say", type: "llm", data: { llm_provider_id: provider, model: echo, prompt } },
      { id: "output", type: "output", data: { value: "{{ 'over' }}" } },
    ],
    [
      ["input", "say"],
      ["say", "output"],
    ],
  )
}

/** Streams a lot past readers who do not read, and looks at what that costs the server and others. */
export async function stalledReaders(readers: number): Promise<ReadersReport> {
  const since = performance.now()
  const vendor = await startVendor()
  vendor.pace = () => 30
  const host = await Host.start({ allow: [vendor.server.host] })
  try {
    const client = await Client.register(host.address)
    const provider = await client.provider(vendor.server)
    const flows = {
      flood: await client.publish(flooding(provider)),
      talk: await client.publish(talk(provider)),
    }
    // Once for whatever grows at first only.
    await watchFlood(host, client, flows, 0)
    const calm = await watchFlood(host, client, flows, 0)
    const stalled = await watchFlood(host, client, flows, readers)
    return {
      readers,
      calmMb: calm.mb,
      stalledMb: stalled.mb,
      calmLate: calm.late,
      stalledLate: stalled.late,
      streamedMb: (lanes.length * words.length) / 1024 ** 2,
      cut: [...calm.cut, ...stalled.cut],
      ms: performance.now() - since,
    }
  } finally {
    await host.stop()
    await vendor.server.close()
  }
}

type Seen = { mb: number; late: number[]; cut: string[] }

async function watchFlood(
  host: Host,
  client: Client,
  flows: { flood: string; talk: string },
  readers: number,
): Promise<Seen> {
  const flooded = await client.start(flows.flood, {})
  const stalled = await Promise.all(
    Array.from({ length: readers }, (_, i) => stall(client, flooded, i % 2 === 0)),
  )
  const ids = await Promise.all(Array.from({ length: others }, () => client.start(flows.talk, {})))
  const viewers = ids.map((id, i) => new Viewer(client, id, i % 2 === 0 ? "sse" : "websocket"))
  // Somebody who reads sees the flood to its end, too.
  const reader = new Viewer(client, flooded, "sse")
  const pid = host.server.workerd()
  let mb = 0
  const measuring = setInterval(() => {
    mb = Math.max(mb, memoryOf([pid])[0]?.rss ?? 0)
  }, 100)
  await Promise.all([...viewers, reader].map(({ ended }) => ended))
  clearInterval(measuring)
  for (const socket of stalled) socket.destroy()
  const cut = [...viewers, reader].flatMap(({ odd }) => odd)
  return { mb, cut, late: viewers.flatMap(lateness) }
}

/** How late somebody was told what happened while they watched, ms; what was before they came was not late. */
function lateness({ told, opened }: Viewer): number[] {
  const since = performance.timeOrigin + (opened[0] ?? 0)
  return told
    .map(({ cameAt, at }) => ({ cameAt, at: Date.parse(at) }))
    .filter(({ at }) => at >= since)
    .map(({ cameAt, at }) => cameAt - at)
}

/** Asks for a stream, reads the head of the answer, and nothing more. */
async function stall(client: Client, execution: string, isSocket: boolean): Promise<Socket> {
  const { hostname, port, host } = new URL(client.address)
  const socket = connect({ host: hostname, port: Number(port) })
  socket.on("error", () => socket.destroy())
  await once(socket, "connect")
  const upgrade = [
    "connection: Upgrade",
    "upgrade: websocket",
    "sec-websocket-version: 13",
    `sec-websocket-key: ${randomBytes(16).toString("base64")}`,
    `origin: ${client.address}`,
  ]
  const head = [
    `GET /api/v1/executions/${execution}/stream HTTP/1.1`,
    `host: ${host}`,
    ...Object.entries(client.headers).map(([name, value]) => `${name}: ${value}`),
    ...(isSocket ? upgrade : []),
  ]
  socket.write(`${head.join("\r\n")}\r\n\r\n`)
  const [answer] = (await once(socket, "data")) as [Buffer]
  socket.pause()
  const status = answer.toString("latin1").split(" ", 2)[1]
  if (status !== (isSocket ? "101" : "200")) throw new Error(`A reader was answered ${status}`)
  return socket
}
