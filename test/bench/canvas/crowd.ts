// Some of the people of the canvas bench, in a process of their own: what it costs to play them is not the server's.
import * as z from "zod"
import { endWithParent } from "../../../scripts/lib/lifeline.ts"
import { FloorPerson } from "./floor.ts"
import { OurPerson } from "./ours.ts"
import { clock, move, Tally, type Person } from "./people.ts"
import { quantile } from "../load.ts"
import { YjsPerson } from "./yjs.ts"

/** Who is played here, and of whom. */
export const Cast = z.object({
  subject: z.enum(["edgecrew", "hocuspocus", "floor"]),
  url: z.string(),
  token: z.string(),
  from: z.int(),
  to: z.int(),
  /** People up to this number read and time everything; the others only take it in. */
  readers: z.int(),
  /** People from this number on drag a node each. */
  draggers: z.int(),
  nodes: z.int(),
})
export type Cast = z.infer<typeof Cast>

export const Order = z.union([z.object({ cast: Cast }), z.object({ move: z.number() }), z.literal("end")])
export type Order = z.infer<typeof Order>

/** What has become of an order. */
export type Report = {
  said: [string, number][]
  heard: [string, number][]
  upBytes: number
  downBytes: number
  closed: number
  /** How much of one processor this process took, and how late its people's moments came, p95. */
  busy: number
  lateMs: number
  /** From asking to be let in to knowing the document, each of them, ms. */
  joins: number[]
}

let tally = new Tally()
const people: Person[] = []
const joins: number[] = []

function come(cast: Cast, index: number): Promise<Person> {
  const reads = index < cast.readers
  const drags = index >= cast.draggers
  const { url, token } = cast
  const node = drags ? `step_${index % cast.nodes}` : undefined
  if (cast.subject === "floor") return FloorPerson.come({ url, index, drags, reads }, tally)
  if (cast.subject === "hocuspocus") return YjsPerson.come({ url, drags: node, reads }, tally)
  const name = `bench-window-${String(index).padStart(6, "0")}`
  return OurPerson.come({ url, token, name, drags: node, reads }, tally)
}

async function played(seconds: number): Promise<Report> {
  // People keep the tally that they came with.
  Object.assign(tally, new Tally())
  const [cpu, since] = [process.cpuUsage(), clock()]
  const late = await move(people, seconds)
  const used = process.cpuUsage(cpu)
  const busy = (used.user + used.system) / 1_000 / (clock() - since)
  // What is on its way still counts.
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  return {
    said: tally.said,
    heard: tally.heard,
    upBytes: tally.upBytes,
    downBytes: tally.downBytes,
    closed: tally.closed,
    busy,
    lateMs: quantile(
      late.toSorted((a, b) => a - b),
      0.95,
    ),
    joins,
  }
}

async function obey(order: Order): Promise<unknown> {
  if (order === "end") {
    for (const one of people) one.leave()
    setTimeout(() => process.exit(0), 100)
    return "ended"
  }
  if ("move" in order) return played(order.move)
  for (let index = order.cast.from; index < order.cast.to; index++) {
    const since = clock()
    people.push(await come(order.cast, index))
    joins.push(clock() - since)
  }
  return "come"
}

endWithParent(() => 0)
process.on("message", (message) => {
  void obey(Order.parse(message)).then(
    (report) => process.send?.(report),
    (error: unknown) => {
      console.error("[crowd]", error)
      process.exit(1)
    },
  )
})
process.send?.("ready")
