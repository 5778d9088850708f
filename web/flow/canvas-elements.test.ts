import { expect, it } from "vitest"
import { canvasNode, reconcileEdges, reconcileNodes } from "./canvas-elements.ts"
import { placedHandles, sizeOf } from "./geometry.ts"

const node = (id: string, x = 0, type = "llm", data = {}) => ({ id, type, position: { x, y: 0 }, data })
const nobody = new Set<string>()

it("keeps what React Flow holds of nodes that did not change, though their data did", () => {
  const before = [node("a"), node("b", 300)]
  const held = reconcileNodes([], before, nobody)
  const after = [{ ...before[0]!, data: { prompt: "x" } }, node("b", 400)]
  const next = reconcileNodes(held, after, nobody)
  expect(next[0]).toBe(held[0])
  expect(next[1]).not.toBe(held[1])
  expect(next[1]!.position.x).toBe(400)
})

it("brings selection, labels and handles over", () => {
  const held = reconcileNodes([], [node("a", 0, "condition", { branches: [{ id: "x" }] })], nobody)
  expect(
    reconcileNodes(held, [node("a", 0, "condition", { branches: [{ id: "x" }] })], new Set(["a"]))[0]!
      .selected,
  ).toBe(true)
  const grown = reconcileNodes(
    held,
    [node("a", 0, "condition", { branches: [{ id: "x" }, { id: "y" }] })],
    nobody,
  )[0]!
  expect(grown.handles?.map((handle) => handle.id)).toEqual([undefined, "x", "y", "else"])
  expect(
    reconcileNodes(
      held,
      [{ ...node("a", 0, "condition", { branches: [{ id: "x" }] }), label: "Which?" }],
      nobody,
    )[0]!.ariaLabel,
  ).toMatch(/Which/)
})

it("leaves a node in the hand where the hand is", () => {
  const dragged = { ...canvasNode(node("a")), dragging: true, position: { x: 77, y: 0 } }
  expect(reconcileNodes([dragged], [node("a", 500)], nobody)[0]).toBe(dragged)
})

it("forgets what the flow no longer has", () => {
  const held = reconcileNodes([], [node("a"), node("b")], nobody)
  expect(reconcileNodes(held, [node("b")], nobody).map((one) => one.id)).toEqual(["b"])
  const edges = [{ id: "e", source: "a", target: "b", source_handle: "error" }]
  expect(reconcileEdges([], edges, new Set(["e"]))[0]).toMatchObject({
    sourceHandle: "error",
    selected: true,
  })
  expect(reconcileEdges(reconcileEdges([], edges, nobody), [], nobody)).toEqual([])
})

it("grows a node with its routes, and keeps every handle on its edge", () => {
  for (const count of [1, 2, 3, 8, 50]) {
    const branches = Array.from({ length: count }, (_, i) => ({ id: `b${i}`, when: "1" }))
    const condition = { type: "condition", data: { branches } }
    const places = placedHandles(condition).map((handle) => handle.y)
    expect(Math.min(...places)).toBeGreaterThanOrEqual(8)
    expect(Math.max(...places)).toBeLessThanOrEqual(sizeOf(condition).height - 8)
    expect(new Set(places).size).toBe(count + 1)
  }
})
