import { expect, it } from "vitest"
import type { Json } from "#core/json"
import { toldOf } from "./told.ts"

type Given = Parameters<typeof toldOf>

const call = (more: Partial<Given[0]>) =>
  ({ flow_id: "flow_1", node_id: "call", scope: "", ...more }) as Given[0]
const step = (node_id: string, scope: string, input: Json, output: Json, is_cut = false) =>
  ({ node_id, scope, input, output, error: null, is_cut }) as unknown as Given[1]["nodes"][number]
const called = (...nodes: Given[1]["nodes"]) =>
  ({
    execution: { inputs: { whole: true }, outputs: "all", error: null },
    nodes,
  }) as unknown as Given[1]

it("a call by hand is its execution as a whole", () => {
  expect(toldOf(call({ flow_id: "tool_1" }), called())).toMatchObject({
    input: { whole: true },
    output: "all",
    isCut: false,
  })
})

it("a call in an agent's turn, or by a node, is its step, with the arguments alone", () => {
  const inner = "agent[0]/calls[1]"
  expect(toldOf(call({ scope: inner }), called(step("call", inner, { n: 1 }, 2)))).toMatchObject({
    input: { n: 1 },
    output: 2,
  })
  const node = step("half", "", { tool_id: "tool_1", inputs: { n: 4 } }, { half: 2 })
  expect(toldOf(call({ node_id: "half" }), called(node))).toMatchObject({ input: { n: 4 } })
})

it("a tool that is a flow is the step which opened it", () => {
  const opened = step("call", "agent[0]/calls[0]", { name: "Ana" }, "Hello Ana")
  const told = toldOf(call({ node_id: "call", scope: "agent[0]/calls[0]/call" }), called(opened))
  expect(told).toMatchObject({ input: { name: "Ana" }, output: "Hello Ana" })
})

it("what is too much, or not there any more, is left to the execution", () => {
  expect(toldOf(call({}), called())).toMatchObject({ input: undefined, isCut: true })
  expect(toldOf(call({}), called(step("call", "", null, null, true))).isCut).toBe(true)
})
