import { AsyncLocalStorage } from "node:async_hooks"
import { laneOf, type ExecutionId } from "#core/ids"
import type { CrashPoint } from "#durable/kit/crashpoint"
import type { StartRequest } from "#durable/execution/messages"
import type { Env } from "#worker/env"
import product, { Execution as Product } from "../../../worker/index.ts"
import { Orders, Standing, type Order } from "../order.ts"

export * from "../../../worker/index.ts"
export default product

/** An order that waits for its point to be passed. */
type Standby = { order: Order; execution: string; passed: number }

const standing = new Map<string, Standby>()
const done = new Set<string>()
/** The lane whose object is at work, where that is known. */
const atWork = new AsyncLocalStorage<string>()

function take(execution: string, orders: readonly Order[]): void {
  for (const order of orders)
    if (!done.has(order.name) && !standing.has(order.name))
      standing.set(order.name, { order, execution, passed: 0 })
}

const spinMs = 20_000

/** Tells the harness, which kills the process, and lets nothing happen until then: not even a write is flushed meanwhile. */
function die(name: string): never {
  console.warn(`crashpoint ${name}`)
  for (const until = Date.now() + spinMs; Date.now() < until;);
  throw new Error(`crash point ${name} was passed, and nobody killed the server`)
}

/** Whether who passes a point is whom an order is about. */
function isMeant({ order, execution }: Standby, by: string | undefined): boolean {
  if (order.by === undefined) return by === execution
  if (order.by === "execution") return by === `execution ${execution}`
  return by === order.by && atWork.getStore() === laneName(execution)
}

const laneName = (execution: string): string => String(laneOf(execution as ExecutionId))

globalThis.crashpoint = (point: CrashPoint, by, nodes) => {
  for (const standby of standing.values()) {
    const { name, after, node, nth, way } = standby.order
    if (standby.order.point !== point || (after !== undefined && !done.has(after))) continue
    if (![by].flat().some((one) => isMeant(standby, one))) continue
    if (node !== undefined && ![nodes].flat().includes(node)) continue
    standby.passed++
    if (typeof way === "object") throwFor(name, standby.passed - nth, way.throw)
    else if (standby.passed === nth) {
      if (way === "at_once") die(name)
      setTimeout(() => die(name), 0)
    }
  }
}

function throwFor(name: string, time: number, times: number): void {
  if (time < 0 || time >= times) return
  console.warn(`thrown ${name} ${time + 1}`)
  throw new Error(`crash point ${name}`)
}

/** The product's object, which learns where to die. */
export class Execution extends Product {
  private readonly at: string

  constructor(ctx: DurableObjectState, env: Env & { CHAOS_URL: string }) {
    super(ctx, env)
    this.at = ctx.id.name?.split("/").at(-1) ?? ""
    // Asked each time: what has been carried out must not be so again after the restart.
    void ctx.blockConcurrencyWhile(async () => {
      const answer = Standing.parse(await (await fetch(env.CHAOS_URL)).json())
      for (const name of answer.done) done.add(name)
      for (const [execution, orders] of Object.entries(answer.orders)) take(execution, orders)
    })
  }

  override start(request: StartRequest) {
    const orders = Orders.safeParse(request.inputs["crash"])
    if (orders.success) take(request.execution_id, orders.data)
    return atWork.run(this.at, () => super.start(request))
  }

  override alarm(): Promise<void> {
    return atWork.run(this.at, () => super.alarm())
  }
}
