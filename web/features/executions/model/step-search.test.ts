import { expect, it } from "vitest"
import { newNode } from "#core/execution/state"
import type { NodeStatus } from "#core/execution/status"
import { LiveExecution } from "#web/flow/live-execution.ts"
import { foundSteps, sayScope } from "./step-search.ts"

const live = new LiveExecution(
  "exec",
  { page: async () => ({ events: [], has_more: false }), async *stream() {}, isFinal: () => true },
  { soon: (tell) => tell(), pause: async () => undefined },
)
Object.assign(live.state.nodes, {
  input: { ...newNode("input", ""), status: "succeeded" },
  "each[0]/draft": { ...newNode("draft", "each[0]"), status: "succeeded", output: "Dear Ana, thank you" },
  "each[1]/draft": {
    ...newNode("draft", "each[1]"),
    status: "failed",
    error: { code: "model.overloaded", message: "The model is busy" },
  },
  "each[10]/draft": { ...newNode("draft", "each[10]"), status: "running" },
})
const titles: Record<string, string> = { draft: "Write a reply", input: "Input" }
const find = (words: string, statuses: NodeStatus[] = [], under = "") =>
  foundSteps(live, { words, statuses: new Set(statuses), under }, (id) => titles[id] ?? id)

it("finds steps by title, id, scope, status, error and words, all of which must be there", () => {
  expect(find("")).toHaveLength(4)
  expect(find("REPLY")).toEqual(["each[0]/draft", "each[1]/draft", "each[10]/draft"])
  expect(find("reply busy")).toEqual(["each[1]/draft"])
  expect(find("overloaded")).toEqual(["each[1]/draft"])
  expect(find("ana")).toEqual(["each[0]/draft"])
  expect(find("each[10]")).toEqual(["each[10]/draft"])
  expect(find("nobody")).toEqual([])
})

it("takes a number for the item that people count, not for a digit of its key", () => {
  expect(find("1")).toEqual(["each[0]/draft"])
  expect(find("reply 11")).toEqual(["each[10]/draft"])
})

it("keeps to some statuses, and to one iteration", () => {
  expect(find("", ["failed", "running"])).toEqual(["each[1]/draft", "each[10]/draft"])
  // The 2nd item is not the 11th.
  expect(find("", [], "each[1]")).toEqual(["each[1]/draft"])
})

it("says where a step stands", () => {
  const typeOf = (id: string) => ({ each: "map", again: "loop", call: "subflow" })[id]
  expect(sayScope("each[6]/again[1]/call", typeOf)).toBe("Item 7 › Iteration 2 › call")
  expect(sayScope("", typeOf)).toBe("")
})
