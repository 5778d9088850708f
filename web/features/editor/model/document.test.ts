import { expect, it } from "vitest"
import { kinds } from "#core/flow/kinds"
import { draft, edge, node } from "../test-flow.ts"
import {
  addNode,
  connect,
  moveNodes,
  removeElements,
  setField,
  setLabel,
  setRoutes,
  whyNotConnect,
} from "./document.ts"
import { freeSpot, spotAfter } from "./placement.ts"

const flow = draft(
  [
    node("input", "input"),
    node("check", "condition", {
      branches: [
        { id: "yes", when: "true" },
        { id: "no", when: "false" },
      ],
    }),
    node("a", "llm", { prompt: "x" }),
    node("b", "llm", { prompt: "y" }),
  ],
  [edge("input", "check"), edge("check", "a", "yes"), edge("check", "b", "no")],
)

it("gives each new node a name of its own and fields that say what is missing", () => {
  let next = flow
  for (const type of Object.keys(kinds)) next = addNode(next, type, { x: 8, y: 8 }).draft
  expect(new Set(next.nodes.map((one) => one.id)).size).toBe(next.nodes.length)
  const added = next.nodes.find((one) => one.id === "llm")
  expect(added?.data).toMatchObject({ prompt: "" })
  expect(next.nodes.find((one) => one.id === "merge")?.data).toMatchObject({ mode: "all" })
})

it("removes the edges of a removed node with it, and no other", () => {
  const next = removeElements(flow, new Set(["a"]), new Set())
  expect(next.edges.map((one) => one.id)).toEqual(["input-check", "check-b"])
  expect(removeElements(flow, new Set(["gone"]), new Set())).toBe(flow)
})

it("moves only what moved", () => {
  const next = moveNodes(flow, new Map([["a", { x: 5, y: 6 }]]))
  expect(next.nodes[2]!.position).toEqual({ x: 5, y: 6 })
  expect(next.nodes[3]).toBe(flow.nodes[3])
  expect(moveNodes(flow, new Map([["a", { x: 0, y: 0 }]]))).toBe(flow)
})

it("connects once, never to itself and never into an input", () => {
  expect(whyNotConnect(flow, { source: "a", target: "a" })).toMatch(/itself/)
  expect(whyNotConnect(flow, { source: "a", target: "input" })).toMatch(/input/)
  expect(whyNotConnect(flow, { source: "check", target: "a", source_handle: "yes" })).toMatch(/already/)
  expect(whyNotConnect(flow, { source: "check", target: "a", source_handle: "else" })).toBeNull()
  const next = connect(flow, { source: "a", target: "b", source_handle: "out" })
  expect(next.edges.at(-1)).toEqual({ id: "a-b", source: "a", target: "b" })
  expect(connect(next, { source: "a", target: "b" })).toBe(next)
})

it("makes errors take the route that is drawn for them", () => {
  const next = connect(flow, { source: "a", target: "b", source_handle: "error" })
  expect(next.nodes.find((one) => one.id === "a")?.data["on_error"]).toBe("route")
})

it("sets and takes away fields by their path", () => {
  const set = setField(flow, "a", "retry.max_attempts", 5)
  expect(set.nodes[2]!.data).toEqual({ prompt: "x", retry: { max_attempts: 5 } })
  expect(setField(set, "a", "retry", undefined).nodes[2]!.data).toEqual({ prompt: "x" })
  expect(setField(flow, "a", "prompt", "x")).toBe(flow)
  expect(setField(flow, "check", "branches.1.when", "1 = 1").nodes[1]!.data["branches"]).toEqual([
    { id: "yes", when: "true" },
    { id: "no", when: "1 = 1" },
  ])
})

it("writes a field called like a part of every object as a field of its own", () => {
  const data = setField(flow, "a", "constructor.x", 1).nodes[2]!.data
  expect(Object.hasOwn(data, "constructor")).toBe(true)
  expect(data["constructor"]).toEqual({ x: 1 })
})

it("keeps a renamed branch's edges and drops those of a removed one", () => {
  const renamed = setRoutes(
    flow,
    "check",
    "branches",
    [
      { id: "sure", when: "true" },
      { id: "no", when: "false" },
    ],
    new Map([["yes", "sure"]]),
  )
  expect(renamed.edges.map((one) => one.source_handle)).toEqual([undefined, "sure", "no"])
  const removed = setRoutes(flow, "check", "branches", [{ id: "yes", when: "true" }])
  expect(removed.edges.map((one) => one.id)).toEqual(["input-check", "check-a"])
})

it("takes an emptied label away", () => {
  const labelled = setLabel(flow, "a", "Draft")
  expect(labelled.nodes[2]!.label).toBe("Draft")
  expect(setLabel(labelled, "a", "").nodes[2]).not.toHaveProperty("label")
})

it("finds a place that covers no other node", () => {
  const crowded = draft([node("a", "llm", {}, 0, 0), node("b", "llm", {}, 0, 88)])
  expect(freeSpot(crowded, { x: 3, y: 2 })).toEqual({ x: 0, y: 176 })
  expect(freeSpot(crowded, { x: 400, y: 2 })).toEqual({ x: 400, y: 0 })
  expect(spotAfter(crowded, "a")).toEqual({ x: 272, y: 0 })
  expect(spotAfter(crowded, "gone")).toBeNull()
})
