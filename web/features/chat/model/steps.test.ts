import { expect, it } from "vitest"
import type { ChatStep } from "#core/contract/chat"
import { currentStep, sayDoing, saySteps, stepTree, type StepNode } from "./steps.ts"

const step = (id: string, parent: string | null, change: Partial<ChatStep> = {}): ChatStep => ({
  id,
  parent,
  type: "tool",
  by: "writer",
  title: id,
  detail: null,
  result: null,
  status: "succeeded",
  approval_id: null,
  started_at: "2026-11-21T09:30:00.000Z",
  duration_ms: 1,
  cost_micros: 0,
  input_tokens: 0,
  output_tokens: 0,
  ...change,
})
const shape = (nodes: readonly StepNode[]): string =>
  nodes.map(({ step: { id }, inside }) => (inside.length > 0 ? `${id}(${shape(inside)})` : id)).join(" ")

it("nests steps as they happened inside each other, even when an outer one is told later", () => {
  expect(shape(stepTree([step("a", null), step("b", "d"), step("c", "a"), step("d", "a")]))).toBe("a(c d(b))")
})

it("shows each step once, whatever their parents claim", () => {
  const said = shape(stepTree([step("a", "b"), step("b", "a"), step("c", "c"), step("d", "gone")]))
  for (const id of ["a", "b", "c", "d"]) expect(said.split(id)).toHaveLength(2)
})

it("says what happened, and what is going on", () => {
  const steps = [
    step("m", null, { type: "model" }),
    step("d", null, { type: "delegation" }),
    step("t", "d"),
    step("u", "d", { status: "running" }),
  ]
  expect(saySteps(steps)).toBe("1 delegation, 2 tool calls")
  expect(saySteps([step("m", null, { type: "model" })])).toBe("1 step")
  expect(currentStep(steps)?.id).toBe("u")
  expect(sayDoing(steps[2]!)).toBe("calls t")
  expect(sayDoing(steps[1]!)).toBe("delegates to d")
  expect(currentStep(steps.slice(0, 3))).toBeUndefined()
})
