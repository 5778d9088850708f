import { setTimeout as sleep } from "node:timers/promises"
import type { FlowNode } from "#core/flow/graph"
import { openWire } from "../../kit/canvas/net.ts"
import { chanceOf } from "../../kit/canvas/simulation.ts"
import { Window } from "../../kit/canvas/window.ts"
import { Client } from "../kit/client.ts"
import { draw } from "../kit/draw.ts"
import { Host } from "../kit/host.ts"

export interface CanvasReport {
  people: number
  kills: number
  seed: number
  /** Edits that the server acknowledged. */
  acknowledged: number
  /** Of these, what nobody finds any more. */
  lost: string[]
  /** Windows that show something else than the first. */
  different: string[]
  /** From a kill to everybody's being back and settled, ms. */
  recovery: number[]
  ms: number
}

const people = 8
const mostNotes = 150
const patienceMs = 240_000

/** Somebody who never stops editing, and comes back whenever the line is cut. */
class Tireless {
  readonly window: Window
  readonly acknowledged = new Set<string>()
  private readonly chance: () => number
  private readonly name: string
  private readonly asked = new Map<string, number>()
  private notes = 0
  private isOver = false

  constructor(name: string, window: Window, chance: () => number) {
    this.name = name
    this.window = window
    this.chance = chance
    window.onHeard = () => this.look()
  }

  /** What was asked and waits no longer has been acknowledged: refusals are counted apart. */
  private look(): void {
    const waiting = new Set(this.window.client.kept().pending.map(({ counter }) => counter))
    for (const [id, counter] of this.asked) {
      if (waiting.has(counter)) continue
      this.asked.delete(id)
      this.acknowledged.add(id)
    }
  }

  async edit(): Promise<void> {
    while (!this.isOver) {
      if (this.chance() < 0.15 && this.notes < mostNotes) this.note()
      else this.move()
      await sleep(5 + this.chance() * 30)
    }
  }

  private note(): void {
    const id = `${this.name}_${++this.notes}`
    const node: FlowNode = { id, type: "note", position: { x: this.notes, y: 0 }, data: { text: id } }
    this.window.edit({ type: "add", nodes: [node], edges: [] })
    this.asked.set(id, this.window.client.kept().counter)
  }

  private move(): void {
    const nodes = [...this.window.client.canvas.nodes.keys()]
    const id = nodes[Math.floor(this.chance() * nodes.length)]
    if (id === undefined) return
    this.window.edit(
      { type: "move", moves: [{ id, x: Math.floor(this.chance() * 1_000), y: 0 }] },
      `drag ${id}`,
    )
  }

  /** Comes back as often as it takes. */
  async stay(): Promise<void> {
    while (!this.isOver || !this.window.isSettled) {
      if (!this.window.isOpen) await this.window.come().catch(() => {})
      await sleep(20)
    }
  }

  end(): void {
    this.isOver = true
  }
}

const steps = [
  { id: "input", type: "input", data: {} },
  { id: "output", type: "output", data: {} },
]

/** Eight people edit one flow while the server is killed again and again in the middle of it. */
export async function killedCanvas(kills: number, seed = 1): Promise<CanvasReport> {
  const since = performance.now()
  const host = await Host.start({ allow: [] })
  try {
    const client = await Client.register(host.address)
    const flow = await client.publish(draw("Canvas", steps, [["input", "output"]]))
    const chance = chanceOf(seed)
    const all = Array.from({ length: people }, (_, i) => {
      const id = `chaos-window-${String(i).padStart(8, "0")}`
      const open = (opening: { client: string; since?: number }) =>
        openWire(host.address, flow, client.token, opening)
      return new Tireless(`p${i}`, new Window(id, open), chanceOf(seed * 1_000 + i))
    })
    const staying = all.map((one) => one.stay())
    const editing = all.map((one) => one.edit())
    const recovery: number[] = []
    for (let kill = 0; kill < kills; kill++) {
      await sleep(100 + chance() * 700)
      host.kill()
      await host.serving()
      await until(() => all.every(({ window }) => window.talk?.isReady === true && window.isOpen))
      recovery.push(performance.now() - host.diedAt)
    }
    for (const one of all) one.end()
    await Promise.all(editing)
    await until(() => all.every(({ window }) => window.isSettled))
    await Promise.all(staying)
    await until(() => new Set(all.map(({ window }) => window.fingerprint)).size === 1).catch(() => {})
    return { ...judge(all), people, kills, seed, recovery, ms: performance.now() - since }
  } finally {
    await host.stop()
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = performance.now() + patienceMs; performance.now() < end; await sleep(10))
    if (holds()) return
  throw new Error("People did not come back and settle in time.")
}

function judge(all: readonly Tireless[]): Pick<CanvasReport, "acknowledged" | "lost" | "different"> {
  const [first] = all
  const nodes = new Set(first?.window.draft.nodes.map(({ id }) => id))
  const acknowledged = all.flatMap((one) => [...one.acknowledged])
  return {
    acknowledged: acknowledged.length,
    lost: acknowledged.filter((id) => !nodes.has(id)),
    different: all.flatMap(({ window }) =>
      window.fingerprint === first?.window.fingerprint ? [] : [`${window.id} shows something else`],
    ),
  }
}
