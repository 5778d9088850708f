import { expect, it } from "vitest"
import { nodeMarkAtom, selectionAtom, shownNodeIdAtom } from "./atoms.ts"
import { openEditor } from "./test-editor.tsx"
import { draft, edge, node } from "./test-flow.ts"

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
  expect(editor.draft()).toEqual(flow)
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
