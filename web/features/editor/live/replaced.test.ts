import { expect, it } from "vitest"
import { apply } from "#core/canvas/apply"
import { canvasOf, draftOf, stateOfDraft } from "#core/canvas/canvas"
import type { Operation } from "#core/canvas/operation"
import { setField, setLabel } from "../model/document.ts"
import { draft, node } from "../test-flow.ts"
import { replaced } from "./replaced.ts"

it("takes a state back without what others have written over it since", () => {
  const was = draft([node("llm", "llm", { prompt: "a" })])
  const is = setLabel(setField(was, "llm", "prompt", "restored"), "llm", "Restored")
  const canvas = canvasOf(stateOfDraft(is))
  const edit = (operation: Operation) => apply(canvas, operation) !== undefined
  const step = replaced(was, is, { canvas: () => canvas, edit })
  edit({ type: "set", node: "llm", field: "data.prompt", value: "Ben's" })
  expect(step.undo()).toBe(true)
  const [llm] = draftOf(canvas).nodes
  expect([llm?.data["prompt"], llm?.label]).toEqual(["Ben's", undefined])
  expect(step.redo()).toBe(true)
  expect(draftOf(canvas).nodes[0]).toMatchObject({ label: "Restored", data: { prompt: "Ben's" } })
})
