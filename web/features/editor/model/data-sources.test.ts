import { expect, it } from "vitest"
import { draft, edge, node } from "../test-flow.ts"
import { dataSources } from "./data-sources.ts"
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

const paths = (id: string, seen: (id: string) => undefined | { a: number } = () => undefined) =>
  dataSources(flow, id, seen).flatMap((source) => source.references.map((one) => one.path))

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
  expect(paths("here", (id) => (id === "my-node" ? { a: 1 } : undefined))).toContain("nodes.`my-node`.a")
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
