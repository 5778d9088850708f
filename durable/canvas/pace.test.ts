import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { Pace } from "./pace.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Tells so often, each telling taking so long. */
function tell(pace: Pace, times: number, takes: number): void {
  for (let i = 0; i < times; i++) {
    const now = Date.now()
    pace.told(now, (done) => {
      vi.advanceTimersByTime(takes)
      done()
    })
  }
}

it("tells at once what comes out of a silence, and often while telling costs little", () => {
  const pace = new Pace()
  expect(pace.wait(Date.now())).toBeLessThanOrEqual(0)
  tell(pace, 20, 2)
  expect(pace.every).toBe(4)
  expect(pace.wait(Date.now())).toBe(2)
})

it("tells less often what takes longer to tell, never less than four times a second, and recovers", () => {
  const pace = new Pace()
  tell(pace, 40, 60)
  expect(Math.round(pace.every)).toBe(101)
  tell(pace, 40, 5_000)
  expect(pace.every).toBe(250)
  tell(pace, 40, 1)
  expect(pace.every).toBe(4)
})
