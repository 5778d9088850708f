import { describe, expect, it } from "vitest"
import { extentOf, panned, placeOf, rowsOf, spanOfStep, ticksFor, treeOf, zoomed } from "./model.ts"
import { at, span, triage } from "./test-spans.ts"

const none: ReadonlyMap<string, boolean> = new Map()
const shown = (spans: ReturnType<typeof triage>, toggled = none, selected: string | null = null) =>
  rowsOf(treeOf(spans), toggled, selected).map((row) => `${" ".repeat(row.depth)}${row.spans.at(-1)!.id}`)

describe("the rows of a waterfall", () => {
  it("stand under what called them, attempts and the waits between them in one", () => {
    expect(shown(triage(1))).toEqual(["root", " a2", "  call", " each", "  s0", "   t0"])
    const draft = rowsOf(treeOf(triage(1)), none, null)[1]!
    expect(draft.spans.map((one) => one.id)).toEqual(["a1", "a2"])
    expect(draft.pauses.map((one) => one.id)).toEqual(["pause"])
  })

  it("are the same in whatever order the spans come", () => {
    expect(shown(triage(3).toReversed())).toEqual(shown(triage(3)))
  })

  it("keep many iterations closed until one is opened, or a step inside is selected", () => {
    expect(shown(triage(9)).filter((row) => row.startsWith("   "))).toEqual([])
    expect(shown(triage(9), new Map([["scope each[4]", true]]))).toContain("   t4")
    expect(shown(triage(9), none, "t6")).toContain("   t6")
    expect(shown(triage(9), new Map([["scope each[6]", false]]), "t6")).not.toContain("   t6")
  })

  it("stand at the top where the parent is not among them", () => {
    expect(shown([span("b", "elsewhere", 5, 6), span("a", "elsewhere", 1, 2)])).toEqual(["a", "b"])
  })

  it("are made of ten thousand spans in a moment", () => {
    const spans = triage(5_000)
    const began = performance.now()
    expect(rowsOf(treeOf(spans), none, "t4999").length).toBeGreaterThan(5_000)
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})

describe("the axis", () => {
  const whole = extentOf(triage(1), 0)

  it("reaches from the first beginning to the last end, and to now while something goes on", () => {
    expect(whole).toEqual({ from: Date.parse(at(0)), until: Date.parse(at(1_000)) })
    expect(extentOf([span("a", null, 5, null)], Date.parse(at(70))).until).toBe(Date.parse(at(70)))
    expect(extentOf([], 7)).toEqual({ from: 7, until: 8 })
  })

  it("places a bar, and leaves out what lies outside", () => {
    expect(placeOf(span("a", null, 250, 500), whole, 0)).toEqual({ left: 25, width: 25 })
    const late = { from: whole.from + 600, until: whole.until }
    expect(placeOf(span("a", null, 250, 500), late, 0)).toBeNull()
    expect(placeOf(span("a", null, 500, 800), late, 0)).toEqual({ left: 0, width: 50 })
    expect(placeOf(span("a", null, 750, null), whole, Date.parse(at(1_000)))).toEqual({ left: 75, width: 25 })
  })

  it("is looked at closer around a place, and no wider than the whole", () => {
    const near = zoomed(whole, whole, 0.5, 0.25)!
    expect([near.from - whole.from, near.until - whole.from]).toEqual([125, 625])
    expect(zoomed(near, whole, 4)).toBeNull()
    expect(panned(near, whole, 10)).toEqual({ from: whole.until - 500, until: whole.until })
    expect(zoomed(near, whole, 1e-9)!.until - zoomed(near, whole, 1e-9)!.from).toBe(1)
  })

  it("has round marks", () => {
    expect(ticksFor(whole, whole.from, 5)).toEqual([0, 200, 400, 600, 800, 1_000])
    expect(ticksFor({ from: whole.from + 310, until: whole.from + 350 }, whole.from, 4)).toEqual([
      310, 320, 330, 340, 350,
    ])
  })
})

it("a step stands for its last attempt", () => {
  expect(spanOfStep(triage(2), "draft", "")?.id).toBe("a2")
  expect(spanOfStep(triage(2), "shape", "each[1]")?.id).toBe("t1")
  expect(spanOfStep(triage(2), "shape", "")).toBeUndefined()
})
