import * as fc from "fast-check"
import { expect, it } from "vitest"
import { foldingOf, nothingFolded } from "#web/flow/folding.ts"
import type { Box } from "#web/flow/geometry.ts"
import { draft, edge, frame, inside, node } from "../test-flow.ts"
import { detour, isCrossed } from "./detour.ts"
import { Routes } from "./routes.ts"

type Point = { x: number; y: number }
const isOver = ({ x, y, width, height }: Box, one: Point, other: Point): boolean =>
  Math.max(one.x, other.x) > x &&
  Math.min(one.x, other.x) < x + width &&
  Math.max(one.y, other.y) > y &&
  Math.min(one.y, other.y) < y + height

const run = (routes: Routes, flow: ReturnType<typeof draft>, folding = nothingFolded): number => {
  const work = routes.begin(flow, folding)
  for (const one of work) one()
  return work.length
}

const between = draft(
  [
    node("a", "input", {}, 0, 0),
    node("b", "transform", {}, 300, 0),
    node("c", "output", {}, 600, 0),
    node("far", "transform", {}, 4_000, 4_000),
  ],
  [edge("a", "c"), edge("a", "b")],
)

it("leads an edge around the node that lies in its way, and leaves the others as they are", () => {
  const routes = new Routes()
  run(routes, between)
  expect([...routes.all().keys()]).toEqual(["a-c"])
  const { from, to, d } = routes.all().get("a-c")!
  expect([from, to]).toEqual([
    { x: 204.5, y: 28 },
    { x: 595.5, y: 28 },
  ])
  expect(d).toMatch(/^M204.5 28 /)
})

it("makes anew only what a change concerns, and keeps the others the same objects", () => {
  const routes = new Routes()
  run(routes, between)
  const before = routes.all().get("a-c")
  const withFar = {
    ...between,
    nodes: between.nodes.map((one) => (one.id === "far" ? { ...one, position: { x: 5_000, y: 0 } } : one)),
  }
  expect(run(routes, withFar)).toBe(0)
  expect(routes.all().get("a-c")).toBe(before)
  const aside = {
    ...between,
    nodes: between.nodes.map((one) => (one.id === "b" ? { ...one, position: { x: 300, y: 400 } } : one)),
  }
  expect(run(routes, aside)).toBe(2)
  expect(routes.all().size).toBe(0)
})

it("finds again what was given up in the middle", () => {
  const routes = new Routes()
  routes.begin(between, nothingFolded)
  expect(run(routes, between)).toBe(2)
  expect(routes.all().size).toBe(1)
})

it("crosses the border of the frame that an end stands in, and passes around others; a folded one is as large as it is drawn", () => {
  const flow = draft(
    [
      node("a", "input", {}, 0, 100),
      frame("g", "group", 300, 0, 376, 300),
      inside("g", node("b", "transform", {}, 24, 80)),
      node("c", "output", {}, 900, 100),
    ],
    [edge("a", "b"), edge("a", "c")],
  )
  const routes = new Routes()
  run(routes, flow)
  expect([...routes.all().keys()]).toEqual(["a-c"])
  run(routes, flow, foldingOf(flow.nodes, new Set(["g"])))
  expect(routes.all().size).toBe(0)
})

it("passes over nothing, wherever nodes lie, and leads from where to where it should", () => {
  const box = fc
    .tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -20, max: 20 }))
    .map(([x, y]): Box => ({ x: x * 40, y: y * 40, width: 200, height: 56 }))
  const places = fc.tuple(fc.integer({ min: -800, max: 800 }), fc.integer({ min: -800, max: 800 }))
  fc.assert(
    fc.property(fc.array(box, { maxLength: 12 }), places, places, (boxes, [fx, fy], [tx, ty]) => {
      const [from, to] = [
        { x: fx, y: fy },
        { x: tx, y: ty },
      ]
      const clear = boxes.filter(
        (one) =>
          !isOver(
            { x: one.x - 40, y: one.y - 20, width: one.width + 80, height: one.height + 40 },
            from,
            from,
          ) &&
          !isOver({ x: one.x - 40, y: one.y - 20, width: one.width + 80, height: one.height + 40 }, to, to),
      )
      if (!isCrossed(from, to, clear)) return
      const line = detour(from, to, clear)
      // Room between boxes may be too narrow for any line.
      if (!line) return
      expect([line[0], line.at(-1)]).toEqual([from, to])
      for (const [i, at] of line.slice(1).entries()) {
        const before = line[i]!
        expect(at.x === before.x || at.y === before.y).toBe(true)
        for (const one of clear) expect(isOver(one, before, at)).toBe(false)
      }
    }),
    { numRuns: 200 },
  )
})

it("takes a thousand nodes in its stride", () => {
  const nodes = Array.from({ length: 1_000 }, (_, i) =>
    node(`n${i}`, "transform", {}, (i % 40) * 272, Math.floor(i / 40) * 88),
  )
  const edges = nodes.slice(2).map((one, i) => edge(`n${i}`, one.id))
  const routes = new Routes()
  expect(run(routes, draft(nodes, edges))).toBe(998)
  expect(routes.all().size).toBeGreaterThan(900)
  const moved = nodes.map((one) =>
    one.id === "n500" ? { ...one, position: { x: one.position.x + 8, y: one.position.y } } : one,
  )
  expect(run(routes, draft(moved, edges))).toBeLessThan(60)
})
