import { expect, it } from "vitest"
import { draft, edge, frame, inside, node } from "../test-flow.ts"
import { dataSources, type Seen } from "./data-sources.ts"
import { insertReference } from "./insert-reference.ts"

const flow = {
  ...draft(
    [
      node("input", "input"),
      node("facts", "llm", {
        prompt: "x",
        output_schema: { type: "object", properties: { total: { type: "number" } } },
      }),
      node("my-node", "transform", { value: "1" }),
      node("here", "llm", { prompt: "" }),
      node("later", "output"),
    ],
    [edge("input", "facts"), edge("facts", "here"), edge("here", "later"), edge("my-node", "here")],
  ),
  input_schema: { type: "object", properties: { text: { type: "string" } } },
}

const nothing: Seen = () => undefined
const pathsIn = (graph: Parameters<typeof dataSources>[0], id: string | null, seen = nothing) =>
  dataSources(graph, id, seen).flatMap((source) => source.references.map((one) => one.path))
const paths = (id: string, seen = nothing) =>
  pathsIn(flow, id, seen).filter((path) => !path.startsWith("execution."))

it("offers the inputs and what comes before, by schema", () => {
  expect(paths("here")).toEqual([
    "input",
    "input.text",
    "nodes.facts",
    "nodes.facts.total",
    "nodes.`my-node`",
  ])
})

it("offers neither the node itself nor what comes later", () => {
  expect(paths("facts")).toEqual(["input", "input.text"])
})

it("offers the fields that the last execution showed", () => {
  expect(paths("here", (id) => (id === "my-node" ? { output: { a: 1 } } : undefined))).toContain(
    "nodes.`my-node`.a",
  )
})

const nested = draft(
  [
    node("input", "input"),
    node("before", "http", { url: "x" }),
    frame("each", "map", 0, 0, 900, 600),
    inside("each", node("first", "llm", { prompt: "" })),
    inside("each", frame("again", "loop", 0, 0, 400, 300)),
    inside("again", node("deep", "llm", { prompt: "" })),
    inside("each", node("ask", "approval", { title: "?" })),
    node("call", "wait", { callback: true }),
    node("after", "output"),
  ],
  [edge("input", "before"), edge("before", "each"), edge("first", "again"), edge("each", "after")],
)

it("offers the item and state of what is around, and what comes before that", () => {
  const deep = pathsIn(nested, "deep")
  expect(deep.slice(0, 4)).toEqual(["state", "index", "item", "input"])
  expect(deep).toEqual(expect.arrayContaining(["nodes.first", "nodes.before", "nodes.before.status"]))
  expect(deep).not.toContain("nodes.each")
  expect(deep).not.toContain("nodes.deep")
  // Outside of the map neither its items nor its nodes are known.
  const after = pathsIn(nested, "after")
  expect(after).not.toContain("item")
  expect(after).not.toContain("nodes.first")
  expect(after).toContain("nodes.each")
})

it("lets a loop's own conditions see its state, and shows the fields of an item that was seen", () => {
  expect(pathsIn(nested, "again").slice(0, 2)).toEqual(["state", "index"])
  const seen: Seen = (id) => (id === "each" ? { input: { items: [{ name: "Ana" }] } } : undefined)
  expect(pathsIn(nested, "first", seen)).toContain("item.name")
})

it("offers the addresses of waits and approvals of the same iteration", () => {
  expect(pathsIn(nested, "first")).toContain("execution.approvals.ask")
  expect(pathsIn(nested, "first")).not.toContain("execution.callbacks.call")
  expect(pathsIn(nested, "after")).toContain("execution.callbacks.call")
  expect(pathsIn(nested, null)).toEqual(["input"])
})

it("puts a reference in braces in plain text, and bare inside of an expression", () => {
  const caret = (at: number) => ({ from: at, to: at })
  expect(insertReference("Hi !", false, caret(3), "input.name")).toEqual({
    text: "Hi {{ input.name }}!",
    caret: 19,
  })
  expect(insertReference("{{ 1 + }}", false, caret(7), "input.n").text).toBe("{{ 1 + input.n}}")
  expect(insertReference("1 + ", true, caret(4), "input.n").text).toBe("1 + input.n")
  expect(insertReference("{{ a }}x", false, caret(7), "b").text).toBe("{{ a }}{{ b }}x")
  expect(insertReference("old", false, { from: 0, to: 3 }, "b").text).toBe("{{ b }}")
})
