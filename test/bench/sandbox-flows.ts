import { rmSync } from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"
import { newState, Server } from "../kit/server.ts"
import { Client } from "./client.ts"
import { quantile } from "./load.ts"
import { short } from "./table.ts"

interface Sample {
  /** From the step's first event to its last, and from the request to its answer, ms. */
  step: number
  all: number
}

type Step = { what: string; most: string; type: "tool" | "code"; work: object }

const steps: readonly Step[] = [
  {
    what: "a flow's Python tool",
    most: "15",
    type: "tool",
    work: { runtime: "python", source: `print('{"n": 1}')` },
  },
  {
    what: "a flow's Node tool",
    most: "15",
    type: "tool",
    work: { runtime: "node", source: `console.log('{"n": 1}')` },
  },
  {
    what: "a flow's function",
    most: "15",
    type: "code",
    work: { source: "export default () => ({ n: 1 })" },
  },
]

const drawn = (data: object, type: string) => ({
  name: `One program ${crypto.randomUUID().slice(0, 8)}`,
  nodes: [
    { id: "input", type: "input", data: {}, position: { x: 0, y: 0 } },
    { id: "step", type, data, position: { x: 240, y: 0 } },
    { id: "output", type: "output", data: {}, position: { x: 480, y: 0 } },
  ],
  edges: [
    { id: "a", source: "input", target: "step" },
    { id: "b", source: "step", target: "output" },
  ],
})

/** Long enough for the pool to be full again. */
const restMs = 150

/** The whole way of a program: from a flow's node through the Worker and the runner to its result in the journal, and all around it. */
export async function flowsWithPrograms(
  samples: number,
): Promise<{ what: string; is: string; most: string }[]> {
  const state = newState()
  const server = await Server.start({ state, settings: { EDGECREW_SANDBOX: "1" } })
  try {
    const client = await Client.register(server.address)
    const rows: { what: string; is: string; most: string }[] = []
    for (const { what, most, type, work } of steps) {
      const data = type === "code" ? work : { tool_id: await client.tool(work), inputs: {} }
      const flow = await client.publish(drawn(data, type))
      const measured: Sample[] = []
      for (let i = -5; i < samples; i++) {
        await sleep(restMs)
        const sample = await once(client, flow)
        if (i >= 0) measured.push(sample)
      }
      const told = (key: keyof Sample): string => {
        const sorted = measured.map((one) => one[key]).toSorted((a, b) => a - b)
        return `${short(quantile(sorted, 0.5))} / ${short(quantile(sorted, 0.95))} ms`
      }
      rows.push(
        { what: `${what}, warm: node to result, p50 / p95`, is: told("step"), most: `${most} / - ms` },
        { what: `${what}, warm: request to answer, p50 / p95`, is: told("all"), most: "" },
      )
    }
    rows.push(await printed(client))
    return rows
  } finally {
    await server.stop()
    rmSync(state, { recursive: true, force: true })
  }
}

const lines = 200
const clock = `import time
for _ in range(${lines}):
    time.sleep(0.02)
    print("tick", time.time() * 1000, flush=True)
`

/** From a line's print to its place in the execution's stream, which is what a page shows. */
async function printed(client: Client): Promise<{ what: string; is: string; most: string }> {
  const tool_id = await client.tool({ runtime: "python", source: clock })
  const flow = await client.publish(drawn({ tool_id, inputs: {} }, "tool"))
  const took: number[] = []
  let rest = ""
  await client.follow(await client.start(flow), (text) => {
    const now = performance.timeOrigin + performance.now()
    rest += text
    const end = rest.lastIndexOf("\n")
    for (const [, at] of rest.slice(0, end + 1).matchAll(/tick (\d+\.\d+)/g)) took.push(now - Number(at))
    rest = rest.slice(end + 1)
  })
  if (took.length !== lines) throw new Error(`${took.length} of ${lines} lines were heard`)
  const sorted = took.toSorted((a, b) => a - b)
  const is = `${short(quantile(sorted, 0.5))} / ${short(quantile(sorted, 0.95))} ms`
  return { what: "a line printed to its place in the stream, p50 / p95", is, most: "50 ms" }
}

async function once(client: Client, flow: string): Promise<Sample> {
  const since = performance.now()
  const id = await client.execute(flow)
  const all = performance.now() - since
  const times = (await client.events(id))
    .filter(({ node_id }) => node_id === "step")
    .map(({ at }) => Date.parse(at))
  return { step: Math.max(...times) - Math.min(...times), all }
}
