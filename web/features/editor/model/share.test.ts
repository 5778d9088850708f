import { expect, it } from "vitest"
import { draft, edge, node } from "../test-flow.ts"
import { isSameDraft, share } from "./share.ts"

const flow = draft(
  [node("input", "input"), node("llm", "llm", { prompt: "a", deep: { list: [1] } }, 272, 0)],
  [edge("input", "llm")],
)

it("keeps whatever means the same, and the draft itself when all does", () => {
  expect(share(flow, structuredClone(flow))).toBe(flow)
  const moved = structuredClone(flow)
  moved.nodes[1]!.position = { x: 300, y: 0 }
  const next = share(flow, moved)
  expect(next).toEqual(moved)
  expect(next.nodes[0]).toBe(flow.nodes[0])
  expect(next.nodes[1]).not.toBe(flow.nodes[1])
  expect(next.nodes[1]!.data).toBe(flow.nodes[1]!.data)
  expect([next.edges, next.settings]).toEqual([flow.edges, flow.settings])
  expect(next.edges).toBe(flow.edges)
})

it("follows the order, and takes what goes and comes", () => {
  const turned = { ...flow, nodes: flow.nodes.toReversed() }
  expect(share(flow, structuredClone(turned)).nodes.map(({ id }) => id)).toEqual(["llm", "input"])
  const less = { ...flow, nodes: [flow.nodes[1]!], edges: [] }
  expect(share(flow, less)).toEqual(less)
})

it("tells drafts that mean the same from those that do not, in whatever order", () => {
  expect(
    isSameDraft(flow, { ...structuredClone(flow), nodes: structuredClone(flow.nodes).toReversed() }),
  ).toBe(true)
  expect(isSameDraft(flow, { ...flow, name: "Other" })).toBe(false)
  expect(isSameDraft(flow, { ...flow, edges: [] })).toBe(false)
  const { description: _, ...rest } = flow
  expect(isSameDraft(flow, { ...rest, description: "", input_schema: {} })).toBe(false)
})
