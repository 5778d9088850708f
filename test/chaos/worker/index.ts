import type { CrashPoint } from "#durable/kit/crashpoint"
import type { StartRequest } from "#durable/execution/messages"
import type { Env } from "#worker/env"
import product, { Execution as Product } from "../../../worker/index.ts"
import { Order, Standing } from "../order.ts"

export default product

type Standby = { order: Order; passed: number }

/** Orders by the execution or appointment that they are about. */
const standing = new Map<string, Standby>()
const done = new Set<string>()

function take(who: string, order: Order): void {
  const by = order.by ?? who
  if (!done.has(order.cell) && !standing.has(by)) standing.set(by, { order, passed: 0 })
}

const spinMs = 20_000

/** Tells the harness, which kills the process, and lets nothing happen until then: not even a write is flushed meanwhile. */
function die(cell: string): never {
  console.warn(`crashpoint ${cell}`)
  for (const until = Date.now() + spinMs; Date.now() < until;);
  throw new Error(`crash point ${cell} was passed, and nobody killed the server`)
}

globalThis.crashpoint = (point: CrashPoint, by, nodes) => {
  for (const one of [by].flat()) {
    const standby = standing.get((one ?? "").replace(/^execution /, ""))
    if (!standby || standby.order.point !== point) continue
    const { cell, node, nth, way } = standby.order
    if (node !== undefined && ![nodes].flat().includes(node)) continue
    standby.passed++
    if (typeof way === "object") {
      if (standby.passed >= nth && standby.passed < nth + way.throw) throw new Error(`crash point ${cell}`)
    } else if (standby.passed === nth) {
      if (way === "at_once") die(cell)
      setTimeout(() => die(cell), 0)
    }
  }
}

/** The product's object, which learns where to die. */
export class Execution extends Product {
  constructor(ctx: DurableObjectState, env: Env & { CHAOS_URL: string }) {
    super(ctx, env)
    // Asked each time: what has been carried out must not be so again after the restart.
    void ctx.blockConcurrencyWhile(async () => {
      const answer = Standing.parse(await (await fetch(env.CHAOS_URL)).json())
      for (const cell of answer.done) done.add(cell)
      for (const [execution, order] of Object.entries(answer.orders)) take(execution, order)
    })
  }

  override start(request: StartRequest) {
    const order = Order.safeParse(request.inputs["crash"])
    if (order.success) take(request.execution_id, order.data)
    return super.start(request)
  }
}
