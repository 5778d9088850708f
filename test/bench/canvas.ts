import { fork } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { bundleWorker } from "../../scripts/lib/build.ts"
import { readBundle } from "../../scripts/lib/bundle.ts"
import { at } from "../../scripts/lib/paths.ts"
import { freePort, host } from "../../scripts/lib/ports.ts"
import { Runtime } from "../../scripts/lib/runtime.ts"
import { newState, Server } from "../kit/server.ts"
import { largeFlow } from "./canvas/flow.ts"
import { joinTimes } from "./canvas/join.ts"
import { feltBy, type Felt } from "./canvas/measure.ts"
import { Client } from "./client.ts"
import { median, quantile } from "./load.ts"
import { machineLine } from "./machine.ts"
import { short, table } from "./table.ts"

const nodes = 500
/** More would only show that it has collapsed. */
const mostOnFloor = 100

type Subject = "Edgecrew" | "hocuspocus" | "floor: sends on what comes"
type Row = Felt & { who: Subject; people: number }

export interface CanvasBench {
  crowds: readonly number[]
  seconds: number
  /** Each crowd is played so often, in turn with the others; the table has the medians. */
  rounds: number
}

/** People on one flow of 500 nodes: a tenth of them drags, every step of it an edit that is kept; all pointers move 20 times a second. */
export async function benchCanvas({ crowds, seconds, rounds }: CanvasBench): Promise<void> {
  const rows: Row[] = []
  for (const people of crowds) {
    const plays: Row[] = []
    for (let round = 0; round < rounds; round++) {
      plays.push({ who: "Edgecrew", people, ...(await ours(people, seconds)) })
      plays.push({ who: "hocuspocus", people, ...(await hocuspocus(people, seconds)) })
      if (people <= mostOnFloor)
        plays.push({ who: "floor: sends on what comes", people, ...(await floor(people, seconds)) })
    }
    const added = [...new Set(plays.map(({ who }) => who))].map((who) =>
      middle(plays.filter((one) => one.who === who)),
    )
    rows.push(...added)
    tell(added)
  }
  console.log(`\n${machineLine()}\n`)
  tell(rows)
  console.log(`
Median of ${rounds} rounds of ${seconds} s. An edit is a drag's step; ours is written down before it is told, theirs is kept nowhere.
Bytes are payload, to which a WebSocket adds 6 up and 2 to 4 down. Busy is of one of the machine's processors; the players share
them with the server: "late" says how late their own moments came (p95), which is in the times of all alike.`)
  await benchJoin(1_000)
}

function tell(rows: readonly Row[]): void {
  const percent = (share: number): string => `${Math.round(share * 100)} %`
  console.log(
    table(
      [
        "canvas",
        "people",
        "p50 ms",
        "p95 ms",
        "edits",
        "up B",
        "down B",
        "never told",
        "shut out",
        "join ms",
      ].concat("MB above idle", "server busy", "players busy", "late ms", "load"),
      rows.map((one) => [
        one.who,
        String(one.people),
        short(one.p50),
        short(one.p95),
        String(one.edits),
        short(one.up),
        short(one.down),
        String(Math.round(one.missing)),
        String(one.closed),
        short(one.join),
        short(one.memory),
        percent(one.serverBusy),
        percent(one.playersBusy),
        short(one.late),
        short(one.load),
      ]),
    ),
  )
}

/** Of each figure the median of its rounds. */
function middle(plays: readonly Row[]): Row {
  const [first] = plays
  const numbers = Object.keys(first!).filter((key) => key !== "who") as (keyof Felt)[]
  const medians = Object.fromEntries(numbers.map((key) => [key, median(plays.map((one) => one[key]))]))
  return { ...first!, ...medians }
}

async function ours(people: number, seconds: number): Promise<Felt> {
  const state = newState()
  const server = await Server.start({ state })
  try {
    const client = await Client.register(server.address)
    const id = await client.publish(largeFlow(nodes))
    const token = await client.apiKey(["flow.read", "flow.edit"])
    const url = `${server.address}/api/v1/flows/${id}/canvas`
    return await feltBy({ subject: "edgecrew", url, token, nodes, people, seconds, server: server.workerd() })
  } finally {
    await server.stop()
    rmSync(state, { recursive: true, force: true })
  }
}

async function hocuspocus(people: number, seconds: number): Promise<Felt> {
  const port = await freePort(9590)
  const child = fork(at("test", "bench", "canvas", "hocuspocus.ts"), [String(port), String(nodes)])
  try {
    await new Promise<void>((resolve, reject) => {
      child.once("message", () => resolve())
      child.once("exit", (code) => reject(new Error(`hocuspocus ended with exit code ${code}.`)))
    })
    const url = `http://${host}:${port}/`
    return await feltBy({ subject: "hocuspocus", url, token: "", nodes, people, seconds, server: child.pid! })
  } finally {
    child.kill()
  }
}

/** An object that sends on each frame as it comes, on the same runtime. */
async function floor(people: number, seconds: number): Promise<Felt> {
  const folder = mkdtempSync(join(tmpdir(), "edgecrew-floor-"))
  await bundleWorker(at("test", "bench", "floor", "wrangler.toml"), join(folder, "worker"))
  const ignore = (): void => {}
  let pid = 0
  const runtime = new Runtime({
    worker: readBundle(join(folder, "worker")),
    bindings: {},
    data: join(folder, "data"),
    onError: (message) => console.error(`[floor] ${message}`),
    onDeath: ignore,
    onRecovery: ignore,
    onSpawn: (child) => (pid = child),
  })
  const port = await freePort(8940)
  try {
    await runtime.start(port)
    const url = `http://${host}:${port}/echo`
    return await feltBy({ subject: "floor", url, token: "", nodes, people, seconds, server: pid })
  } finally {
    await runtime.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** How long a window takes to know a large flow, alone with the server. */
async function benchJoin(size: number): Promise<void> {
  const state = newState()
  const server = await Server.start({ state })
  try {
    const client = await Client.register(server.address)
    const id = await client.publish(largeFlow(size))
    const token = await client.apiKey(["flow.read", "flow.edit"])
    const times = await joinTimes(server.address, id, token, 20)
    const row = (name: string, of: (one: (typeof times)[number]) => number): string[] => {
      const sorted = times.map(of).toSorted((a, b) => a - b)
      return [name, short(quantile(sorted, 0.5)), short(quantile(sorted, 0.95))]
    }
    console.log(`\nA flow of ${size} nodes is joined, ms\n`)
    console.log(
      table(
        ["from", "p50", "p95"],
        [
          row("asking to the open socket", (one) => one.open),
          row("the open socket to a document that can be edited", (one) => one.ready),
        ],
      ),
    )
  } finally {
    await server.stop()
    rmSync(state, { recursive: true, force: true })
  }
}
