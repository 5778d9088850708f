import { setTimeout as sleep } from "node:timers/promises"
import type { ExecutionStatus } from "#core/execution/status"
import { startReceiver, type Receiver } from "../../kit/receiver.ts"
import { Client } from "../kit/client.ts"
import { draw } from "../kit/draw.ts"
import { Host } from "../kit/host.ts"
import { startVendor, type Vendor } from "../kit/vendor.ts"
import {
  agentDrafts,
  calleeSteps,
  variantNames,
  variants,
  type Around,
  type VariantName,
} from "./variants.ts"

const pollMs = 150

/** What all cells share: a server that dies where it is told to, what it calls, and a flow for each variant. */
export class World {
  readonly host: Host
  readonly client: Client
  readonly vendor: Vendor
  readonly receiver: Receiver
  readonly flows: ReadonlyMap<VariantName, string>
  #index = new Map<string, ExecutionStatus>()
  #isOver = false
  readonly #polling: Promise<void>

  private constructor(
    host: Host,
    client: Client,
    outside: { vendor: Vendor; receiver: Receiver },
    flows: ReadonlyMap<VariantName, string>,
  ) {
    this.host = host
    this.client = client
    this.vendor = outside.vendor
    this.receiver = outside.receiver
    this.flows = flows
    this.#polling = this.#poll()
  }

  static async start(): Promise<World> {
    const vendor = await startVendor()
    const receiver = await startReceiver()
    // So many lanes that each execution has an object to itself: nobody else's alarm wakes it.
    const settings = { EXECUTION_LANES: "1000" }
    const host = await Host.start({
      allow: [vendor.server.host, receiver.host],
      points: true,
      settings,
    })
    const client = await Client.register(host.address)
    const provider = await client.provider(vendor.server)
    const callee = calleeSteps({ provider, receiver: receiver.url })
    const id = await client.publish(draw("Called", callee.steps, callee.links))
    const drafts = agentDrafts({ provider, receiver: receiver.url })
    const agent = await client.agent(drafts.tool, drafts.agent)
    const around = { provider, receiver: receiver.url, callee: id, agent }
    const flows = new Map<VariantName, string>()
    for (const name of variantNames) flows.set(name, await client.publish(flowOf(name, around)))
    return new World(host, client, { vendor, receiver }, flows)
  }

  /** What the tenant's index says: asking it wakes no execution. */
  statusOf(execution: string): ExecutionStatus | undefined {
    return this.#index.get(execution)
  }

  async #poll(): Promise<void> {
    while (!this.#isOver) {
      this.#index = await this.client.recent()
      await sleep(pollMs)
    }
  }

  async stop(): Promise<void> {
    this.#isOver = true
    await this.#polling.catch(() => {})
    await this.host.stop()
    await this.vendor.server.close()
    await this.receiver.close()
  }
}

/** input → before → … subject … → after → output: what comes before and after is to happen once, too. */
function flowOf(name: VariantName, around: Around) {
  const { steps, links } = variants[name]
  return draw(
    name,
    [
      { id: "input", type: "input", data: {} },
      { id: "before", type: "transform", data: { value: "input.n & ' before'" } },
      ...steps(around),
      {
        id: "after",
        type: "transform",
        data: { value: "{ 'before': nodes.before, 'subject': nodes.subject }" },
      },
      { id: "output", type: "output", data: { value: "{{ nodes.after }}" } },
    ],
    [["input", "before"], ...links, ["after", "output"]],
  )
}
