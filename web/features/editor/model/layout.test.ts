import * as fc from "fast-check"
import { expect, it } from "vitest"
import { sizeOf } from "#web/flow/geometry.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { draft, edge, frame, inside, node } from "../test-flow.ts"
import { aligned, distributed } from "./align.ts"
import { arrange } from "./layout.ts"

const placeOf = (flow: ReturnType<typeof draft>, id: string) => nestingOf(flow.nodes).box(id)
const overlap = (one: ReturnType<typeof placeOf>, other: ReturnType<typeof placeOf>): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height

it("orders a tangled flow from left to right, on the grid, and keeps its corner", () => {
  const flow = draft(
    [
      node("c", "output", {}, 0, 0),
      node("a", "input", {}, 500, 300),
      node("b1", "llm", { prompt: "x" }, 100, 10),
      node("b2", "llm", { prompt: "x" }, 100, 20),
    ],
    [edge("a", "b1"), edge("a", "b2"), edge("b1", "c"), edge("b2", "c")],
  )
  const next = arrange(flow)
  const at = Object.fromEntries(next.nodes.map(({ id, position }) => [id, position]))
  expect(at["a"]!.x).toBe(0)
  expect(at["b1"]!.x).toBe(272)
  expect(at["b2"]!.x).toBe(272)
  expect(at["c"]!.x).toBe(544)
  expect(at["b2"]!.y - at["b1"]!.y).toBe(88)
  // What leads to two stands between them.
  expect(at["a"]!.y).toBeGreaterThan(at["b1"]!.y)
  expect(at["a"]!.y).toBeLessThan(at["b2"]!.y)
  expect(next.edges).toBe(flow.edges)
})

it("orders what is inside a frame too, makes the frame fit, and leaves what is in order as it is", () => {
  const flow = draft(
    [
      node("input", "input", {}, 0, 0),
      frame("map", "map", 40, 40, 2_000, 900),
      inside("map", node("two", "transform", { value: "1" }, 24, 80)),
      inside("map", node("one", "transform", { value: "1" }, 900, 700)),
    ],
    [edge("input", "map"), edge("one", "two")],
  )
  const next = arrange(flow)
  expect(placeOf(next, "one").x).toBeLessThan(placeOf(next, "two").x)
  expect(placeOf(next, "map").width).toBeLessThan(600)
  expect(placeOf(next, "map").x).toBeGreaterThan(placeOf(next, "input").x + 200)
  expect(arrange(next)).toEqual(next)
})

it("takes circles as they come, and a thousand nodes in a chain", () => {
  const circle = draft(
    [node("a", "transform"), node("b", "transform"), node("c", "transform")],
    [edge("a", "b"), edge("b", "c"), edge("c", "a")],
  )
  const next = arrange(circle)
  expect(new Set(next.nodes.map(({ position }) => position.x)).size).toBe(3)
  const ids = Array.from({ length: 1_000 }, (_, i) => `n${i}`)
  const chain = draft(
    ids.map((id) => node(id, "transform")),
    ids.slice(1).map((id, i) => edge(ids[i]!, id)),
  )
  expect(arrange(chain).nodes.at(-1)?.position.x).toBe(999 * 272)
})

it("never lays a node over another, whatever the flow", () => {
  const flows = fc
    .record({
      count: fc.integer({ min: 1, max: 24 }),
      ways: fc.array(fc.tuple(fc.nat(23), fc.nat(23)), { maxLength: 40 }),
    })
    .map(({ count, ways }) =>
      draft(
        Array.from({ length: count }, (_, i) =>
          node(`n${i}`, i % 7 === 6 ? "note" : "transform", {}, i * 10, 0),
        ),
        ways
          .filter(([from, to]) => from < count && to < count && from !== to)
          .map(([from, to], i) => ({ ...edge(`n${from}`, `n${to}`), id: `e${i}` })),
      ),
    )
  fc.assert(
    fc.property(flows, (flow) => {
      const { nodes } = arrange(flow)
      const boxes = nodes.map((one) => ({ ...one.position, ...sizeOf(one) }))
      for (const [i, one] of boxes.entries())
        for (const other of boxes.slice(i + 1)) expect(overlap(one, other)).toBe(false)
    }),
    { numRuns: 150 },
  )
})

it("orders the chosen nodes alone", () => {
  const flow = draft(
    [
      node("x", "transform", {}, 0, 0),
      node("b", "transform", {}, 400, 400),
      node("a", "transform", {}, 800, 480),
    ],
    [edge("a", "b")],
  )
  const next = arrange(flow, new Set(["a", "b"]))
  expect(next.nodes.map(({ position }) => position)).toEqual([
    { x: 0, y: 0 },
    { x: 672, y: 400 },
    { x: 400, y: 400 },
  ])
})

it("aligns six ways and spreads evenly, across frames", () => {
  const flow = draft([
    node("a", "transform", {}, 0, 0),
    frame("g", "group", 300, 100, 400, 300),
    inside("g", node("b", "transform", {}, 24, 60)),
    node("c", "transform", {}, 1_000, 40),
  ])
  const chosen = new Set(["a", "b", "c"])
  expect(aligned(flow, chosen, "top").get("b")).toEqual({ x: 24, y: -100 })
  expect(aligned(flow, chosen, "left").get("b")).toEqual({ x: -300, y: 60 })
  expect(aligned(flow, chosen, "right").get("a")).toEqual({ x: 1_000, y: 0 })
  expect(aligned(flow, chosen, "bottom").get("a")).toEqual({ x: 0, y: 160 })
  expect(aligned(flow, chosen, "middle").get("c")).toEqual({ x: 1_000, y: 80 })
  expect(aligned(flow, chosen, "center").get("a")).toEqual({ x: 500, y: 0 })
  expect(distributed(flow, chosen, "x").get("b")).toEqual({ x: 200, y: 60 })
  expect(distributed(flow, chosen, "x").get("a")).toEqual({ x: 0, y: 0 })
  expect(distributed(flow, new Set(["a", "c"]), "x").size).toBe(0)
})
