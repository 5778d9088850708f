import { apply } from "#core/canvas/apply"
import { Reader, Writer } from "#core/canvas/bytes"
import { canvasOf, stateOf, type CanvasState } from "#core/canvas/canvas"
import { refusal } from "#core/canvas/check"
import { CanvasClient } from "#core/canvas/client"
import { readOperation } from "#core/canvas/codec"
import { readDown, readUp, writeDown, writeTold, writeUp } from "#core/canvas/frame"
import { Operation } from "#core/canvas/operation"
import { Refs } from "#core/canvas/refs"
import { fingerprint } from "./window.ts"

/** Chance that a seed repeats (mulberry32). */
export function chanceOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

type Line = { first: number; last: number; bytes: Uint8Array }

/** The server's part without a server: what is durable survives a crash, what is not was told to nobody. */
class House {
  private snapshot: { seq: number; ids: string[]; state: CanvasState }
  private log: Line[] = []
  private seen = new Map<number, number>()
  private refusals: { client: number; counter: number }[] = []
  private unwrittenRefusals: { client: number; counter: number }[] = []
  canvas
  refs
  seq = 0
  private buffer = new Writer()
  private first = 1
  private counters = new Map<number, number>()
  accepted: { client: number; counter: number }[] = []

  constructor(state: CanvasState) {
    this.snapshot = { seq: 0, ids: state.nodes.map(({ id }) => id), state: structuredClone(state) }
    this.canvas = canvasOf(state)
    this.refs = new Refs(this.snapshot.ids)
  }

  seenOf(client: number): number {
    return this.counters.get(client) ?? this.seen.get(client) ?? 0
  }

  hear(client: number, bytes: Uint8Array, refuse: (counter: number, code: string) => void): void {
    for (const { counter, operation } of readUp(bytes, this.refs).edits) {
      if (counter <= this.seenOf(client)) continue
      this.counters.set(client, counter)
      const parsed = Operation.safeParse(operation)
      const fault = parsed.success ? refusal(this.canvas, parsed.data) : { code: "canvas.malformed" }
      if (!parsed.success || fault) {
        this.unwrittenRefusals.push({ client, counter })
        refuse(counter, fault?.code ?? "")
        continue
      }
      writeTold(this.buffer, { client, counter, operation: parsed.data }, this.refs)
      this.refs.note(parsed.data)
      apply(this.canvas, parsed.data)
      this.seq++
    }
  }

  /** Writes down, and gives the frame that tells it. */
  flush(): Uint8Array<ArrayBuffer> | undefined {
    for (const [client, counter] of this.counters) this.seen.set(client, counter)
    this.counters.clear()
    this.refusals.push(...this.unwrittenRefusals.splice(0))
    if (this.seq < this.first) return undefined
    const line = { first: this.first, last: this.seq, bytes: this.buffer.done() }
    this.log.push(line)
    this.first = this.seq + 1
    this.buffer = new Writer()
    return frameOf(line)
  }

  compact(): void {
    const state = structuredClone(stateOf(this.canvas))
    this.snapshot = { seq: this.seq, ids: [...this.refs.ids], state }
    this.log = this.log.slice(-5)
  }

  /** Memory is lost, and made anew of what was written down. */
  evict(): void {
    const { seq, ids, state } = this.snapshot
    this.canvas = canvasOf(structuredClone(state))
    this.refs = new Refs(ids)
    this.seq = seq
    for (const line of this.log.filter(({ last }) => last > seq)) {
      const from = new Reader(line.bytes)
      for (let at = line.first; at <= line.last; at++) {
        from.count()
        from.count()
        const operation = readOperation(from, this.refs) as Operation
        this.refs.note(operation)
        apply(this.canvas, operation)
        this.seq++
      }
    }
    this.first = this.seq + 1
    this.buffer = new Writer()
    this.counters.clear()
    this.unwrittenRefusals = []
  }

  refusedOf(client: number): number[] {
    return this.refusals.flatMap((one) => (one.client === client ? [one.counter] : []))
  }

  /** What somebody who comes with everything up to `since` must hear; undefined: all of it anew. */
  after(since: number): Uint8Array<ArrayBuffer>[] | undefined {
    if (since === this.seq) return []
    const lines = this.log.filter(({ last }) => last > since)
    return lines[0]?.first === since + 1 ? lines.map(frameOf) : undefined
  }

  whole() {
    return { seq: this.seq, ids: [...this.refs.ids], state: structuredClone(stateOf(this.canvas)) }
  }
}

const frameOf = ({ first, last, bytes }: Line): Uint8Array<ArrayBuffer> =>
  writeDown(first, last - first + 1, bytes, [])

type Message =
  | { is: "frame"; bytes: Uint8Array<ArrayBuffer> }
  | { is: "refused"; counter: number; code: string }
  | { is: "whole"; state: ReturnType<House["whole"]>; seen: number; refused: number[] }
  | { is: "caught up"; seen: number }

type Person = {
  number: number
  client: CanvasClient
  isOn: boolean
  /** Whether it has heard everything up to the present: before, it says nothing. */
  isReady: boolean
  up: Uint8Array[]
  down: Message[]
}

const kinds = ["llm", "transform", "note", "group"]

/** People, a server and the lines between them; every step is drawn from one seed. */
export class Simulation {
  private readonly chance: () => number
  private readonly house: House
  readonly people: Person[] = []
  private made = 0

  constructor(seed: number, many = 8) {
    this.chance = chanceOf(seed)
    this.house = new House({
      fields: { name: "Flow", description: "", settings: {} },
      nodes: Array.from({ length: 6 }, (_, i) => ({
        id: `n${i}`,
        type: i === 0 ? "group" : "llm",
        position: { x: i * 100, y: 0 },
        data: {},
      })),
      edges: [{ id: "e0", source: "n1", target: "n2" }],
      threads: [],
    })
    for (let number = 1; number <= many; number++) {
      const client = new CanvasClient()
      client.number = number
      const person: Person = { number, client, isOn: false, isReady: false, up: [], down: [] }
      this.people.push(person)
      this.connect(person)
      this.deliverAll(person)
    }
  }

  private below(count: number): number {
    return Math.floor(this.chance() * count)
  }

  private pick<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)]
  }

  private connect(person: Person): void {
    const { client, number } = person
    client.lost()
    Object.assign(person, { isOn: true, isReady: false, up: [], down: [] })
    this.tell(this.house.flush())
    const seen = this.house.seenOf(number)
    const frames = client.since === undefined ? undefined : this.house.after(client.since)
    person.down = frames
      ? frames.map((bytes) => ({ is: "frame", bytes }))
      : [{ is: "whole", state: this.house.whole(), seen, refused: this.house.refusedOf(number) }]
    person.down.push({ is: "caught up", seen })
  }

  private tell(frame: Uint8Array<ArrayBuffer> | undefined): void {
    if (!frame) return
    for (const { isOn, down } of this.people) if (isOn) down.push({ is: "frame", bytes: frame })
  }

  private say({ client, isOn, isReady, up }: Person): void {
    const edits = isOn && isReady ? client.outgoing(3) : []
    if (edits.length > 0) up.push(writeUp({ edits }, client.refs))
  }

  private hearOne(person: Person): void {
    const bytes = person.up.shift()
    if (bytes)
      this.house.hear(person.number, bytes, (counter, code) =>
        person.down.push({ is: "refused", counter, code }),
      )
  }

  private deliverOne(person: Person): void {
    const { client, down } = person
    const message = down.shift()
    switch (message?.is) {
      case "frame": {
        const { first, edits } = readDown(message.bytes, client.refs)
        client.receive(first, edits)
        return
      }
      case "refused":
        if (message.code === "canvas.name_taken") client.again(message.counter)
        else client.refused(message.counter)
        return
      case "whole":
        client.reset(message.state.state, message.state.ids, message.state.seq, message.seen, message.refused)
        return
      case "caught up":
        person.isReady = true
        client.caughtUp(message.seen)
        return
      default:
    }
  }

  private deliverAll(person: Person): void {
    while (person.down.length > 0) this.deliverOne(person)
  }

  private anyEdit({ client }: Person): Operation {
    const nodes = [...client.canvas.nodes.keys()]
    const id = this.pick(nodes) ?? "n0"
    const [x, y] = [this.below(2_000) / 2, this.below(1_000)]
    switch (this.below(9)) {
      case 0:
        return {
          type: "add",
          nodes: [{ id: `m${this.made++ % 40}`, type: this.pick(kinds)!, position: { x, y }, data: {} }],
          edges: [],
        }
      case 1:
        return { type: "remove", nodes: [id], edges: [] }
      case 2:
      case 3: {
        const [source, target] = [id, this.pick(nodes) ?? id]
        return { type: "add", nodes: [], edges: [{ id: `e${this.below(60)}`, source, target }] }
      }
      case 4:
        return { type: "remove", nodes: [], edges: [`e${this.below(60)}`] }
      case 5:
        return {
          type: "nest",
          moves: [{ id, parent_id: this.chance() < 0.3 ? null : (this.pick(nodes) ?? null), x, y }],
        }
      case 6:
        return { type: "set", node: id, field: "data.prompt", value: `text ${this.below(1_000)}` }
      case 7:
        return { type: "field", field: "description", value: `about ${this.below(100)}` }
      default:
        return { type: "move", moves: [{ id, x, y }] }
    }
  }

  /** One thing that may happen. */
  private step(): void {
    const person = this.pick(this.people)!
    const what = this.chance()
    if (what < 0.3)
      person.client.edit(this.anyEdit(person), { group: this.chance() < 0.3 ? "drag" : undefined })
    else if (what < 0.36) person.client.undo()
    else if (what < 0.39) person.client.redo()
    else if (what < 0.55) this.say(person)
    else if (what < 0.7) this.hearOne(person)
    else if (what < 0.85) this.deliverOne(person)
    else if (what < 0.94) this.tell(this.house.flush())
    else if (what < 0.96) person.isOn = false
    else if (what < 0.985) {
      if (!person.isOn) this.connect(person)
    } else if (what < 0.99) this.evict()
    else if (what < 0.995) this.renew(person)
    else {
      this.tell(this.house.flush())
      this.house.compact()
    }
  }

  /** The server dies: all lines are cut, and what was not written down is as if it had never been heard. */
  private evict(): void {
    this.house.evict()
    for (const person of this.people) Object.assign(person, { isOn: false, up: [] })
  }

  /** A window is shut and opened again with what it had kept. */
  private renew(person: Person): void {
    const { number, client } = person
    person.client = new CanvasClient(structuredClone(client.kept()))
    person.client.number = number
    person.isOn = false
    this.connect(person)
  }

  /** Lets things happen, then has everybody come back and hear everything. */
  play(steps: number): void {
    for (let i = 0; i < steps; i++) this.step()
    for (const person of this.people) {
      // Whoever is on may have said what a cut line swallowed: a new one has it said again.
      this.connect(person)
    }
    for (let isMore = true; isMore;) {
      isMore = false
      for (const person of this.people) {
        this.deliverAll(person)
        this.say(person)
        isMore ||= person.up.length > 0
        while (person.up.length > 0) this.hearOne(person)
      }
      this.tell(this.house.flush())
      isMore ||= this.people.some(({ down }) => down.length > 0)
    }
  }

  /** What is wrong in the end; empty when all have the same graph and nothing waits. */
  faults(): string[] {
    const truth = fingerprint(this.house)
    const { nodes, edges } = this.house.canvas
    return [
      ...this.people.flatMap(({ number, client }) => [
        ...(fingerprint(client) === truth ? [] : [`person ${number} shows something else`]),
        ...(client.waiting === 0 ? [] : [`person ${number} still waits for ${client.waiting}`]),
      ]),
      ...[...edges.values()].flatMap(({ id, source, target }) =>
        nodes.has(source) && nodes.has(target) ? [] : [`edge ${id} hangs in the air`],
      ),
      ...[...nodes.values()].flatMap(({ id, parent_id }) => {
        const around = new Set([id])
        for (let at = parent_id; at !== undefined; at = nodes.get(at)?.parent_id) {
          if (!nodes.has(at) || around.has(at)) return [`node ${id} is held by nothing, or by itself`]
          around.add(at)
        }
        return []
      }),
    ]
  }
}
