import { expect, it } from "vitest"
import { mostNodes } from "#core/flow/graph"
import { draft, edge, frame, inside, node } from "../test-flow.ts"
import { copyOf, cornerOf, fromText, toText, whyNotPaste } from "./clipboard.ts"
import { paste } from "./paste.ts"

const flow = draft(
  [
    node("input", "input", {}, 0, 0),
    node("draft", "llm", { prompt: "{{ input.text }}" }, 100, 50),
    node("check", "condition", { branches: [{ id: "long", when: "nodes.draft != nodes.input" }] }, 300, 80),
    frame("each", "map", 600, 40, 400, 200),
    inside("each", node("inner", "transform", { value: "nodes.draft" }, 24, 80)),
    inside("each", node("last", "transform", { value: "nodes.inner" }, 24, 160)),
  ],
  [edge("input", "draft"), edge("draft", "check"), edge("check", "each", "long"), edge("inner", "last")],
)
const chosen = new Set(["draft", "check", "each"])

it("copies the chosen nodes with what is inside them, and only the edges among them", () => {
  const fragment = copyOf(flow, chosen)
  expect(fragment.nodes.map((one) => one.id)).toEqual(["draft", "check", "each", "inner", "last"])
  expect(fragment.edges.map((one) => one.id)).toEqual(["draft-check", "check-each", "inner-last"])
})

it("pastes under names of its own, with edges, parents and inner references following", () => {
  const pasted = paste(flow, copyOf(flow, chosen), { x: 500, y: 500 })
  expect([...pasted.nodeIds]).toEqual(["draft_2", "check_2", "each_2"])
  const copies = pasted.draft.nodes.slice(flow.nodes.length)
  expect(copies.map((one) => one.position)).toEqual([
    { x: 500, y: 510 },
    { x: 700, y: 540 },
    { x: 1_000, y: 500 },
    { x: 24, y: 80 },
    { x: 24, y: 160 },
  ])
  // `draft` was copied too, `input` was not.
  expect(copies[1]!.data["branches"]).toEqual([{ id: "long", when: "nodes.draft_2 != nodes.input" }])
  expect(copies[3]).toMatchObject({ parent_id: "each_2", data: { value: "nodes.draft_2" } })
  expect(copies[4]).toMatchObject({ parent_id: "each_2", data: { value: "nodes.inner_2" } })
  expect(pasted.draft.edges.slice(flow.edges.length)).toEqual([
    { id: "draft_2-check_2", source: "draft_2", target: "check_2" },
    { id: "check_2-each_2", source: "check_2", target: "each_2", source_handle: "long" },
    { id: "inner_2-last_2", source: "inner_2", target: "last_2" },
  ])
})

it("leaves what was there untouched, and counts on when it is pasted again", () => {
  const once = paste(flow, copyOf(flow, chosen), { x: 0, y: 0 }).draft
  const twice = paste(once, copyOf(once, new Set(["draft_2"])), { x: 0, y: 0 })
  expect(once.nodes.slice(0, flow.nodes.length)).toEqual(flow.nodes)
  expect([...twice.nodeIds]).toEqual(["draft_3"])
  expect(new Set(twice.draft.nodes.map((one) => one.id)).size).toBe(twice.draft.nodes.length)
})

it("lets a copied child stand by itself, at its place on the canvas", () => {
  const fragment = copyOf(flow, new Set(["inner"]))
  expect(fragment.nodes[0]).not.toHaveProperty("parent_id")
  expect(cornerOf(fragment)).toEqual({ x: 624, y: 120 })
})

it("pastes into a frame, counted from its corner", () => {
  const pasted = paste(flow, copyOf(flow, new Set(["inner", "last"])), { x: 648, y: 140 }, "each")
  expect(pasted.draft.nodes.slice(-2)).toMatchObject([
    { id: "inner_2", parent_id: "each", position: { x: 48, y: 100 } },
    { id: "last_2", parent_id: "each", position: { x: 48, y: 180 } },
  ])
})

it("keeps the names when they are free in the other flow", () => {
  const pasted = paste(draft([]), copyOf(flow, chosen), { x: 0, y: 0 })
  expect(pasted.draft.nodes.map((one) => one.id)).toEqual(["draft", "check", "each", "inner", "last"])
})

it("survives the way through the clipboard, and tells other text from a fragment", () => {
  const fragment = copyOf(flow, chosen)
  expect(fromText(toText(fragment))).toEqual(fragment)
  for (const text of [
    "",
    "hello",
    "{",
    "{}",
    '{"format":"edgecrew.fragment","nodes":[],"edges":[]}',
    '{"nodes":[1]}',
  ]) {
    expect(fromText(text)).toBeNull()
  }
})

it("says why more cannot be pasted than a flow holds, in nodes and in bytes", () => {
  const many = Array.from({ length: 20_000 }, (_, i) => node(`n${i}`, "note"))
  const text = toText({ format: "edgecrew.fragment", nodes: many, edges: [] })
  const why = whyNotPaste(flow, fromText(text)!)
  expect(why).toContain(`at most ${mostNodes} nodes`)
  expect(why).toContain(String(20_000 + flow.nodes.length))
  const long = node("long", "llm", { prompt: "x".repeat(10_000_000) })
  expect(whyNotPaste(flow, { format: "edgecrew.fragment", nodes: [long], edges: [] })).toContain("bytes")
  expect(whyNotPaste(flow, copyOf(flow, chosen))).toBeNull()
})
