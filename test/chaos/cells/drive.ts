import { setTimeout as sleep } from "node:timers/promises"
import { isSettled } from "#core/execution/status"
import { nameIn } from "../kit/names.ts"
import type { Cell } from "./matrix.ts"
import { variants } from "./variants.ts"
import type { World } from "./world.ts"

/** How long a server that is left alone may take for anything. */
const mostMs = 30_000
const pauseMs = 40

/** Waits until something is there; undefined when it does not come although nobody kills the server any more. */
async function awaited<T>(
  { host }: World,
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T | undefined> {
  for (const since = performance.now(); ; await sleep(pauseMs)) {
    const one = await look()
    if (one !== undefined) return one
    if (host.isServing && performance.now() - Math.max(since, host.readyAt) > mostMs) return undefined
  }
}

async function found<T>(
  world: World,
  look: () => T | undefined | Promise<T | undefined>,
  what: string,
): Promise<T> {
  const one = await awaited(world, look)
  if (one === undefined) throw new Error(`${what} did not come within ${mostMs / 1000} s`)
  return one
}

/** Does what somebody outside has to do for the execution to go on. */
export async function drive(world: World, cell: Cell, execution: string): Promise<void> {
  if (cell.isCancelled) return cancel(world, cell, execution)
  const { needs } = variants[cell.variant]
  if (needs === "callback") await call(world, cell, execution)
  if (needs === "answer") await answer(world, execution)
}

async function call(world: World, { id }: Cell, execution: string): Promise<void> {
  const name = `${execution}/${id}/ring`
  const { client, receiver } = world
  const asked = await found(world, () => receiver.effects.find((one) => one.name === name), name)
  const { callback } = asked.body as { callback: string }
  // One that comes before is kept, and then there is no wait to die in.
  await found(world, () => world.statusOf(execution) === "waiting" || undefined, "Its wait")
  await client.call(callback, { from: "outside" })
}

async function answer(world: World, execution: string): Promise<void> {
  const { client } = world
  const approval = await found(world, () => client.question(execution), "A question")
  await client.answer(execution, approval, "yes")
}

/** Cancels it once its subject is under way: its call has arrived, or it has come to rest. */
async function cancel(world: World, cell: Cell, execution: string): Promise<void> {
  const { receiver, vendor, client } = world
  const mine = `${execution}/${cell.id}/`
  const isUnderWay = (): true | undefined =>
    receiver.sent.some(({ name }) => name.includes(mine)) ||
    vendor.calls().some(({ text }) => nameIn(text).startsWith(mine)) ||
    world.statusOf(execution) === "waiting" ||
    undefined
  await found(world, isUnderWay, "Its subject")
  await client.cancel(execution)
}

/** Waits for the end, by the index alone; undefined when it does not come. */
export function ended(world: World, execution: string): Promise<string | undefined> {
  return awaited(world, () => {
    const status = world.statusOf(execution)
    return status !== undefined && (isSettled(status) || status === "needs_attention") ? status : undefined
  })
}
