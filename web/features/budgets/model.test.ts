import { describe, expect, it } from "vitest"
import type { Budget } from "#core/contract/budgets"
import { burnDownOf } from "./burn-down-line.ts"
import { addressesIn, healthOf, inTree, microsOf, sayForecast, sayShare, shareOf, targetOf } from "./model.ts"
import { testBudget } from "./test-budgets.ts"

const noon = Date.parse("2026-11-22T12:00:00.000Z")
const state = (more: Partial<NonNullable<Budget["state"]>>) => ({ ...testBudget().state!, ...more })

describe("a list of budgets", () => {
  it("is a tree: the whole first, then its parts, the fullest on top", () => {
    const all = [
      testBudget({ name: "each", scope: "execution", period: "execution" }),
      testBudget({
        name: "little",
        scope: "agent",
        target_id: "agent_1",
        state: state({ spent_micros: 10 }),
      }),
      testBudget({ name: "all" }),
      testBudget({
        name: "much",
        scope: "agent",
        target_id: "agent_2",
        state: state({ spent_micros: 900_000 }),
      }),
    ]
    expect(inTree(all).map(({ name }) => name)).toEqual(["all", "much", "little", "each"])
  })

  it("says what each is of", () => {
    expect(targetOf(testBudget())).toBe("Everything")
    expect(targetOf(testBudget({ scope: "crew", target_id: "crew_1", target_name: "Desk" }))).toBe(
      "Crew Desk",
    )
    expect(targetOf(testBudget({ scope: "agent", target_id: "agent_1" }))).toBe("Agent deleted")
    const each = testBudget({ scope: "execution", target_id: "flow_1", target_name: "Triage" })
    expect(targetOf(each)).toBe("Each execution of Triage")
  })
})

describe("how a budget stands", () => {
  it("never says more than is reached", () => {
    expect([sayShare(0.999), sayShare(1), sayShare(0)]).toEqual(["99 %", "100 %", "0 %"])
    expect(shareOf(testBudget({ limit_micros: 0, state: state({ spent_micros: 0 }) }))).toBe(0)
    expect(shareOf(testBudget({ limit_micros: 0, state: state({ spent_micros: 1 }) }))).toBe(1)
  })

  it("is calm, near its end, spent, or not known", () => {
    const of = (more: Partial<Budget>) => healthOf(testBudget(more))
    expect(of({})).toBe("calm")
    expect(of({ state: state({ spent_micros: 800_000 }) })).toBe("near")
    expect(
      of({
        state: state({ forecast: { at_end_micros: 2_000_000, exhausted_at: "2026-11-22T20:00:00.000Z" } }),
      }),
    ).toBe("near")
    expect(of({ state: state({ spent_micros: 1_000_000 }) })).toBe("full")
    expect(of({ state: state({ refused: 1 }) })).toBe("full")
    expect(of({ state: null })).toBe("unknown")
  })

  it("says what is to be expected", () => {
    expect(sayForecast(testBudget())).toBe("$0.50 at the end")
    const soon = state({ forecast: { at_end_micros: 2_000_000, exhausted_at: "2026-11-22T20:00:00.000Z" } })
    expect(sayForecast(testBudget({ state: soon }))).toBe("Spent by Nov 22, 20:00 UTC")
    expect(sayForecast(testBudget({ state: state({ spent_micros: 1_000_000 }) }))).toBe("Spent")
    expect(sayForecast(testBudget({ state: null }))).toBeUndefined()
  })
})

describe("a burn-down", () => {
  it("goes down with each hour's spending, and on to the end in a straight line", () => {
    const points = [
      { at: "2026-11-22T03:00:00.000Z", spent_micros: 100_000 },
      { at: "2026-11-22T09:00:00.000Z", spent_micros: 150_000 },
    ]
    const lines = burnDownOf(testBudget({ state: state({ points, spent_micros: 250_000 }) }), noon)!
    expect(lines.now).toBe(0.5)
    expect(lines.left[0]).toEqual({ x: 0, y: 0 })
    expect(lines.left).toContainEqual({ x: 9 / 24, y: 0.1 })
    expect(lines.left.at(-1)).toEqual({ x: 0.5, y: 0.25 })
    expect(lines.ahead).toEqual([
      { x: 0.5, y: 0.25 },
      { x: 1, y: 0.5 },
    ])
  })

  it("ends where nothing is left", () => {
    const forecast = { at_end_micros: 4_000_000, exhausted_at: "2026-11-22T18:00:00.000Z" }
    const lines = burnDownOf(testBudget({ state: state({ forecast }) }), noon)!
    expect(lines.ahead.at(-1)).toEqual({ x: 0.75, y: 1 })
  })

  it("is not drawn where no time runs, or nothing may be spent", () => {
    expect(burnDownOf(testBudget({ limit_micros: 0 }), noon)).toBeUndefined()
    expect(
      burnDownOf(testBudget({ state: state({ began_at: null, resets_at: null }) }), noon),
    ).toBeUndefined()
    expect(burnDownOf(testBudget({ state: null }), noon)).toBeUndefined()
  })
})

it("takes dollars to whole micro-dollars, and addresses by line or comma", () => {
  expect([microsOf(0.1), microsOf(1.234567), microsOf(undefined)]).toEqual([100_000, 1_234_567, undefined])
  expect(addressesIn(" a@b.example,\nc@d.example ; ")).toEqual(["a@b.example", "c@d.example"])
})
