import { describe, expect, it } from "vitest"
import { readOperation, type Proposed } from "#core/builder/operation"
import type { FlowDraft } from "#core/contract/flows"
import { sizeOf } from "#web/flow/geometry.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { draft, edge, frame, inside, node } from "../test-flow.ts"
import { reviewOf } from "./review.ts"

const read = (...operations: object[]): Proposed[] => operations.map((one) => readOperation(one as never))
const flow = draft(
  [node("input", "input"), node("say", "llm", { prompt: "Hi" }, 272), node("output", "output", {}, 544)],
  [edge("input", "say"), edge("say", "output")],
)
const made = (from: FlowDraft, ...operations: object[]): FlowDraft => {
  const review = reviewOf(from, read(...operations), new Set(), new Set())
  expect(review.items.flatMap(({ faults }) => faults)).toEqual([])
  return review.after
}
const at = ({ nodes }: FlowDraft, id: string) => nodes.find((one) => one.id === id)!.position

/** Pairs of steps at one level that cover each other. */
function covered({ nodes }: FlowDraft): string[] {
  const nesting = nestingOf(nodes)
  const found: string[] = []
  for (const one of nodes)
    for (const other of nodes) {
      if (one.id >= other.id || nesting.isInside(one.id, other.id) || nesting.isInside(other.id, one.id))
        continue
      const [a, b] = [nesting.box(one.id), nesting.box(other.id)]
      if (a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height)
        found.push(`${one.id} ${other.id}`)
    }
  return found
}

describe("what a proposal adds finds its place", () => {
  it("between two others, with what follows moving on", () => {
    const after = made(
      flow,
      { op: "add_node", id: "one", kind: "transform", data: { value: "input" } },
      { op: "add_node", id: "two", kind: "wait", data: { seconds: 1 } },
      { op: "disconnect", from: "say", to: "output" },
      { op: "connect", from: "say", to: "one" },
      { op: "connect", from: "one", to: "two" },
      { op: "connect", from: "two", to: "output" },
    )
    const xs = ["say", "one", "two", "output"].map((id) => at(after, id))
    expect(xs.map(({ y }) => y)).toEqual([0, 0, 0, 0])
    for (const [i, place] of xs.entries())
      if (i > 0) expect(place.x - xs[i - 1]!.x).toBeGreaterThanOrEqual(200 + 64)
    expect(covered(after)).toEqual([])
    expect(at(after, "say")).toEqual(at(flow, "say"))
  })

  it("beside what a route leads to already", () => {
    const after = made(
      flow,
      { op: "add_node", id: "a", kind: "transform", data: { value: "input" } },
      { op: "add_node", id: "b", kind: "transform", data: { value: "input" } },
      { op: "connect", from: "say", to: "a" },
      { op: "connect", from: "say", to: "b" },
      { op: "connect", from: "a", to: "output" },
      { op: "connect", from: "b", to: "output" },
    )
    expect(covered(after)).toEqual([])
    expect(at(after, "a").x).toBe(at(after, "b").x)
  })

  it("in a frame that grows, around nodes that were there, and above the flow for a note", () => {
    const held = draft(
      [
        ...flow.nodes,
        frame("each", "map", 0, 200, 376, 184),
        inside("each", node("one", "transform", { value: "item" }, 24, 80)),
      ],
      flow.edges,
    )
    const grown = made(
      held,
      { op: "add_node", id: "two", kind: "llm", data: { prompt: "Say {{ item }}" }, inside: "each" },
      { op: "connect", from: "one", to: "two" },
      { op: "add_node", id: "memo", kind: "note", data: { text: "Hello" } },
    )
    const each = grown.nodes.find(({ id }) => id === "each")!
    const two = grown.nodes.find(({ id }) => id === "two")!
    expect(two.position.x + sizeOf(two).width).toBeLessThan(sizeOf(each).width)
    expect(covered(grown)).toEqual([])
    expect(at(grown, "memo").y).toBeLessThan(0)

    const grouped = made(
      flow,
      { op: "add_node", id: "work", kind: "group" },
      { op: "put_inside", node: "say", inside: "work" },
      { op: "put_inside", node: "output", inside: "work" },
    )
    expect(nestingOf(grouped.nodes).place("say")).toEqual(at(flow, "say"))
    expect(covered(grouped)).toEqual([])
    const out = made(grouped, { op: "put_inside", node: "output", inside: null })
    expect(covered(out)).toEqual([])
  })

  it("on an empty canvas", () => {
    const after = made(
      draft([]),
      { op: "add_node", id: "input", kind: "input" },
      { op: "add_node", id: "output", kind: "output" },
      { op: "connect", from: "input", to: "output" },
    )
    expect([at(after, "input"), at(after, "output")]).toEqual([
      { x: 0, y: 0 },
      { x: 272, y: 0 },
    ])
  })
})
