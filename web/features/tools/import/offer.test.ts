import { describe, expect, it } from "vitest"
import { narrowed, rowsOf, settledOf, type Offer } from "./offer.ts"

const offer = (key: string, name: string | null, more: Partial<Offer> = {}): Offer => ({
  key,
  method: "GET",
  place: key,
  title: "",
  tags: [],
  deprecated: false,
  tool:
    name === null
      ? null
      : { name, description: "", risk: "read", needs_approval: false, arguments: [], taken: false },
  problems: [],
  notes: [],
  security: [],
  schema: null,
  hints: undefined,
  ...more,
})

const list = [offer("a", "one"), offer("b", "two", { tags: ["orders"] }), offer("c", null)]
const choice = (chosen: string[], settled: [string, object][] = [], refused: [string, string][] = []) => ({
  chosen: new Set(chosen),
  settled: new Map(settled),
  refused: new Map(refused),
})
const faultsOf = (...given: Parameters<typeof choice>) =>
  rowsOf(list, choice(...given), []).map((row) => row.fault)

describe("what could be imported", () => {
  it("keeps the rows that nothing has changed about", () => {
    const before = rowsOf(list, choice(["a"]), [])
    const after = rowsOf(list, choice(["a", "b"]), before)
    expect(after[0]).toBe(before[0])
    expect(after[1]).not.toBe(before[1])
    expect(after[2]).toBe(before[2])
  })

  it("chooses nothing that cannot be a tool", () => {
    expect(rowsOf(list, choice(["a", "c"]), []).map((row) => row.isChosen)).toEqual([true, false, false])
  })

  it("says of a name that it is no name, that another tool has it, or that two that are chosen have it", () => {
    expect(faultsOf(["a"], [["a", { name: "No name" }]])[0]).toMatch(/small letter/)
    expect(faultsOf(["a", "b"], [["a", { name: "two" }]])).toEqual([
      expect.stringMatching(/Two that you chose are called two/),
      expect.stringMatching(/Two that you chose are called two/),
      undefined,
    ])
    expect(faultsOf(["a"], [["a", { name: "two" }]])[0]).toBeUndefined()
    const taken = [offer("a", "one")]
    taken[0]!.tool!.taken = true
    const [row] = rowsOf(taken, choice(["a"]), [])
    expect(row?.fault).toBe("Another tool is called one. Choose another name.")
    expect(rowsOf(taken, choice(["a"], [["a", { name: "first" }]]), [])[0]?.fault).toBeUndefined()
  })

  it("says what the server refused, as long as it is chosen", () => {
    expect(faultsOf(["b"], [], [["b", "Not this one."]])[1]).toBe("Not this one.")
    expect(faultsOf([], [], [["b", "Not this one."]])[1]).toBeUndefined()
  })

  it("sends of what was settled only what differs, and always the name", () => {
    const [row] = rowsOf(list, choice(["a"], [["a", { risk: "write", needs_approval: false }]]), [])
    expect(settledOf(row!)).toEqual({ name: "one", risk: "write" })
  })

  it("is narrowed by words, headings, risk and whether it can be a tool", () => {
    const rows = rowsOf(list, choice(["b"]), [])
    const keys = (filter: Parameters<typeof narrowed>[1]) =>
      narrowed(rows, filter).map((row) => row.offer.key)
    expect(keys({ text: " TWO" })).toEqual(["b"])
    expect(keys({ text: "", tag: "orders" })).toEqual(["b"])
    expect(keys({ text: "", risk: "read" })).toEqual(["a", "b"])
    expect(keys({ text: "", state: "unusable" })).toEqual(["c"])
    expect(keys({ text: "", state: "chosen" })).toEqual(["b"])
    expect(keys({ text: "", state: "faulty" })).toEqual([])
  })
})
