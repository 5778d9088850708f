import { fork, type ChildProcess } from "node:child_process"
import { loadavg } from "node:os"
import { at } from "../../../scripts/lib/paths.ts"
import { quantile } from "../load.ts"
import { cpuMs, memoryOf } from "../machine.ts"
import type { Cast, Order, Report } from "./crowd.ts"
import { clock } from "./people.ts"

/** What people did and felt in one measurement. */
export interface Felt {
  /** From an edit's being said to its being read by somebody else, ms. */
  p50: number
  p95: number
  edits: number
  /** Bytes of WebSocket payload an edit, with the frame around it: said by one, and told to one. */
  up: number
  down: number
  /** Edits that were never told to a reader, and people who were shut out. */
  missing: number
  closed: number
  /** From asking to be let in to knowing the document, ms. */
  join: number
  /** Of one processor: the server, and the busiest of the processes that play people. */
  serverBusy: number
  playersBusy: number
  /** How late the players' own moments came, p95 of the worst process, ms. */
  late: number
  /** MB above what the server held before anybody came. */
  memory: number
  load: number
}

/** So many read every frame and time it; the others only take the bytes in, or the players would be what is measured. */
const readers = 4
const mostPerProcess = 500

/** A process that plays people. */
class Players {
  private readonly child: ChildProcess
  private constructor(child: ChildProcess) {
    this.child = child
  }

  static async start(): Promise<Players> {
    const players = new Players(
      fork(at("test", "bench", "canvas", "crowd.ts"), { serialization: "advanced" }),
    )
    await players.answer()
    return players
  }

  private answer(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.child.once("message", resolve)
      this.child.once("exit", (code) => reject(new Error(`People ended with exit code ${code}.`)))
    })
  }

  tell(order: Order): Promise<unknown> {
    const answer = this.answer()
    this.child.send(order)
    return answer
  }

  async play(seconds: number): Promise<Report> {
    return (await this.tell({ move: seconds })) as Report
  }

  end(): void {
    this.child.kill()
  }
}

export const heldBy = (pid: number): number => memoryOf([pid]).reduce((sum, { pss }) => sum + pss, 0)

type Setting = Omit<Cast, "from" | "to" | "readers" | "draggers"> & {
  people: number
  seconds: number
  server: number
}

/** Plays people before a server: those who time what they read in one process, all others in others. */
export async function feltBy({ people, seconds, server, ...cast }: Setting): Promise<Felt> {
  const idle = heldBy(server)
  const draggers = people - Math.max(1, Math.floor(people / 10))
  const reading = Math.min(readers, people - 1)
  const casts: Cast[] = [{ ...cast, readers, draggers, from: 0, to: reading }]
  for (let from = reading; from < people; from += mostPerProcess)
    casts.push({ ...cast, readers: reading, draggers, from, to: Math.min(people, from + mostPerProcess) })
  const all = await Promise.all(casts.map(() => Players.start()))
  try {
    for (const [i, players] of all.entries()) await players.tell({ cast: casts[i]! })
    // What is met for the first time is not what is measured.
    await Promise.all(all.map((players) => players.play(1)))
    const [cpu, since] = [cpuMs([server]), clock()]
    const playing = Promise.all(all.map((players) => players.play(seconds)))
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
    const serverBusy = (cpuMs([server]) - cpu) / (clock() - since)
    const memory = heldBy(server) - idle
    const reports = await playing
    return { ...judged(reports, reading), serverBusy, memory, load: loadavg()[0]! }
  } finally {
    for (const players of all) players.end()
  }
}

function judged(reports: readonly Report[], reading: number): Omit<Felt, "serverBusy" | "memory" | "load"> {
  const said = new Map(reports.flatMap((one) => one.said))
  const heard = reports.flatMap((one) => one.heard)
  const times = heard.flatMap(([name, time]) => {
    const since = said.get(name)
    return since === undefined ? [] : [time - since]
  })
  times.sort((a, b) => a - b)
  const sum = (of: (one: Report) => number): number => reports.reduce((total, one) => total + of(one), 0)
  return {
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    edits: said.size,
    up: sum((one) => one.upBytes) / said.size,
    down: sum((one) => one.downBytes) / heard.length,
    missing: said.size - times.length / reading,
    closed: sum((one) => one.closed),
    join: quantile(
      reports.flatMap((one) => one.joins).toSorted((a, b) => a - b),
      0.5,
    ),
    playersBusy: Math.max(...reports.map((one) => one.busy)),
    late: Math.max(...reports.map((one) => one.lateMs)),
  }
}
