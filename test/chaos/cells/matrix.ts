import type { Phase } from "../../kit/receiver.ts"
import type { Order } from "../order.ts"
import { variants, type VariantName } from "./variants.ts"

/** One place to die at, in one kind of step. */
export interface Cell {
  /** Unique, and as long as every other, since it is part of every name and names are counted in tokens. */
  id: string
  variant: VariantName
  /** What it is called in tables. */
  what: string
  /** Orders for the server's own crash points, one after another. */
  orders: Order[]
  /** Dies when a call has come so far at the outside. */
  phase?: Phase
  /** Is cancelled while the subject is under way. */
  isCancelled?: boolean
}

type Way = Pick<Order, "point" | "way"> & Partial<Pick<Order, "by" | "node" | "nth">>

const now = (point: Order["point"], more: Omit<Way, "point" | "way"> = {}): Way => ({
  point,
  way: "at_once",
  ...more,
})
const kept = (point: Order["point"], more: Omit<Way, "point" | "way"> = {}): Way => ({
  point,
  way: "kept",
  ...more,
})

const subject = { node: "subject" }

/** What every execution passes. */
const common: Way[] = [
  now("after-queued"),
  kept("after-queued"),
  now("before-journal", subject),
  kept("after-journal", subject),
  now("before-outbox"),
  now("after-outbox"),
  kept("after-outbox"),
  kept("before-alarm", { by: "outbox" }),
  kept("after-alarm", { by: "outbox" }),
]

/** What a step passes that comes to its result by itself, at once or in a call. */
const results = (node: string): Way[] => [
  now("before-result", { node }),
  now("after-result", { node }),
  kept("after-result", { node }),
]

const calls = (node: string): Way[] => [
  now("before-effect", { node }),
  kept("before-effect", { node }),
  now("after-effect", { node }),
  // The result's own write; the first one says that it begins.
  now("before-journal", { node, nth: 2 }),
]

const appointments: Way[] = [
  now("before-alarm", { by: "execution" }),
  kept("after-alarm", { by: "execution" }),
  now("in-alarm", { by: "execution" }),
  kept("in-alarm", { by: "execution" }),
  { point: "in-alarm", by: "execution", way: { throw: 2 } },
]

const bodies: Way[] = [now("scope-opened"), kept("scope-opened"), now("scope-closed"), kept("scope-closed")]

/** Points that only some kinds pass. */
const own: Partial<Record<VariantName, Way[]>> = {
  wait_seconds: [now("after-timer-fired"), kept("after-timer-fired")],
  approval_timeout: [now("after-timer-fired"), kept("after-timer-fired")],
  wait_callback: [now("callback-received"), kept("callback-received")],
  approval: [now("approval-answered"), kept("approval-answered")],
}

/** Kinds that can be cancelled in their middle. */
const cancelled: VariantName[] = [
  "llm",
  "http_get",
  "http_post_once",
  "map",
  "subflow",
  "wait_seconds",
  "approval",
]

const shown = ({ point, way, by, node, nth }: Way): string =>
  [
    point,
    ...(by === undefined ? [] : [`by ${by}`]),
    ...(node === undefined || node === "subject" ? [] : [`at ${node}`]),
    ...(nth === undefined ? [] : [`time ${nth}`]),
    typeof way === "object" ? `throws ${way.throw} times` : way === "kept" ? "once it is kept" : "at once",
  ].join(", ")

function waysOf(name: VariantName): Way[][] {
  const { calls: outside, inner, rests, opens, needs } = variants[name]
  const single: Way[] = [
    ...common,
    ...(rests || needs ? [] : results("subject")),
    ...(outside > 0 ? calls(inner ?? "subject") : []),
    ...(inner === undefined ? [] : results(inner)),
    ...(rests ? appointments : []),
    ...(opens ? bodies : []),
    ...(opens && outside > 1 ? [kept("scope-closed", { nth: 2 })] : []),
    ...(own[name] ?? []),
  ]
  // The first crash leaves a step in flight; the second comes in the alarm that finds it.
  const twice: Way[][] =
    outside > 0 ? [[now("after-effect", { node: inner ?? "subject" }), now("in-alarm", { by: "watch" })]] : []
  return [...single.map((way) => [way]), ...twice]
}

/** How far a call has come at the outside; of a model's nobody there sees more than that it was asked and that it speaks. */
function phasesOf(name: VariantName): Phase[] {
  if (variants[name].calls === 0) return []
  return name === "llm" || name === "classify" ? ["arrived", "acted"] : ["arrived", "acted", "answered"]
}

/** Every cell: each point with each kind that passes it, and each stage of a call at the outside. */
export function matrix(): Cell[] {
  const cells: Cell[] = []
  const add = (variant: VariantName, what: string, ways: Way[], more: Partial<Cell> = {}): void => {
    const id = `c${String(cells.length).padStart(3, "0")}0`
    const orders = ways.map((way, i) => ({
      name: `${id}-${i}`,
      nth: 1,
      ...way,
      ...(i === 0 ? {} : { after: `${id}-${i - 1}` }),
    }))
    cells.push({ id, variant, what, orders, ...more })
  }
  for (const name of Object.keys(variants) as VariantName[]) {
    for (const ways of waysOf(name)) add(name, ways.map(shown).join("; then "), ways)
    for (const phase of phasesOf(name)) add(name, `the call has ${phase}`, [], { phase })
  }
  for (const name of cancelled)
    for (const way of [now("before-cancelled"), kept("before-cancelled")])
      add(name, shown(way), [way], { isCancelled: true })
  return cells
}

/** What a cell's place is, whatever the step. */
const placeOf = ({ orders, phase, isCancelled }: Cell): string =>
  JSON.stringify([
    phase,
    isCancelled,
    orders.map(({ point, by, nth, way }) => [point, by, nth, typeof way === "object" ? "throw" : way]),
  ])

/** A few of the cells: every place to die at, and every kind of step. */
export function some(cells: readonly Cell[]): Cell[] {
  const places = new Set<string>()
  const kinds = new Map<VariantName, number>()
  return cells.filter((cell) => {
    const times = kinds.get(cell.variant) ?? 0
    if (places.has(placeOf(cell)) && times >= 1) return false
    places.add(placeOf(cell))
    kinds.set(cell.variant, times + 1)
    return true
  })
}
