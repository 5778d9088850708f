import { setTimeout as sleep } from "node:timers/promises"
import { startReceiver, type Receiver } from "../../kit/receiver.ts"
import { Client } from "../kit/client.ts"
import { Host } from "../kit/host.ts"
import { startVendor, type Vendor } from "../kit/vendor.ts"
import { Viewer } from "../kit/viewer.ts"
import { Effects } from "../kit/effects.ts"
import { nameIn } from "../kit/names.ts"
import { effectsOf, expected, thirtySteps } from "./flow.ts"
import type { Subject } from "./subject.ts"
import { judge, type Verdict } from "./verdict.ts"

export interface Kills {
  executions: number
  kills: number
  /** How many of the kills happen while nobody watches and nobody asks: then an alarm alone brings everything back. */
  dark: number
  /** Told how far it has come. */
  say?: (line: string) => void
}

export interface KillsReport extends Verdict {
  executions: number
  kills: number
  /** From serving again to each execution's next step, ms. */
  recovery: number[]
  darkRecovery: number[]
  /** From serving again to each viewer's next connection, ms. */
  resume: number[]
  ms: number
}

const tideMs = 400
const mostRecoveryMs = 20_000
const mostSettleMs = 60_000

/** Executes much while the server is killed again and again, then holds what happened against what should have. */
export async function randomKills(options: Kills): Promise<KillsReport> {
  const since = performance.now()
  const vendor = await startVendor()
  const receiver = await startReceiver()
  const host = await Host.start({ allow: [vendor.server.host, receiver.host] })
  try {
    const client = await Client.register(host.address)
    const flow = await client.publish(thirtySteps(await client.provider(vendor.server), receiver.url))
    const storm = new Storm(host, client, flow, vendor, receiver, options)
    await storm.blow()
    const verdict = await judge(client, storm.subjects, storm.effects, {
      expected: ({ n }) => expected(n),
      effectsOf: ({ id }) => effectsOf(id),
    })
    const { recovery, darkRecovery, resume } = storm
    const ms = performance.now() - since
    return { ...options, ...verdict, kills: host.kills, recovery, darkRecovery, resume, ms }
  } finally {
    await host.stop()
    await vendor.server.close()
    await receiver.close()
  }
}

class Storm {
  readonly subjects: Subject[] = []
  readonly effects: Effects
  readonly recovery: number[] = []
  readonly darkRecovery: number[] = []
  readonly resume: number[] = []
  readonly #host: Host
  readonly #client: Client
  readonly #flow: string
  readonly #vendor: Vendor
  readonly #receiver: Receiver
  readonly #options: Kills
  #wanted = 0
  #starting: Promise<void>[] = []
  readonly #unanswered = new Set<Promise<void>>()
  #heard = new Map<string, number>()

  constructor(host: Host, client: Client, flow: string, vendor: Vendor, receiver: Receiver, options: Kills) {
    this.#host = host
    this.#client = client
    this.#flow = flow
    this.#vendor = vendor
    this.#receiver = receiver
    this.#options = options
    this.effects = new Effects(vendor, receiver)
    // Effects wait for the kills, so that these find executions at every stage and not only at their beginning.
    const begun = new Set<string>()
    const hear = (name: string): void => {
      begun.add(name)
      this.#heard.set(name.split("/")[0] ?? "", performance.now())
    }
    vendor.hear = (text) => hear(nameIn(text))
    receiver.hear = (phase, { name }) => {
      if (phase === "arrived") hear(name)
    }
    const all = options.executions * effectsOf("").length
    const isAhead = (): boolean => begun.size / all > host.kills / options.kills
    // Never slow for long: a step that is cut off twenty times in a row is given up.
    const isSlow = (): boolean => isAhead() && Math.floor(performance.now() / tideMs) % 2 === 0
    vendor.pace = () => (isSlow() ? 80 : 3)
    receiver.pace = () => Math.random() * (isSlow() ? 800 : 20)
  }

  async blow(): Promise<void> {
    const { executions, kills, dark } = this.#options
    for (let n = 0; n < kills; n++) {
      // All are begun by the time that three quarters of the kills have happened.
      this.#begin(Math.min(executions, Math.ceil((executions * 4 * (n + 1)) / (kills * 3))))
      await this.#anybody()
      // In the middle of each stretch: at the end of the last there may be nobody left.
      const stretch = Math.floor(kills / dark)
      const isDark = dark > 0 && n % stretch === Math.floor(stretch / 2)
      await (isDark ? this.#killInTheDark() : this.#kill())
      if ((n + 1) % 10 === 0)
        this.#options.say?.(`  ${n + 1} of ${kills} kills, ${this.#underWay.length} under way`)
    }
    await this.#host.serving()
    await Promise.all(this.#starting)
    this.#vendor.pace = () => 1
    this.#receiver.pace = () => 1
    const settled = Promise.all(this.subjects.map(({ viewer }) => viewer.ended))
    await Promise.race([settled, sleep(mostSettleMs, undefined, { ref: false })])
  }

  #begin(wanted: number): void {
    for (; this.#wanted < wanted; this.#wanted++) {
      const n = this.#wanted
      const begun = this.#client.start(this.#flow, { n }).then((id) => {
        const viewer = new Viewer(this.#client, id, n % 2 === 0 ? "sse" : "websocket")
        this.subjects.push({ n, id, viewer })
      })
      this.#starting.push(begun)
      this.#unanswered.add(begun)
      // Whoever waits for it is told; until then it is no unhandled rejection.
      begun.catch(() => {}).finally(() => this.#unanswered.delete(begun))
    }
  }

  /** Waits until an execution is under way: a kill shows nothing else, and on a slow machine no start may come between two. */
  async #anybody(): Promise<void> {
    while (this.#underWay.length === 0 && this.#unanswered.size > 0) await Promise.race(this.#unanswered)
  }

  get #underWay(): Subject[] {
    return this.subjects.filter(({ viewer }) => !viewer.isOver)
  }

  /** One kill. Two of three wait until every execution has taken a step, the others happen while it recovers. */
  async #kill(): Promise<void> {
    const isEarly = Math.random() < 1 / 3
    await sleep(Math.random() * (isEarly ? 250 : 400))
    const watched = this.#underWay
    const killedAt = Date.now()
    this.#host.kill()
    await this.#host.serving()
    const { diedAt, readyAt } = this.#host
    if (isEarly) return
    // What says that it serves may reach us later than what it serves.
    const after = (at: number): number => Math.max(0, at - readyAt)
    const steps = watched.map(async ({ viewer }) => {
      const step = viewer.until((event) => Date.parse(event.at) > killedAt)
      // Its end may have been written just before, and be told only now.
      const next = await Promise.race([step, viewer.ended])
      if (next) this.recovery.push(after(next.came))
      const opened = viewer.opened.find((at) => at > diedAt)
      if (opened !== undefined) this.resume.push(after(opened))
    })
    await Promise.race([Promise.all(steps), sleep(mostRecoveryMs)])
  }

  /** Nobody watches, nobody asks: the next call to the outside shows that an execution goes on. */
  async #killInTheDark(): Promise<void> {
    await Promise.all(this.#starting)
    const watched = this.#underWay
    for (const { viewer } of watched) viewer.away()
    await sleep(100)
    this.#host.kill()
    await this.#host.serving()
    const { readyAt } = this.#host
    const until = performance.now() + mostRecoveryMs
    const left = new Set(watched.map(({ id }) => id))
    while (left.size > 0 && performance.now() < until) {
      for (const id of left) {
        const heard = this.#heard.get(id) ?? 0
        if (heard <= readyAt) continue
        this.darkRecovery.push(heard - readyAt)
        left.delete(id)
      }
      await sleep(10)
    }
    for (const { viewer } of watched) viewer.back()
  }
}
