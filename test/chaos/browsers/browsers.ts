import { setTimeout as sleep } from "node:timers/promises"
import { flowsApi } from "#core/contract/flows"
import { stable } from "#core/flow/diff"
import { launch } from "../../e2e/kit/browser.ts"
import { Client } from "../../e2e/kit/client.ts"
import { chain, create, keyOf, register } from "../../e2e/kit/world.ts"
import { chanceOf } from "../../kit/canvas/simulation.ts"
import { Host } from "../kit/host.ts"
import { Robot, type Shown } from "./robot.ts"

export interface BrowsersReport {
  browsers: number
  seed: number
  acts: number
  kills: number
  restarts: number
  partitions: number
  /** Edits that pages were told of in their places, and the nodes among them that must still be there. */
  acknowledged: number
  lookedFor: number
  /** Edits that the server refused in words, such as two nodes of one name. */
  refusals: string[]
  faults: string[]
  ms: number
}

export interface BrowsersOptions {
  browsers: number
  seconds: number
  seed: number
  /** About how often the server is killed, and how often a browser loses its line, in seconds. */
  killEvery: number
  partitionEvery: number
}

const settleMs = 120_000

/** People in real browsers edit one flow while lines are cut and the server is killed; then everybody must see one flow, with all that was acknowledged. */
export async function editedByBrowsers(options: BrowsersOptions): Promise<BrowsersReport> {
  const since = performance.now()
  const host = await Host.start({ allow: [] })
  const browser = await launch()
  try {
    const tenant = await register(await Client.of(host.address))
    const { admin } = tenant
    // A sign-in does not last as long as a long run.
    const reader = await keyOf(admin, "flow.read")
    const flow = await create(admin, {
      name: "Edited by all",
      ...chain({ id: "input", type: "input", data: {} }),
    })
    const all: Robot[] = []
    for (let i = 0; i < options.browsers; i++) {
      const chance = chanceOf(options.seed * 100 + i)
      all.push(await Robot.arrive(browser, { name: `p${i}`, address: host.address, tenant, flow, chance }))
    }
    const editing = all.map((one) => one.edit())
    const restarts = await disturbed(host, all, options)
    for (const one of all) one.stop()
    await Promise.all(editing)
    await settled(all)
    const server = await reader.ask(flowsApi.get.reply, "GET", `/flows/${flow}`)
    const faults = await judged(all, server.flow)
    const sum = (of: (one: Robot) => number): number => all.reduce((total, one) => total + of(one), 0)
    return {
      browsers: options.browsers,
      seed: options.seed,
      acts: sum((one) => one.acts),
      kills: host.kills,
      restarts,
      partitions: sum((one) => one.partitions),
      acknowledged: sum((one) => one.ledger.edits),
      lookedFor: all.flatMap(wanted).length,
      refusals: all.flatMap((one) => one.ledger.refusals),
      faults,
      ms: performance.now() - since,
    }
  } finally {
    await browser.close()
    await host.stop()
  }
}

/** Cuts lines and kills the server, now its workerd, now all of its processes; answers how often all. */
async function disturbed(host: Host, all: readonly Robot[], options: BrowsersOptions): Promise<number> {
  const chance = chanceOf(options.seed)
  const end = performance.now() + options.seconds * 1_000
  const cuts = (async () => {
    while (performance.now() < end) {
      await sleep(options.partitionEvery * (500 + chance() * 1_000))
      const one = all[Math.floor(chance() * all.length)]!
      // The browser may be gone by then; why, the kills below have said.
      await one.partition(500 + chance() * 6_000).catch(() => {})
    }
  })()
  let restarts = 0
  while (performance.now() < end) {
    await sleep(Math.min(options.killEvery * (500 + chance() * 1_000), Math.max(0, end - performance.now())))
    if (chance() < 0.25) {
      restarts++
      await host.crash()
    } else host.kill()
    await host.serving()
  }
  await cuts
  return restarts
}

async function settled(all: readonly Robot[]): Promise<void> {
  const end = performance.now() + settleMs
  for (let quiet = 0; quiet < 5 && performance.now() < end; await sleep(200)) {
    const saved = await Promise.all(all.map((one) => one.isSaved))
    quiet = saved.every(Boolean) ? quiet + 1 : 0
  }
}

/** Nodes that must be there: those that the server acknowledged to who added them, and nobody took away. */
const wanted = (one: Robot): string[] => [...one.ledger.added].filter((id) => !one.removed.has(id))

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1)
const textOf = ({ nodes, edges }: Shown): string =>
  stable({ nodes: nodes.toSorted(byId), edges: edges.toSorted(byId) })

async function judged(all: readonly Robot[], server: Shown): Promise<string[]> {
  const faults: string[] = []
  const kept = new Map(server.nodes.map((node) => [node.id, node]))
  const labels = server.nodes.map(({ label }) => label)
  const said = textOf({ nodes: server.nodes, edges: server.edges })
  for (const one of all) {
    if (!(await one.isSaved)) faults.push(`${one.name} does not say that it is saved`)
    if (textOf(await one.shows()) !== said) faults.push(`${one.name} shows another flow than the server has`)
    for (const id of wanted(one))
      if (!kept.has(id)) faults.push(`the acknowledged node ${id} of ${one.name} is missing`)
    for (const text of one.christened) {
      const times = labels.filter((label) => label === text).length
      if (times !== 1) faults.push(`${times} nodes of ${one.name} are called ${text}`)
    }
    for (const [id, titles] of one.titles) {
      const label = kept.get(id)?.label
      if (kept.has(id) && label !== undefined && !titles.includes(label))
        faults.push(`${id} of ${one.name} is called ${label}, not ${titles.join(" or ")}`)
    }
  }
  return faults
}
