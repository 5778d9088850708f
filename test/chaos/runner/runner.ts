import { rmSync } from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"
import { startReceiver, type Receiver } from "../../kit/receiver.ts"
import { leftOf } from "../../sandbox/kit/host.ts"
import { nameServer } from "../../sandbox/kit/dns.ts"
import { Client } from "../kit/client.ts"
import { Effects } from "../kit/effects.ts"
import { Host } from "../kit/host.ts"
import { Viewer } from "../kit/viewer.ts"
import type { Subject } from "../kills/subject.ts"
import { judge, type Verdict } from "../kills/verdict.ts"
import { Beside } from "./beside.ts"
import { careful, effectsOf, expected, publishPrograms } from "./programs.ts"
import { fencing } from "./verdict.ts"

export interface RunnerKills {
  kills: number
  /** Told how far it has come. */
  say?: (line: string) => void
}

type Way = "runner" | "family" | "server"

export interface RunnerReport extends Verdict {
  kills: Record<Way, number>
  freezes: number
  executions: number
  /** Of them, those that failed since the sandbox stopped twenty times during one step. */
  givenUp: number
  decisions: number
  /** Results of another run than the one that was asked for, and output that was lost or doubled. */
  late: string[]
  /** What a killed runner left behind. */
  left: string[]
  /** From a kill to the next runner's readiness, ms. */
  recovery: number[]
  ms: number
}

const atOnce = 6
const mostWaitMs = 20_000
/** Of what was under way at a kill this much is done before the next: a step has ten attempts, and a busy machine is slow. */
const doneBetween = 3
const mostSettleMs = 240_000
const frozenMs = 9_000
const receiverName = "receiver.chaos.test"

/** Executes programs while their runner is killed again and again, then holds what happened against what should have. */
export async function runnerKills(options: RunnerKills): Promise<RunnerReport> {
  const since = performance.now()
  const receiver = await startReceiver()
  const names = await nameServer({ [receiverName]: ["127.0.0.1"] })
  const target = new URL(receiver.url)
  target.hostname = receiverName
  const host = await Host.start({
    allow: [target.host],
    settings: { EDGECREW_SANDBOX: "1", SANDBOX_DNS: names.address, SANDBOX_SLOTS: "12" },
  })
  let storm: Storm | undefined
  try {
    const client = await Client.register(host.address)
    storm = new Storm(host, client, await publishPrograms(client, target), receiver, options)
    await storm.blow()
    const givenUp = await storm.givenUp()
    const verdict = await judge(client, storm.subjects, storm.effects, {
      expected: ({ n }) => expected(n),
      effectsOf: ({ id }) => effectsOf(id),
      givenUp,
    })
    for (const { id } of storm.subjects.filter((one) => !givenUp.has(one.id)))
      storm.late.push(...(await fencing(client, id)))
    verdict.doubled.push(...storm.unasked())
    const { kills, freezes, subjects, decisions, late, left, recovery } = storm
    const counted = {
      executions: subjects.length,
      givenUp: givenUp.size,
      decisions: [...decisions.values()].reduce((a, b) => a + b, 0),
    }
    const report = { ...verdict, ...counted, kills, freezes, late, left, recovery, ms: 0 }
    left.push(...(await storm.end()))
    return { ...report, ms: performance.now() - since }
  } finally {
    await host.stop()
    storm?.clear()
    names.close()
    await receiver.close()
  }
}

class Storm {
  readonly subjects: Subject[] = []
  readonly effects: Effects
  readonly kills: Record<Way, number> = { runner: 0, family: 0, server: 0 }
  readonly late: string[] = []
  readonly left: string[] = []
  readonly recovery: number[] = []
  /** How often a person said "again", by effect. */
  readonly decisions = new Map<string, number>()
  freezes = 0
  readonly #host: Host
  readonly #client: Client
  readonly #flows: readonly string[]
  readonly #receiver: Receiver
  readonly #options: RunnerKills
  readonly #beside: Beside
  readonly #answers: Promise<void>[] = []
  #arrived = 0
  #answered = 0

  constructor(
    host: Host,
    client: Client,
    flows: readonly string[],
    receiver: Receiver,
    options: RunnerKills,
  ) {
    this.#host = host
    this.#client = client
    this.#flows = flows
    this.#receiver = receiver
    this.#options = options
    this.#beside = new Beside(host)
    this.effects = new Effects({ calls: () => [] }, receiver)
    receiver.pace = () => Math.random() * 500
    receiver.hear = (phase) => {
      if (phase === "arrived") this.#arrived = performance.now()
      if (phase === "answered") this.#answered++
    }
  }

  async blow(): Promise<void> {
    await this.#beside.born()
    await this.#beside.ready()
    const { kills, say } = this.#options
    for (let n = 1; n <= kills; n++) {
      await this.#fill()
      // One of four finds the runner while it starts and tries its walls; the others in the middle of programs.
      if (n % 4 === 0) await sleep(Math.random() * 1_000)
      else await this.#busy()
      if (n % 7 === 0) await this.#freeze()
      await this.#kill(n % 10 === 0 ? "server" : n % 2 === 0 ? "family" : "runner", n % 4 !== 3)
      if (n % 10 === 0) say?.(`  ${n} of ${kills} kills, ${this.subjects.length} executions`)
    }
    await this.#beside.ready()
    this.#receiver.pace = () => 1
    const settled = Promise.all(this.subjects.map(({ viewer }) => viewer.ended))
    await Promise.race([settled, sleep(mostSettleMs, undefined, { ref: false })])
    await Promise.all(this.#answers)
  }

  /** Keeps some executions under way. */
  async #fill(): Promise<void> {
    const missing = atOnce - this.subjects.filter(({ viewer }) => !viewer.isOver).length
    for (let i = 0; i < missing; i++) {
      const n = this.subjects.length
      const id = await this.#client.start(this.#flows[n % this.#flows.length] ?? "", { n })
      const viewer = new Viewer(this.#client, id, n % 2 === 0 ? "sse" : "websocket")
      viewer.on(({ type, data }) => {
        if (type === "execution.needs_attention") this.#answers.push(this.#decide(id, data))
      })
      this.subjects.push({ n, id, viewer })
    }
  }

  /** A person who finds a step that was cut off has it done again. */
  async #decide(id: string, data: unknown): Promise<void> {
    const step = (data as { error?: { node_id?: string } }).error?.node_id ?? ""
    const name = `${id}/${step}`
    this.decisions.set(name, (this.decisions.get(name) ?? 0) + 1)
    await this.#client.repeat(id, step)
  }

  /** Waits until some work is done, and a program that runs now has reached the outside. */
  async #busy(): Promise<void> {
    const since = performance.now()
    const enough = this.#answered + doneBetween
    const isDue = (): boolean => this.#arrived > since && this.#answered >= enough
    while (!isDue() && performance.now() - since < mostWaitMs) await sleep(2)
    await sleep(Math.random() * 150)
  }

  /** Stands still long enough for a hasty step to be given up, and comes back with what it has. */
  async #freeze(): Promise<void> {
    const { pid } = this.#beside
    if (pid === undefined) return
    this.freezes++
    process.kill(pid, "SIGSTOP")
    await sleep(frozenMs)
    process.kill(pid, "SIGCONT")
    await sleep(Math.random() * 500)
  }

  async #kill(way: Way, isAwaited: boolean): Promise<void> {
    const pid = await this.#beside.born()
    const family = this.#beside.family()
    const killedAt = performance.now()
    this.kills[way]++
    if (way === "server") await this.#host.crash()
    else {
      const doomed = way === "family" ? family : [pid]
      for (const each of doomed) signal(each, "SIGSTOP")
      for (const each of doomed) signal(each, "SIGKILL")
    }
    this.left.push(...(await this.#beside.left(family)))
    if (!isAwaited) return
    await this.#beside.ready()
    this.recovery.push(performance.now() - killedAt)
  }

  /** What was sent for a step that may not be repeated, without a person having said so. */
  unasked(): string[] {
    return this.subjects.flatMap(({ id }) => {
      const name = `${id}/${careful}`
      const sent = this.#receiver.sent.filter((one) => one.name === name).length
      const most = 1 + (this.decisions.get(name) ?? 0)
      return sent <= most
        ? []
        : [`${name} was sent ${sent} times, and ${most - 1} times a person said "again"`]
    })
  }

  /** Executions with a step that was hit as often as the product allows. */
  async givenUp(): Promise<Set<string>> {
    const ended = await Promise.all(this.subjects.map(({ id }) => this.#client.look(id)))
    const isGivenUp = ({ error }: { error: unknown }): boolean =>
      (error as { code?: string } | null)?.code === "step.interrupted"
    return new Set(this.subjects.flatMap(({ id }, i) => (ended[i] && isGivenUp(ended[i]) ? [id] : [])))
  }

  /** Stops the server; answers with what is left of its runner. */
  async end(): Promise<string[]> {
    const family = this.#beside.family()
    await this.#host.stop()
    const left = await leftOf(family, 20_000)
    return [
      ...left.map(({ pid, command }) => `after its end process ${pid} is left: ${command}`),
      ...this.#beside.remains(),
    ]
  }

  clear(): void {
    if (this.#beside.stateDir !== "") rmSync(this.#beside.stateDir, { recursive: true, force: true })
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It was quicker.
  }
}
