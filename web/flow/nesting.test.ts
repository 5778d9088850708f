import { expect, it } from "vitest"
import type { FlowNode } from "#core/flow/graph"
import { sizeOf } from "./geometry.ts"
import { insideOf, Nesting, sizeToHold } from "./nesting.ts"

const node = (id: string, type: string, x: number, y: number, parent?: string): FlowNode => ({
  id,
  type,
  position: { x, y },
  data: {},
  ...(parent === undefined ? {} : { parent_id: parent }),
})

/** input, and a map that holds a step and a loop, which holds a group, which holds a step. */
const nodes: FlowNode[] = [
  node("deep", "llm", 10, 40, "box"),
  node("input", "input", 0, 0),
  node("box", "group", 20, 90, "again"),
  { ...node("again", "loop", 300, 80, "each"), size: { width: 400, height: 300 } },
  node("draft", "llm", 24, 80, "each"),
  { ...node("each", "map", 1_000, 100), size: { width: 800, height: 500 } },
]
const nesting = new Nesting(nodes)

it("knows where a nested node is on the canvas", () => {
  expect(nesting.place("deep")).toEqual({ x: 1_330, y: 310 })
  expect(nesting.box("draft")).toEqual({ x: 1_024, y: 180, width: 200, height: 56 })
})

it("knows whose iterations execute a node; a group has none", () => {
  expect(nesting.holder("deep")?.id).toBe("again")
  expect(nesting.holder("again")?.id).toBe("each")
  expect(nesting.holder("each")).toBeUndefined()
  expect(nesting.holders("deep").map((one) => one.id)).toEqual(["again", "each"])
})

it("gives parents before their children, and frames before steps beside them", () => {
  const order = nesting.parentsFirst().map((one) => one.id)
  expect(order).toHaveLength(nodes.length)
  for (const { id, parent_id: parent } of nodes)
    if (parent !== undefined) expect(order.indexOf(parent)).toBeLessThan(order.indexOf(id))
  expect(order.indexOf("each")).toBeLessThan(order.indexOf("input"))
})

it("finds the innermost frame under a point, never one that is in the hand", () => {
  expect(nesting.frameAt({ x: 1_330, y: 320 })?.id).toBe("box")
  expect(nesting.frameAt({ x: 1_050, y: 200 })?.id).toBe("each")
  expect(nesting.frameAt({ x: 10, y: 10 })).toBeUndefined()
  // The loop is dragged: neither it nor the group inside it can take it.
  expect(nesting.frameAt({ x: 1_330, y: 320 }, new Set(["again"]))?.id).toBe("each")
})

it("lets what is inside a chosen frame move with it", () => {
  expect(nesting.outermost(new Set(["deep", "again", "input"])).map((one) => one.id)).toEqual([
    "input",
    "again",
  ])
  expect(nesting.withInsides(["again"])).toEqual(new Set(["again", "box", "deep"]))
})

it("lets nodes whose parents are gone, no frames, or in a circle stand by themselves", () => {
  const broken = new Nesting([
    node("a", "map", 0, 0, "b"),
    node("b", "map", 0, 0, "a"),
    node("c", "llm", 5, 5, "gone"),
    node("d", "llm", 7, 7, "c"),
    node("e", "map", 9, 9, "e"),
  ])
  for (const id of ["c", "d", "e"]) expect(broken.parent(id)).toBeUndefined()
  expect(broken.place("d")).toEqual({ x: 7, y: 7 })
  expect(broken.parentsFirst()).toHaveLength(5)
  expect(broken.around("a").length).toBeLessThan(2)
})

it("asks for room around what a frame holds, and for its bar", () => {
  const each = nesting.node("each")!
  const needed = sizeToHold(each, nesting.children("each"))
  expect(needed).toEqual({ width: 300 + 400 + 24, height: 80 + 300 + 24 })
  expect(insideOf(each).y).toBeGreaterThan(56)
  const small = { ...each, size: { width: 41, height: 41 } }
  expect(sizeOf(small).width).toBeGreaterThan(200)
})
