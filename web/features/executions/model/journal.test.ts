import { expect, it } from "vitest"
import type { ExecutionEvent } from "#core/execution/event"
import { initialState, newNode } from "#core/execution/state"
import { arrivedAt } from "./arrived.ts"
import { journalLines } from "./journal.ts"

const at = "2026-11-21T09:00:00.000Z"
const delta = (seq: number, node_id: string, text: string): ExecutionEvent => ({
  seq,
  at,
  type: "model.delta",
  node_id,
  data: { text },
})

const events: ExecutionEvent[] = [
  { seq: 1, at, type: "execution.started", data: {} },
  delta(2, "a", "Hel"),
  delta(3, "a", "lo"),
  delta(4, "b", "x"),
  delta(5, "a", "!"),
  { seq: 6, at, type: "node.log", node_id: "a", data: { level: "info", message: "Done" } },
]

it("lists a run of text pieces as one line", () => {
  const lines = journalLines(events, { node: null, every: false })
  expect(lines.map((line) => [line.seq, line.type, line.count])).toEqual([
    [1, "execution.started", 1],
    [2, "model.delta", 2],
    [4, "model.delta", 1],
    [5, "model.delta", 1],
    [6, "node.log", 1],
  ])
  expect(lines[1]).toMatchObject({ data: { text: "Hello" }, say: "5 characters" })
})

it("lists every entry when it is asked for, and one step's alone", () => {
  expect(journalLines(events, { node: null, every: true })).toHaveLength(6)
  expect(journalLines(events, { node: "a", every: false }).map((line) => line.seq)).toEqual([2, 6])
})

it("knows what came to a step by the edges that were taken", () => {
  const state = initialState()
  state.nodes["a"] = { ...newNode("a", ""), output: 1, handles: ["out"] }
  state.nodes["b"] = { ...newNode("b", ""), output: 2, handles: ["yes"] }
  const edges = [
    { id: "1", source: "a", target: "c" },
    { id: "2", source: "b", target: "c", source_handle: "no" },
  ]
  expect(arrivedAt("c", edges, state)).toBe(1)
  expect(
    arrivedAt("c", [...edges, { id: "3", source: "b", target: "c", source_handle: "yes" }], state),
  ).toEqual({ a: 1, b: 2 })
  expect(arrivedAt("d", edges, state)).toBeUndefined()
})
