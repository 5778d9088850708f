import { isDeepStrictEqual } from "node:util"
import type { Phase } from "../../kit/receiver.ts"
import type { Entry } from "../kit/client.ts"
import { nameIn } from "../kit/names.ts"
import { drive, ended } from "./drive.ts"
import type { Cell } from "./matrix.ts"
import { normal, normalOutputs } from "./normal.ts"
import { variantNames, variants, type VariantName } from "./variants.ts"
import { World } from "./world.ts"

export interface CellsReport {
  cells: number
  /** Cells whose server died where it should, and whose execution came to the same as one without a crash. */
  same: number
  /** What differs, by cell. */
  different: string[]
  /** Cells whose point nobody passed. */
  missed: string[]
  kills: number
  ms: number
}

/** Executions at the same time: each death is one for all of them. */
const together = 6
/** How often a cell is tried whose point was not passed, because another one's death came in between. */
const tries = 3

type Outcome = { status: string | undefined; outputs: unknown; journal: Entry[]; names: string[] }

/** Executes every cell to its end, and holds it against the same flow without a crash. */
export async function executeCells(
  cells: readonly Cell[],
  say: (line: string) => void = () => {},
): Promise<CellsReport> {
  const since = performance.now()
  const world = await World.start()
  try {
    const trial = new Trial(world, say)
    const wanted = variantNames.filter((name) => cells.some(({ variant }) => variant === name))
    await Promise.all(wanted.map((name) => trial.calm(name)))
    let left: readonly Cell[] = cells
    for (let n = 0; n < tries && left.length > 0; n++) left = await trial.all(left, n === 0 ? together : 1, n)
    const missed = left.map(({ id, variant, what }) => `${id} ${variant}: ${what}`)
    return {
      cells: cells.length,
      same: trial.same,
      different: trial.different,
      missed,
      kills: world.host.kills,
      ms: performance.now() - since,
    }
  } finally {
    await world.stop()
  }
}

class Trial {
  readonly #world: World
  readonly #say: (line: string) => void
  readonly #calm = new Map<VariantName, { outputs: unknown; journal: unknown }>()
  /** Cells that die at a stage of a call, by their name in it. */
  readonly #phases = new Map<string, Phase>()
  readonly #slow = new Set<string>()
  same = 0
  readonly different: string[] = []

  constructor(world: World, say: (line: string) => void) {
    this.#world = world
    this.#say = say
    const { host, receiver, vendor } = world
    const reached = (cell: string, phase: Phase): boolean => {
      if (this.#phases.get(cell) !== phase) return false
      this.#phases.delete(cell)
      host.kill()
      return true
    }
    receiver.hear = (phase, { name }) => {
      if (reached(cellIn(name), phase) && phase !== "answered") return "drop"
      return undefined
    }
    receiver.pace = ({ name }) => (this.#slow.has(cellIn(name)) ? 2_000 : 30)
    vendor.pace = () => 20
    vendor.hear = (text) => {
      const cell = cellIn(nameIn(text))
      reached(cell, "arrived")
      // When some words have been said.
      setTimeout(() => reached(cell, "acted"), 50)
    }
  }

  /** What a flow comes to without a crash. */
  async calm(variant: VariantName): Promise<void> {
    const cell: Cell = {
      id: `n${String(variantNames.indexOf(variant)).padStart(3, "0")}0`,
      variant,
      what: "no crash",
      orders: [],
    }
    const { id, outcome } = await this.#execute(cell)
    if (outcome.status !== "succeeded")
      throw new Error(
        `${variant} is ${outcome.status} without a crash: ${JSON.stringify(outcome.journal.at(-1))}`,
      )
    this.#calm.set(variant, {
      outputs: normalOutputs(outcome.outputs, id, cell.id),
      journal: normal(outcome.journal, id, cell.id),
    })
  }

  /** Executes cells, so many at a time; answers with those whose point was not passed. */
  async all(cells: readonly Cell[], most: number, round: number): Promise<Cell[]> {
    const waiting = [...cells]
    const missed: Cell[] = []
    const work = async (): Promise<void> => {
      for (let cell = waiting.shift(); cell !== undefined; cell = waiting.shift()) {
        if (!(await this.#try(cell, round))) missed.push(cell)
        if (waiting.length % 20 === 0)
          this.#say(
            `  ${cells.length - waiting.length} of ${cells.length} cells begun, ${this.different.length} different`,
          )
      }
    }
    await Promise.all(Array.from({ length: most }, work))
    return missed
  }

  async #try(cell: Cell, round: number): Promise<boolean> {
    // Names of another round are other names, for receivers too.
    const named = round === 0 ? cell : again(cell, round)
    if (named.phase) this.#phases.set(named.id, named.phase)
    if (named.isCancelled) this.#slow.add(named.id)
    const what = `${cell.id} ${cell.variant}: ${cell.what}`
    try {
      const { id, outcome } = await this.#execute(named)
      const { host } = this.#world
      const isReached =
        named.orders.every(({ name }) => host.done.has(name) || host.thrown.has(name)) &&
        !this.#phases.delete(named.id)
      const faults = this.#faults(named, id, outcome, isReached)
      this.different.push(...faults.map((fault) => `${what}: ${fault} (${id})`))
      if (isReached && faults.length === 0) this.same++
      return isReached
    } catch (error) {
      this.different.push(`${what}: ${error instanceof Error ? error.message : String(error)}`)
      return true
    }
  }

  async #execute(cell: Cell): Promise<{ id: string; outcome: Outcome }> {
    const { client, host, flows, receiver, vendor } = this.#world
    const inputs = { n: 2, cell: cell.id, crash: cell.orders }
    const id = await client.start(flows.get(cell.variant) ?? "", inputs)
    host.order(id, cell.orders)
    try {
      await drive(this.#world, cell, id)
      const status = await ended(this.#world, id)
      const [{ outputs }, journal] = await Promise.all([client.look(id), client.journal(id)])
      const isMine = (name: string): boolean => cellIn(name) === cell.id
      const names = [
        ...receiver.sent.map(({ name }) => name),
        ...vendor.calls().map(({ text }) => nameIn(text)),
      ].filter(isMine)
      return { id, outcome: { status, outputs, journal, names } }
    } finally {
      host.forget(id)
    }
  }

  #faults(
    cell: Cell,
    id: string,
    { status, outputs, journal, names }: Outcome,
    isReached: boolean,
  ): string[] {
    if (status === undefined)
      return [`it did not end; its journal ends with ${JSON.stringify(journal.at(-1))}`]
    const strangers = names.filter((name) => !name.includes(id))
    const faults = [
      ...strangers.map((name) => `another execution did ${name}`),
      ...this.#doubled(cell),
      ...journal.flatMap(({ seq }, i) => (seq === i + 1 ? [] : [`event ${seq} stands at place ${i + 1}`])),
    ]
    // While the server was down for others a short wait may have ended before it could be cancelled.
    if (cell.isCancelled)
      return status === "cancelled" || !isReached ? faults : [...faults, `it is ${status}`]
    if (variants[cell.variant].once) return [...faults, ...onceFaults(status, names, journal)]
    const calm = this.#calm.get(cell.variant)
    if (status !== "succeeded") faults.push(`it is ${status}: ${JSON.stringify(journal.at(-1))}`)
    const came = normalOutputs(outputs, id, cell.id)
    if (!isDeepStrictEqual(came, calm?.outputs))
      faults.push(`it came to something else: ${difference(calm?.outputs, came)}`)
    const told = normal(journal, id, cell.id)
    if (!isDeepStrictEqual(told, calm?.journal))
      faults.push(`its journal differs: ${difference(calm?.journal, told)}`)
    return faults
  }

  /** Effects of requests that change something: once each, whatever happened. */
  #doubled({ id }: Cell): string[] {
    const counts = new Map<string, number>()
    for (const { name, method } of this.#world.receiver.effects)
      if (method !== "GET" && cellIn(name) === id) counts.set(name, (counts.get(name) ?? 0) + 1)
    return [...counts].flatMap(([name, count]) => (count === 1 ? [] : [`${name} was done ${count} times`]))
  }
}

const again = (cell: Cell, round: number): Cell => {
  const id = `${cell.id.slice(0, -1)}${round}`
  const rename = (name: string): string => name.replace(cell.id, id)
  const orders = cell.orders.map((order) => ({
    ...order,
    name: rename(order.name),
    ...(order.after === undefined ? {} : { after: rename(order.after) }),
  }))
  return { ...cell, id, orders }
}

/** The second part of an effect's name, whatever it begins with. */
const cellIn = (name: string): string => /exec_\w+\/([^/]+)/.exec(name)?.[1] ?? ""

/** Sent once at most; when it is not known whether it was done, a person is asked. */
function onceFaults(status: string, names: readonly string[], journal: readonly Entry[]): string[] {
  const sent = names.filter((name) => name.endsWith("/subject")).length
  const isAsked = journal.some(({ type, node_id }) => type === "node.interrupted" && node_id === "subject")
  if (sent > 1) return [`it was sent ${sent} times`]
  if (status === "succeeded") return sent === 1 ? [] : ["it succeeded without having been sent"]
  return status === "needs_attention" && isAsked ? [] : [`it is ${status}`]
}

/** The first place at which two values differ. */
function difference(expected: unknown, found: unknown, path = ""): string {
  if (isDeepStrictEqual(expected, found)) return ""
  if (typeof expected !== "object" || typeof found !== "object" || expected === null || found === null)
    return `${path}: ${JSON.stringify(found)} in place of ${JSON.stringify(expected)}`
  const keys = new Set([...Object.keys(expected), ...Object.keys(found)])
  for (const key of keys) {
    const one = difference(Reflect.get(expected, key), Reflect.get(found, key), `${path}/${key}`)
    if (one !== "") return one.slice(0, 600)
  }
  return path
}
