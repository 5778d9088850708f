import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { drain } from "./body.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const piece = new Uint8Array(65_536)

/** A request whose body is pulled from `next`: undefined says that nothing comes, null that it has ended. */
function sending(next: () => Uint8Array | null | undefined, headers: Record<string, string> = {}) {
  const seen = { pulled: 0, isCancelled: false }
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const more = next()
        if (more === undefined) return new Promise<void>(() => {})
        if (more === null) return controller.close()
        seen.pulled += more.byteLength
        controller.enqueue(more)
      },
      cancel: () => void (seen.isCancelled = true),
    },
    { highWaterMark: 0 },
  )
  const init = { method: "POST", body, duplex: "half", headers } as RequestInit
  return { request: new Request("https://edge.example/", init), seen }
}

it("what a refused sender still has is taken in to its end", async () => {
  let left = 3
  const { request, seen } = sending(() => (left-- > 0 ? piece : null))
  await drain(request)
  expect(seen).toEqual({ pulled: 3 * piece.byteLength, isCancelled: false })
})

it("a sender who goes silent is not waited for", async () => {
  let left = 2
  const { request, seen } = sending(() => (left-- > 0 ? piece : undefined))
  const done = vi.fn()
  void drain(request).then(done)
  await vi.advanceTimersByTimeAsync(900)
  expect(done).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(200)
  expect(done).toHaveBeenCalled()
  expect(seen.isCancelled).toBe(true)
})

it("a body without end is left after eight megabytes, and one that says that it is larger is not begun", async () => {
  const endless = sending(() => piece)
  await drain(endless.request)
  expect(endless.seen.isCancelled).toBe(true)
  expect(endless.seen.pulled).toBeLessThan(9_000_000)
  const told = sending(() => piece, { "content-length": "50000000" })
  await drain(told.request)
  expect(told.seen.pulled).toBe(0)
})
