import { expect, it, vi } from "vitest"
import { Problem } from "./problem.ts"
import { Queue, type QueueOptions } from "./queue.ts"

vi.setConfig({ testTimeout: 30_000 })

/** A queue over so many slots, whose runs end when the test says so. */
function line(slots: number, more: Partial<QueueOptions> = {}) {
  const order: string[] = []
  const ends = new Map<string, () => void>()
  let busy = 0
  const queue = new Queue({
    slots: () => slots,
    free: () => slots - busy,
    share: 1,
    maxWaiting: 64,
    waitMs: 60_000,
    ...more,
  })
  const enter = (name: string, signal = new AbortController().signal) =>
    queue.enter(name.charAt(0), signal, () => {
      order.push(name)
      busy++
      return new Promise<void>((resolve) =>
        ends.set(name, () => {
          busy--
          resolve()
        }),
      )
    })
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.()
    await new Promise(setImmediate)
  }
  return { queue, order, enter, end }
}
const codeOf = (promise: Promise<void>): Promise<string> =>
  promise.then(
    () => "begun",
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  )

it("[QU1] tenants take turns, however many wait of one of them", async () => {
  const { order, enter, end } = line(1)
  for (const name of ["a1", "a2", "a3", "a4", "b1", "b2", "c1"]) void enter(name)
  for (const name of ["a1", "a2", "b1", "c1", "a3", "b2", "a4"]) {
    expect(order.at(-1)).toBe(name)
    await end(name)
  }
  expect(order).toEqual(["a1", "a2", "b1", "c1", "a3", "b2", "a4"])
})

it("[QU2] a tenant at its share is passed over, others are not", async () => {
  const { order, enter, end } = line(4, { share: 0.5 })
  for (const name of ["a1", "a2", "a3", "b1", "b2", "b3"]) void enter(name)
  expect(order).toEqual(["a1", "a2", "b1", "b2"])
  await end("b1")
  expect(order.at(-1)).toBe("b3")
  await end("a2")
  expect(order.at(-1)).toBe("a3")
})

it("[QU3] one slot is everybody's, whatever the share", async () => {
  const { order, enter, end } = line(1, { share: 0.1 })
  void enter("a1")
  void enter("b1")
  await end("a1")
  expect(order).toEqual(["a1", "b1"])
})

it("[QU4] a long line turns away: its tenant with 429, the rest with 503", async () => {
  const { enter } = line(1, { maxWaiting: 4 })
  for (const name of ["a1", "a2", "a3"]) void enter(name)
  expect(await codeOf(enter("a4"))).toBe("tenant.busy")
  void enter("b1")
  void enter("c1")
  expect(await codeOf(enter("d1"))).toBe("runner.busy")
})

it("[QU5] nobody waits longer than the line allows, and who has left takes no slot", async () => {
  const { queue, order, enter, end } = line(1, { waitMs: 20 })
  void enter("a1")
  expect(await codeOf(enter("b1"))).toBe("runner.busy")
  const gone = new AbortController()
  const leaving = codeOf(enter("c1", gone.signal))
  gone.abort(new Problem("runner.busy"))
  expect(await leaving).toBe("runner.busy")
  expect(queue.waiting).toBe(0)
  await end("a1")
  expect(order).toEqual(["a1"])
  expect(await codeOf(enter("d1"))).toBe("begun")
})

it("[QU6] at the end everyone who waits or comes hears so", async () => {
  const { queue, enter } = line(1)
  void enter("a1")
  const waiting = ["a2", "b1", "b2"].map((name) => codeOf(enter(name)))
  queue.close(new Problem("runner.busy"))
  expect(await Promise.all(waiting)).toEqual(["runner.busy", "runner.busy", "runner.busy"])
  expect(queue.waiting).toBe(0)
  expect(await codeOf(enter("c1"))).toBe("runner.busy")
})
