import { expect, it } from "vitest"
import { draft, edge, frame, inside, node } from "../test-flow.ts"
import { fitsBetween, insertOnEdge } from "./insert.ts"

const flow = draft(
  [node("a", "input", {}, 0, 0), node("b", "llm", {}, 272, 0), node("c", "output", {}, 544, 0)],
  [edge("a", "b"), edge("b", "c", "error")],
)
const xOf = (next: typeof flow, id: string) => next.nodes.find((one) => one.id === id)!.position.x

it("joins the new node to both ends and moves on what follows", () => {
  const { draft: next, id } = insertOnEdge(flow, "a-b", "transform")!
  expect(next.edges.map((one) => [one.id, one.source, one.target])).toEqual([
    ["a-b", "a", id],
    ["b-c", "b", "c"],
    [`${id}-b`, id, "b"],
  ])
  expect(xOf(next, id)).toBe(272)
  expect(xOf(next, "b")).toBe(544)
  expect(xOf(next, "c")).toBe(816)
})

it("keeps the way by which the edge left, and moves nothing where there is room", () => {
  const wide = draft([...flow.nodes.slice(0, 2), node("c", "output", {}, 900, 0)], flow.edges)
  const { draft: next, id } = insertOnEdge(wide, "b-c", "transform")!
  expect(next.edges.find((one) => one.id === "b-c")).toMatchObject({ target: id, source_handle: "error" })
  expect(xOf(next, "c")).toBe(900)
  expect(xOf(next, id)).toBeGreaterThan(472)
})

it("stays inside the map where the edge is, which grows", () => {
  const mapped = draft(
    [
      frame("each", "map", 100, 100, 568, 200),
      inside("each", node("x", "llm", {}, 24, 80)),
      inside("each", node("y", "llm", {}, 296, 80)),
    ],
    [edge("x", "y")],
  )
  const { draft: next, id } = insertOnEdge(mapped, "x-y", "llm")!
  expect(next.nodes.find((one) => one.id === id)).toMatchObject({
    parent_id: "each",
    position: { x: 296, y: 80 },
  })
  expect(next.nodes[0]!.size!.width).toBe(568 + 224)
})

it("puts nothing on an edge that nothing leaves or reaches", () => {
  expect(["input", "output", "note", "group"].filter(fitsBetween)).toEqual([])
  expect(["llm", "http", "map", "wait", "condition", "subflow"].every(fitsBetween)).toBe(true)
  expect(insertOnEdge(flow, "a-b", "output")).toBeNull()
  expect(insertOnEdge(flow, "gone", "llm")).toBeNull()
})
