import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { forecast } from "./forecast.ts"
import { mostLeased, quantumOf, take, type RatePolicy } from "./gcra.ts"
import { judge, leased, leaseMs, standing, type Lease } from "./lease.ts"
import { FairQueue } from "./queue.ts"

const noon = Date.parse("2026-11-22T12:00:00Z")
const fifty: RatePolicy = { name: "tenant", limit: 50, window_ms: 1_000 }

/** Isolates that ask one limiter, as the Worker does. */
class Edge {
  tat: number | undefined
  hops = 0
  admitted = 0
  requests = 0
  readonly policy: RatePolicy
  private readonly leases: (Lease | undefined)[]

  constructor(policy: RatePolicy, isolates: number) {
    this.policy = policy
    this.leases = Array.from({ length: isolates }, () => undefined)
  }

  request(isolate: number, now: number): void {
    this.requests++
    for (let asked = false; ; asked = true) {
      const verdict = judge(this.leases[isolate], this.policy, now)
      if (verdict.is === "in") {
        this.leases[isolate] = verdict.lease
        this.admitted++
        return
      }
      if (verdict.is === "out" || asked) return
      this.hops++
      const { tat, grant } = take(this.tat, this.policy, verdict.want, now)
      this.tat = tat
      this.leases[isolate] = leased(this.leases[isolate], grant, verdict.want, now)
    }
  }
}

describe("a rate", () => {
  it("[RL1] admits within 1 % of the limit at four times the load, and 95 of 100 requests ask nobody", () => {
    for (const isolates of [1, 2]) {
      const edge = new Edge(fifty, isolates)
      // The whole limit may come at once; what is measured begins when that is used up.
      for (let i = 0; i < 1_000; i++) edge.request(i % isolates, noon + i * 5)
      Object.assign(edge, { admitted: 0, hops: 0, requests: 0 })
      for (let i = 0; i < 4_000; i++) edge.request(i % isolates, noon + 5_000 + i * 5)
      expect(Math.abs(edge.admitted - 1_000)).toBeLessThanOrEqual(10)
      expect(edge.hops / edge.requests).toBeLessThanOrEqual(0.05)
    }
  })

  it("[RL2] lets everybody in below the limit, with few hops", () => {
    const edge = new Edge(fifty, 1)
    for (let i = 0; i < 2_000; i++) edge.request(0, noon + i * 50)
    expect(edge.admitted).toBe(2_000)
    expect(edge.hops / edge.requests).toBeLessThanOrEqual(0.05)
  })

  it("[RL3] grants no more than the limit in any window, however it is asked", () => {
    const asks = fc.array(fc.record({ after: fc.nat(400), want: fc.integer({ min: -2, max: 80 }) }), {
      maxLength: 150,
    })
    const check = fc.property(
      asks,
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 50, max: 5_000 }),
      (list, limit, window_ms) => {
        const policy = { name: "x", limit, window_ms }
        let [tat, now, granted]: [number | undefined, number, number] = [undefined, noon, 0]
        for (const { after, want } of list) {
          now += after
          const taken = take(tat, policy, want, now)
          tat = taken.tat
          granted += taken.grant.granted
          expect(taken.grant.granted).toBeGreaterThanOrEqual(0)
          // The limit at once, and then as time goes by.
          expect(granted).toBeLessThanOrEqual(limit + ((now - noon) / window_ms) * limit + 1e-6)
        }
      },
    )
    fc.assert(check, { numRuns: 300 })
  })

  it("[RL4] forgives a clock that was set back", () => {
    const { tat } = take(undefined, fifty, 50, noon)
    const { grant } = take(tat, fifty, 10, noon - 86_400_000)
    expect(grant.granted).toBe(0)
    expect(grant.ask_at).toBeLessThanOrEqual(noon - 86_400_000 + 1_000)
  })

  it("[RL5] says what is left and when the whole limit is free again", () => {
    expect(standing({ tokens: 10, left: 15 }, fifty)).toEqual({ remaining: 25, reset_seconds: 1 })
    expect(standing({ tokens: 0, left: 0 }, { ...fifty, window_ms: 60_000 })).toEqual({
      remaining: 0,
      reset_seconds: 60,
    })
  })

  it("[RL6] does not keep a lease over a long sleep", () => {
    const lease = leased(undefined, { granted: 10, ask_at: noon, left: 3 }, 10, noon)
    expect(judge(lease, fifty, noon + leaseMs - 1).is).toBe("in")
    expect(judge(lease, fifty, noon + leaseMs).is).toBe("ask")
  })

  it("[RL7] asks for the next lease before the last token is used, and no more than half the limit", () => {
    expect([quantumOf(fifty), mostLeased(fifty)]).toEqual([12, 25])
    const lease = leased(undefined, { granted: 4, ask_at: noon, left: 40 }, 16, noon)
    expect(judge(lease, fifty, noon)).toMatchObject({ is: "in", ahead: true })
    expect(judge({ ...lease, tokens: 0 }, fifty, noon)).toEqual({ is: "ask", want: 25 })
  })
})

describe("the queue for places", () => {
  /** Places with a limit, and the queue before them. */
  class Room {
    limit: number
    readonly taken = new Map<string, string>()
    readonly queue = new FairQueue()
    constructor(limit: number) {
      this.limit = limit
    }
    share = (holder: string) => [...this.taken.values()].filter((one) => one === holder).length
    enter(id: string, holder: string) {
      if (!this.taken.has(id)) this.queue.enter({ id, holder })
      return this.fill()
    }
    leave(id: string) {
      this.taken.delete(id)
      this.queue.leave(id)
      return this.fill()
    }
    fill(): string[] {
      const begun: string[] = []
      while (this.taken.size < this.limit) {
        const next = this.queue.next(this.share)
        if (!next) break
        this.queue.leave(next.id)
        this.taken.set(next.id, next.holder)
        begun.push(next.id)
      }
      return begun
    }
  }

  it("[CQ1] gives the next place to the holder with the fewest, and among equals to the first", () => {
    const room = new Room(2)
    for (const id of ["1a", "2a", "3a", "4a", "5b", "6c"]) room.enter(id, id[1]!)
    expect([...room.taken.keys()]).toEqual(["1a", "2a"])
    expect(room.leave("1a")).toEqual(["5b"])
    expect(room.leave("2a")).toEqual(["3a"])
    expect(room.leave("5b")).toEqual(["6c"])
  })

  it("[CQ2] forgets whoever leaves while waiting, and hears a claim once", () => {
    const room = new Room(1)
    for (const id of ["1", "2", "2"]) room.enter(id, "x")
    expect([room.queue.size, room.queue.has("2")]).toEqual([1, true])
    expect(room.leave("2")).toEqual([])
    expect([room.queue.size, room.queue.has("2")]).toEqual([0, false])
    expect(room.leave("1")).toEqual([])
    expect(room.queue.next(room.share)).toBeUndefined()
  })

  it("[CQ3] never has more inside than its limit, loses nobody, is fair, and leaves no place empty while somebody waits", () => {
    const deed = fc.record({ id: fc.nat(20), does: fc.constantFrom("enter", "leave", "resize") })
    const check = fc.property(fc.array(deed, { maxLength: 100 }), (deeds) => {
      const room = new Room(3)
      const present = new Set<string>()
      for (const { id, does } of deeds) {
        const name = String(id).padStart(2, "0")
        if (does === "resize") room.limit = Math.max(room.taken.size, (id % 5) + 1)
        const begun =
          does === "enter"
            ? room.enter(name, String(id % 4))
            : does === "leave"
              ? room.leave(name)
              : room.fill()
        if (does === "enter") present.add(name)
        if (does === "leave") present.delete(name)
        expect(room.taken.size).toBeLessThanOrEqual(room.limit)
        expect(room.queue.size === 0 || room.taken.size === room.limit).toBe(true)
        expect(room.taken.size + room.queue.size).toBe(present.size)
        // Whoever began last had no more, before that, than whoever is next has now.
        const last = room.taken.get(begun.at(-1) ?? "")
        const next = room.queue.next(room.share)
        if (last !== undefined && next && next.holder !== last)
          expect(room.share(last) - 1).toBeLessThanOrEqual(next.share)
      }
    })
    fc.assert(check, { numRuns: 300 })
  })
})

describe("a forecast", () => {
  const day = { name: "2026-11-22", from: noon - 12 * 3_600_000, until: noon + 12 * 3_600_000 }

  it("[FC1] goes on in a straight line", () => {
    expect(forecast(600, 1_000, day, noon)).toEqual({ at_end: 1_200, exhausted: noon + 8 * 3_600_000 })
    expect(forecast(100, 1_000, day, noon)).toEqual({ at_end: 200, exhausted: undefined })
  })

  it("[FC2] does not make a fortune of the first minute", () => {
    expect(forecast(10, 1_000, day, day.from + 60_000).at_end).toBe(250)
  })

  it("[FC3] is what was spent, for what has no end", () => {
    const open = { name: "exec_a", from: noon, until: undefined }
    expect(forecast(10, 5, open, noon)).toEqual({ at_end: 10, exhausted: undefined })
  })
})
