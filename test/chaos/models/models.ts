import { setTimeout as sleep } from "node:timers/promises"
import { isSettled, type ExecutionStatus } from "../../../core/execution/status.ts"
import type { Recorded } from "../../kit/llm/openai-server.ts"
import { startReceiver, type Receiver } from "../../kit/receiver.ts"
import { Client } from "../kit/client.ts"
import { Host } from "../kit/host.ts"
import { publishFlows, type Flows } from "./flows.ts"
import { differences, executionOf, owed, sum, unheard, type Taken } from "./ledger.ts"
import { startFaultyVendor, type FaultyVendor, type Manner } from "./vendor.ts"

export interface ModelsReport {
  calls: number
  executions: number
  manners: Map<Manner, number>
  ends: Map<ExecutionStatus, number>
  /** Executions that did not come to an end. */
  stuck: string[]
  /** Where the ledger differs from what the vendor is owed. */
  wrong: string[]
  /** Tools that were called for a stream that broke, or twice, or not for one that was whole. */
  tools: string[]
  toolCalls: number
  /** Calls of ours that never reached the vendor, by why. */
  unheard: Map<string, number>
  owed: Taken
  ms: number
}

const together = 16
const mostMs = 120_000

/** Makes model calls in whole executions against a vendor that misbehaves, and holds the ledger against the vendor's own. */
export async function faultyModels(calls: number, seed = 4): Promise<ModelsReport> {
  const since = performance.now()
  const vendor = await startFaultyVendor(seed)
  const receiver = await startReceiver()
  const host = await Host.start({ allow: [vendor.server.host, receiver.host] })
  const report: ModelsReport = {
    calls: 0,
    executions: 0,
    manners: new Map(),
    ends: new Map(),
    stuck: [],
    wrong: [],
    tools: [],
    toolCalls: 0,
    unheard: new Map(),
    owed: sum([]),
    ms: 0,
  }
  try {
    const client = await Client.register(host.address)
    const flows = await publishFlows(client, vendor.server, receiver.url)
    const ids = await execute(client, flows, () => vendor.manners.length < calls, report)
    await judge(client, ids, vendor, report)
    judgeTools(vendor, receiver, report)
    report.executions = ids.length
    report.ms = performance.now() - since
    return report
  } finally {
    await host.stop()
    await vendor.server.close()
    await receiver.close()
  }
}

/** Starts executions, some at a time, until there were calls enough; what failed is done anew once. */
async function execute(
  client: Client,
  flows: Flows,
  isWanted: () => boolean,
  report: ModelsReport,
): Promise<string[]> {
  const deck = flows.flatMap((flow) => Array.from({ length: flow.share }, () => flow))
  const ids: string[] = []
  let n = 0
  const work = async (): Promise<void> => {
    while (isWanted()) {
      // Seven and twenty have no common part, so that each kind comes early.
      const flow = deck.at((n++ * 7) % deck.length)!
      const id = await client.start(flow.id, { n })
      ids.push(id)
      const status = await ended(client, id, report)
      if (status !== "failed" || flow.name === "Abandoned") continue
      const again = await client.retry(id)
      ids.push(again)
      await ended(client, again, report)
    }
  }
  await Promise.all(Array.from({ length: together }, work))
  return ids
}

async function ended(client: Client, id: string, report: ModelsReport): Promise<ExecutionStatus> {
  const until = performance.now() + mostMs
  for (;;) {
    const { status } = await client.look(id)
    if (isSettled(status)) {
      report.ends.set(status, (report.ends.get(status) ?? 0) + 1)
      return status
    }
    if (performance.now() > until) {
      report.stuck.push(`${id} is ${status} after ${mostMs} ms`)
      return status
    }
    await sleep(50)
  }
}

async function judge(
  client: Client,
  ids: readonly string[],
  { server, manners }: FaultyVendor,
  report: ModelsReport,
): Promise<void> {
  const requests = Map.groupBy(
    server.requests.filter(({ path }) => path === "/v1/chat/completions"),
    (one: Recorded) => executionOf(one),
  )
  for (const manner of manners) report.manners.set(manner, (report.manners.get(manner) ?? 0) + 1)
  report.calls = manners.length
  report.owed = sum([...requests.values()].flat().map(owed))
  const known = new Set(ids)
  for (const id of requests.keys())
    if (!known.has(id)) report.wrong.push(`A call was made for ${id || "nobody"}`)
  await arrived(client, ids)
  const rows = await client.sums()
  for (const id of ids) {
    const [journal, own, spans] = await Promise.all([client.journal(id), client.look(id), client.spans(id)])
    const seen = requests.get(id) ?? []
    report.wrong.push(...differences(id, seen, { journal, own, spans, row: rows.get(id) }))
    for (const code of unheard(seen, { journal }))
      report.unheard.set(code, (report.unheard.get(code) ?? 0) + 1)
  }
}

/** Rows and spans leave behind the answer. */
async function arrived(client: Client, ids: readonly string[]): Promise<void> {
  const until = performance.now() + mostMs
  for (;;) {
    const rows = await client.sums()
    const late = ids.filter((id) => !isSettled(rows.get(id)?.status ?? "running"))
    if (late.length === 0 || performance.now() > until) break
    await sleep(250)
  }
  for (const id of ids) {
    while (performance.now() < until) {
      const root = (await client.spans(id)).find(({ kind }) => kind === "execution")
      if (root !== undefined && root.end_time !== null) break
      await sleep(100)
    }
  }
}

/** A tool is called once for each whole stream that asked for it, and never for one that broke. */
function judgeTools(
  { asked, broken }: FaultyVendor,
  { effects, sent }: Receiver,
  report: ModelsReport,
): void {
  const done = sent.flatMap(({ name }) => (name.startsWith("call-") ? [name] : []))
  report.toolCalls = effects.filter(({ name }) => name.startsWith("call-")).length
  for (const name of done) {
    if (broken.has(name)) report.tools.push(`${name} was called, whose stream was broken`)
    else if (!asked.has(name)) report.tools.push(`${name} was called, and nobody asked for it`)
  }
  for (const [name, times] of Map.groupBy(done, (one) => one))
    if (times.length > 1) report.tools.push(`${name} was called ${times.length} times`)
  const called = new Set(done)
  for (const name of asked) if (!called.has(name)) report.tools.push(`${name} was asked for and never called`)
}
