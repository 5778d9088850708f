import { expect, it } from "vitest"
import { nodeMarkAtom, selectionAtom, shownNodeIdAtom } from "./atoms.ts"
import { openEditor } from "./test-editor.tsx"
import { isSameDraft } from "./model/share.ts"
import { draft, edge, frame, inside, node } from "./test-flow.ts"

const flow = draft(
  [
    node("input", "input"),
    node("llm", "llm", { prompt: "{{ input.text }}" }, 272, 0),
    node("output", "output", {}, 544, 0),
  ],
  [edge("input", "llm"), edge("llm", "output")],
)
const ids = ({ draft: now }: { draft: () => typeof flow }) => now().nodes.map((one) => one.id)

it("begins an empty flow in one step, and takes it back in one", () => {
  const editor = openEditor(draft([]))
  editor.commands.begin()
  expect(ids(editor)).toEqual(["input", "llm", "output"])
  expect(editor.draft().edges.map((one) => [one.source, one.target])).toEqual([
    ["input", "llm"],
    ["llm", "output"],
  ])
  editor.commands.undo()
  expect(ids(editor)).toEqual([])
})

it("adds a node after the selected one, joined to it, and shows it", () => {
  const editor = openEditor(flow)
  editor.commands.select(["llm"])
  const id = editor.commands.add("transform", { middle: { x: 0, y: 0 } })
  expect(editor.draft().edges.at(-1)).toMatchObject({ source: "llm", target: id })
  expect(editor.store.get(shownNodeIdAtom)).toBe(id)
  editor.commands.undo()
  expect(editor.draft()).toEqual(flow)
})

it("adds a node where it is dropped, joined to nothing", () => {
  const editor = openEditor(flow)
  editor.commands.select(["llm"])
  editor.commands.add("merge", { at: { x: 801, y: 399 } })
  expect(editor.draft().nodes.at(-1)?.position).toEqual({ x: 800, y: 400 })
  expect(editor.draft().edges).toEqual(flow.edges)
})

it("deletes what is selected with its edges, and brings it all back by undo", () => {
  const editor = openEditor(flow)
  editor.commands.select(["llm"])
  editor.commands.removeSelected()
  expect(ids(editor)).toEqual(["input", "output"])
  expect(editor.draft().edges).toEqual([])
  editor.commands.undo()
  expect(isSameDraft(editor.draft(), flow)).toBe(true)
  editor.commands.redo()
  expect(ids(editor)).toEqual(["input", "output"])
})

it("takes arrow presses that follow each other back at once", () => {
  const editor = openEditor(flow)
  editor.commands.select(["llm"])
  for (let i = 0; i < 3; i++) editor.commands.nudge({ x: 8, y: 0 })
  expect(editor.draft().nodes[1]?.position).toEqual({ x: 296, y: 0 })
  editor.commands.undo()
  expect(editor.draft().nodes[1]?.position).toEqual({ x: 272, y: 0 })
})

it("forgets the selection of what an undo takes away", () => {
  const editor = openEditor(flow)
  editor.commands.select(["llm"])
  editor.commands.duplicate()
  expect([...editor.store.get(selectionAtom).nodes]).toEqual(["llm_2"])
  editor.commands.undo()
  expect(editor.store.get(selectionAtom).nodes.size).toBe(0)
})

it("puts each further copy beside the last, never on top of it", () => {
  const editor = openEditor(flow)
  editor.commands.select(["llm"])
  const text = editor.commands.copied()!
  for (let i = 0; i < 3; i++) editor.commands.paste(text, null)
  const places = editor.draft().nodes.map(({ position }) => `${position.x} ${position.y}`)
  expect(new Set(places).size).toBe(places.length)
  expect(editor.commands.paste("some words", null)).toBe(false)
})

it("keeps a renamed node open", () => {
  const editor = openEditor(flow)
  editor.commands.select(["llm"])
  editor.commands.rename("llm", "draft")
  expect(editor.store.get(shownNodeIdAtom)).toBe("draft")
})

it("takes a schema away instead of leaving it undefined", () => {
  const editor = openEditor({ ...flow, input_schema: { type: "object" } })
  editor.commands.setFlow({ input_schema: undefined })
  expect(editor.draft()).not.toHaveProperty("input_schema")
})

it("tells a node again of its mark only when what it says has changed", () => {
  const editor = openEditor(flow)
  const told: unknown[] = []
  editor.store.sub(nodeMarkAtom("llm"), () => told.push(editor.store.get(nodeMarkAtom("llm"))))
  editor.commands.move(new Map([["input", { x: -8, y: 0 }]]))
  editor.commands.setLabel("llm", "Draft")
  expect(told).toEqual([])
  editor.commands.setField("llm", "prompt", "")
  expect(told).toMatchObject([{ severity: "error" }])
})

const mapped = draft(
  [
    node("input", "input", {}, 0, 0),
    frame("each", "map", 300, 0, 568, 300),
    inside("each", node("one", "llm", { prompt: "x" }, 24, 80)),
    node("lone", "llm", { prompt: "y" }, 300, 500),
  ],
  [edge("input", "each"), edge("input", "lone")],
)
const nodeOf = (editor: ReturnType<typeof openEditor>, id: string) =>
  editor.draft().nodes.find((one) => one.id === id)

it("adds into the selected frame, then after what it added, inside", () => {
  const editor = openEditor(draft([frame("each", "map", 300, 0, 300, 200)]))
  editor.commands.select(["each"])
  const first = editor.commands.add("llm", { middle: { x: 0, y: 0 } })
  expect(nodeOf(editor, first)).toMatchObject({ parent_id: "each", position: { x: 24, y: 80 } })
  expect(editor.draft().edges).toEqual([])
  const second = editor.commands.add("transform", { middle: { x: 0, y: 0 } })
  expect(nodeOf(editor, second)?.parent_id).toBe("each")
  expect(editor.draft().edges).toMatchObject([{ source: first, target: second }])
  expect(nodeOf(editor, "each")?.size?.width).toBeGreaterThan(296 + 200)
})

it("puts a dropped node into the frame under the pointer, and takes it back in one step", () => {
  const editor = openEditor(mapped)
  const id = editor.commands.add("loop", { at: { x: 600, y: 120 } })
  expect(nodeOf(editor, id)).toMatchObject({ parent_id: "each" })
  const deep = editor.commands.add("llm", { at: { x: 640, y: 220 } })
  expect(nodeOf(editor, deep)).toMatchObject({ parent_id: id })
  editor.commands.undo()
  editor.commands.undo()
  expect(editor.draft()).toEqual(mapped)
})

it("takes a dragged node into a frame and out of it, as one step each", () => {
  const editor = openEditor(mapped)
  const into = editor.commands.putDown(new Map([["lone", { x: 600, y: 100 }]]), "lone", { x: 650, y: 120 })
  // The edge from the input would cross the border.
  expect(into).toBe(1)
  expect(nodeOf(editor, "lone")).toMatchObject({ parent_id: "each", position: { x: 300, y: 100 } })
  const out = editor.commands.putDown(new Map([["lone", { x: 300, y: 500 }]]), "lone", { x: 650, y: 520 })
  expect(out).toBe(0)
  expect(nodeOf(editor, "lone")).toMatchObject({ position: { x: 600, y: 500 } })
  expect(nodeOf(editor, "lone")).not.toHaveProperty("parent_id")
  editor.commands.undo()
  editor.commands.undo()
  expect(editor.draft()).toEqual(mapped)
})

it("leaves other selected nodes in their frames while the grabbed one stays in its own", () => {
  const editor = openEditor(mapped)
  const to = new Map([
    ["one", { x: 48, y: 96 }],
    ["lone", { x: 324, y: 516 }],
  ])
  editor.commands.putDown(to, "one", { x: 400, y: 120 })
  expect(nodeOf(editor, "lone")).not.toHaveProperty("parent_id")
})

it("duplicates a frame with what is inside, beside it", () => {
  const editor = openEditor(mapped)
  editor.commands.select(["each"])
  editor.commands.duplicate()
  expect(nodeOf(editor, "one_2")).toMatchObject({ parent_id: "each_2", position: { x: 24, y: 80 } })
  expect([...editor.store.get(selectionAtom).nodes]).toEqual(["each_2"])
})

it("joins what is drawn into the open inside a map to its source, in the same map", () => {
  const editor = openEditor(mapped)
  const id = editor.commands.addFrom("output", { source: "one" }, { x: 1_400, y: 80 })
  expect(nodeOf(editor, id)?.parent_id).toBe("each")
  expect(editor.draft().edges.at(-1)).toMatchObject({ source: "one", target: id })
})
