import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { bundleWorker } from "../../scripts/lib/build.ts"
import { readBundle } from "../../scripts/lib/bundle.ts"
import { at } from "../../scripts/lib/paths.ts"
import { freePort, host } from "../../scripts/lib/ports.ts"
import { Runtime } from "../../scripts/lib/runtime.ts"
import { Client } from "./client.ts"
import { inputs, sixNodes, threeNodes } from "./flows.ts"
import { load, median, type Sample, type Target } from "./load.ts"
import { newState, Server } from "../kit/server.ts"
import { cpuMs, machineLine } from "./machine.ts"
import { short, table } from "./table.ts"

export interface Effort {
  rounds: number
  /** Length of each measurement. */
  seconds: number
}

const connections = [1, 16, 64]

interface Measured {
  connections: number
  target: Target
  samples: Sample[]
  /** To the five-row floor, round by round. */
  ratios: number[]
}

/** Execute-and-wait by API key against the floors of the same minutes, rounds interleaved, medians told. */
export async function benchExecute(effort: Effort): Promise<void> {
  const states = [newState(), newState()] as const
  const server = await Server.start({ state: states[0], settings: { EDGECREW_SEED: "0" } })
  const lax = await Server.start({ state: states[1], settings: { EDGECREW_SEED: "0", ...uncounted } })
  try {
    await withFloor(async (floor) => {
      const [three, six] = await executions(server)
      const [alike] = await executions(lax)
      const free = { ...alike, name: `${alike.name}, no quotas` }
      const ours = [three, six, free]
      const cpu = [...(await cpuEach(server, [three, six], effort)), ...(await cpuEach(lax, [free], effort))]
      print(await measure([...floor, ...ours], effort), cpu, effort)
    })
  } finally {
    await Promise.all([server.stop(), lax.stop()])
    for (const state of states) rmSync(state, { recursive: true, force: true })
  }
}

/** No executions are counted: what the hop to the governor costs is what lies between this and the others, who are. */
const uncounted = {
  EDGECREW_QUOTAS: JSON.stringify({ executions_per_day: 0, concurrent_executions: 0 }),
}

/** The two floors, served by workerd as the product is. */
async function withFloor(work: (floor: Target[]) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "edgecrew-floor-"))
  await bundleWorker(at("test", "bench", "floor", "wrangler.toml"), join(folder, "worker"))
  const ignore = (): void => {}
  const runtime = new Runtime({
    worker: readBundle(join(folder, "worker")),
    bindings: {},
    data: join(folder, "data"),
    onError: (message) => console.error(`[floor] ${message}`),
    onDeath: ignore,
    onRecovery: ignore,
  })
  const port = await freePort(8930)
  try {
    await runtime.start(port)
    await work([
      { name: "floor: bare answer", url: `http://${host}:${port}/`, method: "GET" },
      { name: "floor: five rows in an object", url: `http://${host}:${port}/rows`, method: "GET" },
    ])
  } finally {
    await runtime.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function executions(server: Server): Promise<[Target, Target]> {
  const client = await Client.register(server.address)
  const key = await client.apiKey()
  const provider = await client.builtinProvider()
  const execute = (name: string, flow: string): Target => ({
    name,
    url: `${server.address}/api/v1/flows/${flow}/execute`,
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", prefer: "wait=30" },
    body: JSON.stringify({ inputs }),
  })
  const targets: [Target, Target] = [
    execute("W1: 3 nodes", await client.publish(threeNodes)),
    execute("W2: 6 nodes, one model call", await client.publish(sixNodes(provider))),
  ]
  for (const target of targets) await probe(target)
  return targets
}

/** A bench of wrong answers is worth nothing: one execution of each is looked at first. */
async function probe({ name, url, body, headers }: Target): Promise<void> {
  const response = await fetch(url, { method: "POST", headers: headers ?? {}, body: body ?? null })
  const text = await response.text()
  if (response.status !== 200 || !text.includes('"succeeded"')) {
    throw new Error(`${name} answered ${response.status}: ${text}`)
  }
}

async function measure(targets: readonly Target[], effort: Effort): Promise<Measured[]> {
  const all = connections.flatMap((count) =>
    targets.map((target): Measured => ({ connections: count, target, samples: [], ratios: [] })),
  )
  for (let round = 0; round <= effort.rounds; round++) {
    console.log(round === 0 ? "warming up" : `round ${round} of ${effort.rounds}`)
    for (const one of all) {
      const sample = await load(one.target, one.connections, round === 0 ? 1 : effort.seconds)
      if (round > 0) one.samples.push(sample)
    }
  }
  for (const one of all) {
    const floor = all.find((other) => other.connections === one.connections && other.target === targets[1])
    one.ratios = one.samples.map(
      (sample, round) => sample.perSecond / (floor?.samples[round]?.perSecond ?? Number.NaN),
    )
  }
  return all
}

/** Processor time that the whole server spends on one execution, at 16 connections. */
async function cpuEach(server: Server, targets: readonly Target[], effort: Effort): Promise<string[]> {
  const pids = server.tree()
  const lines: string[] = []
  for (const target of targets) {
    await load(target, 16, 1)
    const before = cpuMs(pids)
    const sample = await load(target, 16, effort.seconds)
    const each = (cpuMs(pids) - before) / (sample.perSecond * effort.seconds)
    lines.push(`${target.name}: ${short(each)} ms of processor time an execution`)
  }
  return lines
}

function print(all: readonly Measured[], cpu: readonly string[], effort: Effort): void {
  const middle = (one: Measured, field: keyof Sample): string =>
    short(median(one.samples.map((s) => s[field])))
  const rows = all.map((one) => [
    one.target.name,
    String(one.connections),
    middle(one, "perSecond"),
    middle(one, "p50"),
    middle(one, "p95"),
    short(median(one.ratios)),
    String(one.samples.reduce((sum, sample) => sum + sample.bad, 0)),
  ])
  console.log(`\n${machineLine()}`)
  console.log(
    `medians of ${effort.rounds} interleaved rounds of ${effort.seconds} s; ratio to the five-row floor of the same round\n`,
  )
  console.log(table(["", "connections", "req/s", "p50 ms", "p95 ms", "ratio", "bad"], rows))
  console.log(`\n${cpu.join("\n")}\n`)
}
