import { expect, it } from "vitest"
import { bringIntoSight, openingView, reveal } from "./opening-view.ts"

const frame = { width: 1000, height: 600 }

it("shows a small flow in the middle at its own size", () => {
  expect(openingView({ x: 100, y: 50, width: 400, height: 100 }, frame)).toEqual({ x: 200, y: 200, zoom: 1 })
})

it("shrinks a flow until it fits", () => {
  const { zoom, x } = openingView({ x: 0, y: 0, width: 1170, height: 100 }, frame)
  expect(zoom).toBeCloseTo(0.8)
  expect(x).toBeCloseTo(32)
})

it("begins a flow that is too wide to be read at its left, and one too tall at its top", () => {
  expect(openingView({ x: 10, y: 0, width: 9_000, height: 100 }, frame)).toMatchObject({
    zoom: 0.55,
    x: 32 - 10 * 0.55,
  })
  expect(openingView({ x: 0, y: 20, width: 100, height: 9_000 }, frame)).toMatchObject({
    zoom: 0.55,
    y: 32 - 20 * 0.55,
  })
})

it("shows a long flow whole, small as it gets, rather than cut", () => {
  expect(openingView({ x: 0, y: 0, width: 2_800, height: 100 }, frame)).toMatchObject({ x: 32 })
  expect(openingView({ x: 0, y: 0, width: 2_800, height: 100 }, frame).zoom).toBeCloseTo(936 / 2_800)
})

it("moves to a node that is out of sight, and only then", () => {
  const view = { x: 48, y: 0, zoom: 0.5 }
  expect(bringIntoSight(view, { x: 100, y: 100, width: 200, height: 56 }, frame)).toBe(view)
  const moved = bringIntoSight(view, { x: 4_000, y: 100, width: 200, height: 56 }, frame)
  expect(moved).toEqual({ x: 500 - 4_100 * 0.5, y: 300 - 128 * 0.5, zoom: 0.5 })
})

it("moves the view just far enough to show a box, with room around it", () => {
  const view = { x: 0, y: 0, zoom: 1 }
  const area = { x: 0, y: 0, ...frame }
  expect(reveal(view, { x: 100, y: 100, width: 200, height: 56 }, area)).toEqual(view)
  expect(reveal(view, { x: 900, y: 100, width: 200, height: 56 }, area)).toEqual({ x: -132, y: 0, zoom: 1 })
  expect(reveal(view, { x: -50, y: 580, width: 200, height: 56 }, area)).toEqual({ x: 82, y: -68, zoom: 1 })
  // A panel covers the right half.
  const half = { ...area, width: 500 }
  expect(reveal(view, { x: 400, y: 100, width: 200, height: 56 }, half)).toEqual({ x: -132, y: 0, zoom: 1 })
})

it("makes the view smaller for a box that is larger than the area", () => {
  const area = { x: 0, y: 0, ...frame }
  const wide = reveal({ x: 0, y: 0, zoom: 1 }, { x: 500, y: 0, width: 1_872, height: 200 }, area)
  expect(wide.zoom).toBeCloseTo(0.5)
  expect(wide.x + 500 * wide.zoom).toBeCloseTo(32)
  expect(wide.y).toBeCloseTo(150)
})
