import { expect, it } from "vitest"
import { draft, edge, node } from "../test-flow.ts"
import { copyOf, fromText, paste, toText } from "./clipboard.ts"

const flow = draft(
  [
    node("input", "input", {}, 0, 0),
    node("draft", "llm", { prompt: "{{ input.text }}" }, 100, 50),
    node("check", "condition", { branches: [{ id: "long", when: "nodes.draft != nodes.input" }] }, 300, 80),
    { ...node("inner", "transform", { value: "nodes.draft" }, 320, 90), parent_id: "check" },
  ],
  [edge("input", "draft"), edge("draft", "check"), edge("check", "inner", "long")],
)
const chosen = new Set(["draft", "check", "inner"])

it("copies the chosen nodes and only the edges among them", () => {
  const fragment = copyOf(flow, chosen)
  expect(fragment.nodes.map((one) => one.id)).toEqual(["draft", "check", "inner"])
  expect(fragment.edges.map((one) => one.id)).toEqual(["draft-check", "check-inner"])
})

it("pastes under names of its own, with edges, parents and inner references following", () => {
  const pasted = paste(flow, copyOf(flow, chosen), { x: 500, y: 500 })
  expect([...pasted.nodeIds]).toEqual(["draft_2", "check_2", "inner_2"])
  const copies = pasted.draft.nodes.slice(flow.nodes.length)
  expect(copies.map((one) => one.position)).toEqual([
    { x: 500, y: 500 },
    { x: 700, y: 530 },
    { x: 720, y: 540 },
  ])
  // `draft` was copied too, `input` was not.
  expect(copies[1]!.data["branches"]).toEqual([{ id: "long", when: "nodes.draft_2 != nodes.input" }])
  expect(copies[2]).toMatchObject({ parent_id: "check_2", data: { value: "nodes.draft_2" } })
  expect(pasted.draft.edges.slice(flow.edges.length)).toEqual([
    { id: "draft_2-check_2", source: "draft_2", target: "check_2" },
    { id: "check_2-inner_2", source: "check_2", target: "inner_2", source_handle: "long" },
  ])
})

it("leaves what was there untouched, and counts on when it is pasted again", () => {
  const once = paste(flow, copyOf(flow, chosen), { x: 0, y: 0 }).draft
  const twice = paste(once, copyOf(once, new Set(["draft_2"])), { x: 0, y: 0 })
  expect(once.nodes.slice(0, flow.nodes.length)).toEqual(flow.nodes)
  expect([...twice.nodeIds]).toEqual(["draft_3"])
  expect(new Set(twice.draft.nodes.map((one) => one.id)).size).toBe(twice.draft.nodes.length)
})

it("lets a copied child stand by itself when its parent stays behind", () => {
  const pasted = paste(flow, copyOf(flow, new Set(["inner"])), { x: 0, y: 0 })
  expect(pasted.draft.nodes.at(-1)).not.toHaveProperty("parent_id")
})

it("keeps the names when they are free in the other flow", () => {
  const pasted = paste(draft([]), copyOf(flow, chosen), { x: 0, y: 0 })
  expect([...pasted.nodeIds]).toEqual(["draft", "check", "inner"])
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
