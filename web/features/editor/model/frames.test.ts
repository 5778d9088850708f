import { expect, it } from "vitest"
import { sizeOf } from "#web/flow/geometry.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { draft, edge, frame, inside, node } from "../test-flow.ts"
import { connect, removeElements, whyNotConnect } from "./document.ts"
import { groupAround, moveInto, resize, settleInside, unwrap } from "./frames.ts"

/** input → each → output; inside each: first → second. `lone` and `side` stand outside, joined to each other. */
const flow = draft(
  [
    node("input", "input", {}, 0, 100),
    frame("each", "map", 300, 100, 600, 300),
    inside("each", node("first", "llm", { prompt: "x" }, 24, 80)),
    inside("each", node("second", "llm", { prompt: "y" }, 296, 80)),
    node("output", "output", {}, 960, 100),
    node("lone", "llm", { prompt: "z" }, 320, 600),
    node("side", "llm", { prompt: "z" }, 600, 600),
  ],
  [edge("input", "each"), edge("first", "second"), edge("each", "output"), edge("lone", "side")],
)
const at = (next: typeof flow, id: string) => nestingOf(next.nodes).place(id)
const one = (next: typeof flow, id: string) => next.nodes.find((node) => node.id === id)!

it("moves a node into a frame without moving it on the canvas, and out again", () => {
  const into = moveInto(flow, new Set(["side"]), "each")
  expect(one(into.draft, "side")).toMatchObject({ parent_id: "each", position: { x: 300, y: 500 } })
  expect(at(into.draft, "side")).toEqual(at(flow, "side"))
  const out = moveInto(into.draft, new Set(["side"]), undefined)
  expect(one(out.draft, "side")).toEqual(one(flow, "side"))
})

it("takes away the edges that would cross a border, and counts them", () => {
  const into = moveInto(flow, new Set(["side"]), "each")
  expect(into.cut).toBe(1)
  expect(into.draft.edges.map((edge) => edge.id)).not.toContain("lone-side")
  // Moved together, the two keep theirs.
  expect(moveInto(flow, new Set(["side", "lone"]), "each").cut).toBe(0)
  // A group's border may be crossed.
  const grouped = draft([...flow.nodes, frame("box", "group", 560, 540, 300, 200)], flow.edges)
  expect(moveInto(grouped, new Set(["side"]), "box").cut).toBe(0)
})

it("lets a frame grow for what is put into it, and lets what stood beside it make room", () => {
  const wide = draft(
    flow.nodes.map((each) => (each.id === "second" ? { ...each, position: { x: 500, y: 80 } } : each)),
    flow.edges,
  )
  const grown = settleInside(wide, ["second"])
  expect(one(grown, "each").size).toEqual({ width: 724, height: 300 })
  expect(one(grown, "output").position).toEqual({ x: 960 + 124, y: 100 })
  expect(one(grown, "input")).toBe(one(wide, "input"))
})

it("lets the frames around a frame grow with it", () => {
  const nested = draft([
    frame("outer", "map", 0, 0, 400, 300),
    inside("outer", frame("inner", "loop", 24, 80, 300, 180)),
    inside("inner", node("deep", "llm", { prompt: "x" }, 400, 300)),
  ])
  const grown = settleInside(nested, ["deep"])
  expect(one(grown, "inner").size).toEqual({ width: 624, height: 380 })
  expect(one(grown, "outer").size).toEqual({ width: 24 + 624 + 24, height: 80 + 380 + 24 })
})

it("brings what lies on a frame's bar inside, all by the same step", () => {
  const high = draft([
    frame("each", "map", 0, 0, 600, 300),
    inside("each", node("a", "llm", {}, -40, 10)),
    inside("each", node("b", "llm", {}, 200, 40)),
  ])
  const settled = settleInside(high, ["a", "b"])
  expect(one(settled, "a").position).toEqual({ x: 24, y: 80 })
  expect(one(settled, "b").position).toEqual({ x: 264, y: 110 })
})

it("resizes a frame no smaller than what is inside", () => {
  const small = resize(flow, "each", { width: 50, height: 50 })
  expect(one(small, "each").size).toEqual({ width: 296 + 200 + 24, height: 160 })
  expect(resize(flow, "each", { width: 600, height: 300 })).toBe(flow)
  expect(sizeOf(one(resize(flow, "each", { width: 800, height: 400 }), "each"))).toEqual({
    width: 800,
    height: 400,
  })
})

it("removes a frame with all that is inside, and their edges", () => {
  const next = removeElements(flow, new Set(["each"]), new Set())
  expect(next.nodes.map((node) => node.id)).toEqual(["input", "output", "lone", "side"])
  expect(next.edges.map((edge) => edge.id)).toEqual(["lone-side"])
})

it("refuses an edge over a map's border from both sides, and allows one over a group's", () => {
  expect(whyNotConnect(flow, { source: "input", target: "first" })).toMatch(/border of “Map”/)
  expect(whyNotConnect(flow, { source: "second", target: "output" })).toMatch(/border of “Map”/)
  expect(whyNotConnect(flow, { source: "first", target: "each" })).toMatch(/border of “Map”/)
  expect(connect(flow, { source: "input", target: "first" })).toBe(flow)
  const boxed = draft([
    frame("box", "group", 0, 0, 300, 200),
    inside("box", node("a", "llm", {}, 24, 60)),
    node("b", "llm", {}, 500, 60),
  ])
  expect(whyNotConnect(boxed, { source: "a", target: "b" })).toBeNull()
  expect(whyNotConnect(boxed, { source: "b", target: "box" })).toMatch(/a group/)
})

it("draws a group around nodes of one frame, where they are, and takes it away again", () => {
  const group = node("group", "group")
  const next = groupAround(flow, new Set(["first", "second"]), group)!
  expect(one(next, "group").parent_id).toBe("each")
  for (const id of ["first", "second"]) expect(one(next, id).parent_id).toBe("group")
  expect(next.edges).toEqual(flow.edges)
  const freed = unwrap(next, "group")
  expect(freed.cut).toBe(0)
  expect(freed.draft.nodes.map((node) => [node.id, node.parent_id]).filter(([, parent]) => parent)).toEqual([
    ["first", "each"],
    ["second", "each"],
  ])
  expect(groupAround(flow, new Set(["first", "lone"]), group)).toBeNull()
})

it("takes a map away and leaves what was inside at its place", () => {
  const freed = unwrap(flow, "each")
  expect(at(freed.draft, "first")).toEqual(at(flow, "first"))
  expect(freed.draft.edges.map((edge) => edge.id)).toEqual(["first-second", "lone-side"])
})
