import { describe, expect, it } from "vitest"
import { estimate, spenderOf, spends, usualAnswer, type Spender } from "./estimate.ts"

/** A dollar for a million tokens in, two for a million out: one and two micro-dollars each. */
const price = { input: 1_000_000, output: 2_000_000 }
const spender = (more: Partial<Spender>): Spender => ({
  node_id: "say",
  price,
  names_model: true,
  written_tokens: 10,
  max_tokens: undefined,
  repeats: false,
  past: [],
  ...more,
})
const took = (input_tokens: number, output_tokens: number, cost_micros = 0) => ({
  input_tokens,
  output_tokens,
  cost_micros,
})

describe("a node that ran before", () => {
  it("is taken to cost what it did: the cheapest, the middle and the dearest", () => {
    const past = [took(100, 50), took(10, 5), took(300, 100)]
    expect(estimate([spender({ past })])).toMatchObject({ least: 20, likely: 200, most: 500 })
  })

  it("is paid by today's price, whatever was paid then", () => {
    expect(estimate([spender({ past: [took(100, 50, 9_999)] })]).likely).toBe(200)
  })

  it("costs what was paid where its models are its own", () => {
    const crew = spender({ price: undefined, names_model: false, past: [took(1, 1, 70), took(1, 1, 90)] })
    expect(estimate([crew])).toEqual({
      least: 70,
      likely: 80,
      most: 90,
      nodes: [{ node_id: "say", least: 70, likely: 80, most: 90, gaps: [] }],
    })
  })

  it("counts as nothing where it was passed by", () => {
    const past = [took(0, 0), took(0, 0), took(100, 0)]
    expect(estimate([spender({ past })])).toMatchObject({ least: 0, likely: 0, most: 100 })
  })

  it("says that its model has no price", () => {
    const { nodes } = estimate([spender({ price: undefined, past: [took(100, 50, 0)] })])
    expect(nodes[0]).toMatchObject({ likely: 0, gaps: ["no_price"] })
  })
})

describe("a node that never ran", () => {
  it("is taken by its words and a usual answer, with nothing that bounds it", () => {
    const { nodes, ...sums } = estimate([spender({})])
    expect(sums).toEqual({ least: 0, likely: 10 + 2 * usualAnswer, most: null })
    expect(nodes[0]?.gaps).toEqual(["never_ran"])
  })

  it("costs its own words and the shortest answer at least, where no execution passes it by", () => {
    expect(estimate([spender({ certain_tokens: 7 })]).least).toBe(7 + 2)
    const cached = { ...price, cache_read: 0 }
    expect(estimate([spender({ certain_tokens: 7, price: cached })]).least).toBe(2)
  })

  it("answers no longer than it may", () => {
    expect(estimate([spender({ max_tokens: 5 })]).likely).toBe(20)
    expect(estimate([spender({ max_tokens: 5_000 })]).likely).toBe(10 + 2 * usualAnswer)
  })

  it("is not counted where nobody knows the models or their price, and says so", () => {
    const nodes = estimate([
      spender({ node_id: "crew", names_model: false, price: undefined }),
      spender({ node_id: "own", price: undefined }),
      spender({ node_id: "each", repeats: true }),
    ]).nodes
    expect(nodes.map(({ node_id, gaps, most }) => [node_id, gaps, most])).toEqual([
      ["crew", ["not_counted", "never_ran"], null],
      ["own", ["no_price", "never_ran"], null],
      ["each", ["never_ran", "repeats"], null],
    ])
  })

  it("is known to be free where its model is", () => {
    // As it is applied, with the version of its table.
    const applied = { version: "2025-12-15", input: 0, output: 0 }
    const free = estimate([spender({ price: applied })])
    expect(free).toMatchObject({ least: 0, likely: 0, most: 0 })
    expect(free.nodes[0]?.gaps).toEqual([])
  })
})

it("adds the nodes up; one without a bound leaves the whole without", () => {
  const known = spender({ past: [took(100, 0), took(300, 0)] })
  expect(estimate([known, { ...known, node_id: "other" }])).toMatchObject({
    least: 200,
    likely: 400,
    most: 600,
  })
  expect(estimate([known, spender({ node_id: "new" })]).most).toBeNull()
  expect(estimate([])).toEqual({ least: 0, likely: 0, most: 0, nodes: [] })
})

describe("a call belongs to", () => {
  const types = new Map([
    ["each", "map"],
    ["say", "llm"],
    ["team", "crew"],
  ])

  it.each([
    ["", "say", "say"],
    ["each[3]", "say", "say"],
    ["team", "think", "team"],
    ["each[12]/team/only[0]", "think", "team"],
    ["", "gone", undefined],
    ["gone[0]", "say", undefined],
  ])("under %j, of %s: %s", (scope, node, owner) => {
    expect(spenderOf(types, scope, node)).toBe(owner)
  })

  it("only kinds that call models, or have others that do", () => {
    expect(["llm", "classify", "crew", "tool", "wait", "map"].map(spends)).toEqual([
      "own",
      "own",
      "others",
      "others",
      undefined,
      undefined,
    ])
  })
})
