import { monitorEventLoopDelay } from "node:perf_hooks"
import { setTimeout as sleep } from "node:timers/promises"
import { startReceiver, type Receiver } from "../../kit/receiver.ts"
import { Client } from "../kit/client.ts"
import { draw, type Link, type Step } from "../kit/draw.ts"
import { Host } from "../kit/host.ts"
import { echo, startVendor, type Vendor } from "../kit/vendor.ts"
import { nameIn } from "../kit/names.ts"
import { Viewer } from "../kit/viewer.ts"

export interface CancelsReport {
  cancels: number
  /** How many came while a model was being asked. */
  inFlight: number
  /** How many came too late: it had ended by itself. */
  late: number
  /** From the request to the state `cancelled`, as a viewer sees it, ms. */
  terminal: number[]
  /** What was asked of the outside after that, and calls that were still open then. */
  after: string[]
  open: string[]
  /** Executions that did not end. */
  stuck: string[]
  ms: number
}

const together = 20
const mostMs = 10_000
/** How long a request may have been on its way that was sent before the end. */
const onItsWayMs = 50
/** Two sockets of ours may tell of what happened at once in two turns of our loop: so much, and what the loop itself was late. */
const sameTurnMs = 5
const mostLateMs = 45

/** Three models at once, each followed by another, and a last one where they meet: for most of its time something is in flight. */
function flow(provider: string) {
  const say = (id: string, after: string): Step => ({
    id,
    type: "llm",
    data: {
      llm_provider_id: provider,
      model: echo,
      prompt: `effect {{ execution.id }}/${id} one two three four five six ${after}`,
    },
  })
  const lanes = ["a", "b", "c"]
  const links = lanes.flatMap((lane): Link[] => [
    ["input", `first_${lane}`],
    [`first_${lane}`, `second_${lane}`],
    [`second_${lane}`, "join"],
  ])
  return draw(
    "Cancelled at any moment",
    [
      { id: "input", type: "input", data: {} },
      ...lanes.flatMap((lane) => [
        say(`first_${lane}`, ""),
        say(`second_${lane}`, `{{ $length(nodes.first_${lane}) }}`),
      ]),
      { id: "join", type: "merge", data: {} },
      say("last", ""),
      { id: "output", type: "output", data: { value: "{{ nodes.last }}" } },
    ],
    [...links, ["join", "last"], ["last", "output"]],
  )
}

/** Cancels executions at random moments and looks at what the outside sees of them from then on. */
export async function randomCancels(cancels: number): Promise<CancelsReport> {
  const since = performance.now()
  const vendor = await startVendor()
  const receiver = await startReceiver()
  const host = await Host.start({ allow: [vendor.server.host, receiver.host] })
  vendor.pace = () => 15
  const outside = { vendor, receiver, ends: new Map<string, number>() }
  const loop = monitorEventLoopDelay({ resolution: 1 })
  loop.enable()
  const report: CancelsReport = {
    cancels,
    inFlight: 0,
    late: 0,
    terminal: [],
    after: [],
    open: [],
    stuck: [],
    ms: 0,
  }
  try {
    const client = await Client.register(host.address)
    const id = await client.publish(flow(await client.provider(vendor.server)))
    let left = cancels
    const work = async (): Promise<void> => {
      while (left-- > 0) await cancelOne(client, id, outside, report)
    }
    await Promise.all(Array.from({ length: together }, work))
    await sleep(1_000)
    report.after.push(...callsAfterEnd(outside))
    report.open.push(...openAtEnd(outside, sameTurnMs + Math.min(loop.max / 1e6, mostLateMs)))
    report.ms = performance.now() - since
    return report
  } finally {
    loop.disable()
    await host.stop()
    await vendor.server.close()
    await receiver.close()
  }
}

type Outside = { vendor: Vendor; receiver: Receiver; ends: Map<string, number> }

async function cancelOne(
  client: Client,
  flowId: string,
  { vendor, ends }: Outside,
  report: CancelsReport,
): Promise<void> {
  const execution = await client.start(flowId, {})
  const viewer = new Viewer(client, execution, Math.random() < 0.5 ? "sse" : "websocket")
  const isMine = ({ text }: { text: string }): boolean => text.includes(`${execution}/`)
  await sleep(Math.random() * 700)
  const asked = performance.now()
  const inFlight = vendor.open().filter(isMine).length
  if (inFlight > 0) report.inFlight++
  const answer = await client.cancel(execution)
  if (answer === 409) {
    report.late++
    return
  }
  const ended = await Promise.race([
    viewer.until(({ type }) => type === "execution.cancelled"),
    sleep(mostMs, undefined, { ref: false }),
  ])
  if (!ended) {
    report.stuck.push(
      `${execution}: ${mostMs} ms after its cancel it is ${(await client.look(execution)).status}`,
    )
    return
  }
  ends.set(execution, ended.came)
  report.terminal.push(ended.came - asked)
}

/** Calls that were closed later than somebody was told of the end, each with how much later. */
function openAtEnd({ vendor, receiver, ends }: Outside, toleranceMs: number): string[] {
  const late = (name: string, at: number, closed: number | undefined): string[] => {
    const end = ends.get(name.split("/")[0] ?? "")
    if (end === undefined || at > end || (closed !== undefined && closed < end + toleranceMs)) return []
    return [
      closed === undefined ? `${name}: never closed` : `${name}: closed ${Math.round(closed - end)} ms late`,
    ]
  }
  return [
    ...vendor.calls().flatMap(({ text, at, closed }) => late(nameIn(text), at, closed)),
    ...receiver.sent.flatMap(({ name, at, closed, answered }) => late(name, at, closed ?? answered)),
  ]
}

/** Whatever arrived after somebody was told of the end. */
function callsAfterEnd({ vendor, receiver, ends }: Outside): string[] {
  const late = (name: string, at: number): boolean => {
    const end = ends.get(name.split("/")[0] ?? "")
    return end !== undefined && at > end + onItsWayMs
  }
  return [
    ...vendor.calls().flatMap(({ text, at }) => (late(nameIn(text), at) ? [nameIn(text)] : [])),
    ...receiver.sent.flatMap(({ name, at }) => (late(name, at) ? [name] : [])),
  ]
}
