import { expect, it } from "vitest"
import { openEditor } from "../test-editor.tsx"
import { draft, edge, node } from "../test-flow.ts"
import { presetOf } from "./tool-preset.ts"

const dragged = presetOf(JSON.stringify({ id: "builtin:math", name: "math" }))

it("reads which tool was dragged, and nothing from what is none", () => {
  expect(dragged).toEqual({ label: "math", data: { tool_id: "builtin:math" } })
  expect(["", "{", "null", '{"id": 7}'].map(presetOf)).toEqual([undefined, undefined, undefined, undefined])
})

it("adds a node that calls the tool, and puts one on an edge, each as one step to undo", () => {
  const editor = openEditor(draft([node("input", "input"), node("llm", "llm")], [edge("input", "llm")]))
  const id = editor.commands.add("tool", { at: { x: 900, y: 0 } }, dragged)
  expect(editor.draft().nodes.find((one) => one.id === id)).toMatchObject({
    label: "math",
    data: { tool_id: "builtin:math", inputs: {} },
  })
  editor.commands.undo()
  expect(editor.draft().nodes).toHaveLength(2)
  const between = editor.commands.insert("tool", "input-llm", dragged)
  expect(editor.draft().nodes.find((one) => one.id === between)).toMatchObject({ label: "math" })
  expect(editor.draft().edges.map(({ source, target }) => [source, target])).toEqual(
    expect.arrayContaining([
      ["input", between],
      [between, "llm"],
    ]),
  )
})
