import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { forecast } from "./forecast.ts"
import { mostLeased, quantumOf, take, type RatePolicy } from "./gcra.ts"
import { judge, leased, leaseMs, standing, type Lease } from "./lease.ts"
import { emptyPlaces, enter, leave, resize, type Places } from "./queue.ts"

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
  const running = ({ taken }: Places) => taken.map(({ id }) => id)

  it("[CQ1] gives the next place to the holder with the fewest, and among equals to the first", () => {
    let places = emptyPlaces(2)
    for (const id of ["a1", "a2", "a3", "a4", "b1", "c1"])
      places = enter(places, { id, holder: id[0]! }).places
    expect(running(places)).toEqual(["a1", "a2"])
    const first = leave(places, "a1")
    expect(first.admitted).toEqual([{ id: "b1", holder: "b" }])
    const second = leave(first.places, "a2")
    expect(second.admitted).toEqual([{ id: "a3", holder: "a" }])
    expect(leave(second.places, "b1").admitted).toEqual([{ id: "c1", holder: "c" }])
  })

  it("[CQ2] forgets whoever leaves while waiting, and hears a claim once", () => {
    let { places } = enter(emptyPlaces(1), { id: "a", holder: "x" })
    places = enter(places, { id: "b", holder: "x" }).places
    expect(enter(places, { id: "b", holder: "x" }).places).toBe(places)
    places = leave(places, "b").places
    expect(leave(places, "a")).toMatchObject({ places: { taken: [], waiting: [] }, admitted: [] })
  })

  it("[CQ3] never has more inside than its limit, loses nobody, and leaves no place empty while somebody waits", () => {
    const deed = fc.record({
      id: fc.nat(20),
      holder: fc.nat(3),
      does: fc.constantFrom("enter", "leave", "resize"),
    })
    const check = fc.property(fc.array(deed, { maxLength: 100 }), (deeds) => {
      let places = emptyPlaces(3)
      const present = new Set<string>()
      for (const { id, holder, does } of deeds) {
        const name = String(id)
        if (does === "enter") places = enter(places, { id: name, holder: String(holder) }).places
        else if (does === "leave") places = leave(places, name).places
        else places = resize(places, Math.max(places.taken.length, (id % 5) + 1)).places
        if (does === "enter") present.add(name)
        if (does === "leave") present.delete(name)
        expect(places.taken.length).toBeLessThanOrEqual(places.limit)
        expect(places.waiting.length === 0 || places.taken.length === places.limit).toBe(true)
        const inside = [...places.taken, ...places.waiting].map((one) => one.id)
        expect(new Set(inside)).toEqual(present)
        expect(inside).toHaveLength(present.size)
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
