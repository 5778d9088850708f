import { describe, expect, it } from "vitest"
import { app, end, executed, field, imported, start, told, when, type Part } from "#test/kit/dify"
import type { JsonObject } from "#core/json"

/** What is repeated, and what is kept from one step to another. */
describe("a loop of Dify", () => {
  const counting = (more: JsonObject, inside: Part[], edges: [string, string, string?][]) =>
    app(
      [
        start(field("from", "number")),
        {
          id: "loop",
          type: "loop",
          loop_count: 20,
          loop_variables: [
            { label: "num", var_type: "number", value_type: "variable", value: ["start", "from"] },
            { label: "seen", var_type: "array[number]", value_type: "constant", value: "[7]" },
          ],
          ...more,
        },
        { id: "loopstart", parent: "loop", type: "loop-start" },
        ...inside.map((one) => ({ ...one, parent: "loop" })),
        end("end", ["num", "loop", "num"], ["seen", "loop", "seen"]),
      ],
      [["start", "loop"], ["loop", "end"], ["loopstart", inside[0]!.id], ...edges],
    )
  const add: Part = {
    id: "add",
    type: "assigner",
    version: "2",
    items: [
      { variable_selector: ["loop", "num"], input_type: "constant", operation: "+=", value: 2 },
      {
        variable_selector: ["loop", "seen"],
        input_type: "variable",
        operation: "append",
        value: ["loop", "num"],
      },
    ],
  }
  const over = (selector: string[], operator: string, value: string) => ({
    logical_operator: "and",
    break_conditions: [
      { variable_selector: selector, comparison_operator: operator, value, varType: "number" },
    ],
  })

  it("keeps what its assigners write, and ends by its variables", async () => {
    const made = counting(over(["loop", "num"], "≥", "6"), [add], [])
    expect(imported(made).report).toMatchObject({ changed: [], opaque: [] })
    expect(await executed(made, { from: 1 })).toEqual({ num: 7, seen: [7, 1, 3, 5] })
  })

  it("is not begun when it is over already", async () => {
    const made = counting(over(["loop", "num"], "≥", "6"), [add], [])
    expect(await executed(made, { from: 9 })).toEqual({ num: 9, seen: [7] })
  })

  it("lets a step read what another wrote in the same round, and ends by what a step comes to", async () => {
    const double: Part = {
      id: "double",
      type: "code",
      code_language: "javascript",
      code: "function main({ n }) { return { twice: n * 2 } }",
      variables: [{ variable: "n", value_selector: ["loop", "num"] }],
    }
    const made = counting(over(["double", "twice"], ">", "9"), [add, double], [["add", "double"]])
    expect(await executed(made, { from: 1 })).toEqual({ num: 5, seen: [7, 1, 3] })
  })

  it("ends where its end is reached", async () => {
    const enough = when("enough", [["loop", "num"], ">", "4", "number"])
    const leave: Part = { id: "leave", type: "loop-end" }
    const made = counting(
      {},
      [add, enough, leave],
      [
        ["add", "enough"],
        ["enough", "leave", "true"],
      ],
    )
    expect(await executed(made, { from: 1 })).toMatchObject({ num: 5 })
    expect(told(imported(made), "leave")).toMatchObject({ fidelity: "exact", becomes: "transform" })
  })
})

describe("a variable of the conversation", () => {
  const conversation_variables = [{ name: "notes", value_type: "array[string]", value: ["old"] }]
  const write: Part = {
    id: "write",
    type: "assigner",
    assigned_variable_selector: ["conversation", "notes"],
    write_mode: "append",
    input_variable_selector: ["sys", "query"],
  }
  it("is read with what was written before in the same execution, and says that it begins anew", async () => {
    const made = app(
      [start(), write, { id: "say", type: "answer", answer: "{{#conversation.notes#}}" }],
      [
        ["start", "write"],
        ["write", "say"],
      ],
      { conversation_variables },
      "advanced-chat",
    )
    expect(await executed(made, { query: "new" })).toEqual(["old", "new"])
    expect(told(imported(made), "say")?.notes.join()).toContain("begins with its first value")
    expect(imported(made).report.notes.join()).toContain("not by the next question")
  })

  it("that is written inside of a frame stays with its original: nobody outside would see it", () => {
    const made = imported(
      app(
        [
          start(field("list", "json")),
          { id: "each", type: "iteration", iterator_selector: ["start", "list"], start_node_id: "write" },
          { ...write, parent: "each" },
        ],
        [["start", "each"]],
        { conversation_variables },
      ),
    )
    expect(made.report.opaque).toEqual(["write"])
  })
})

describe("an iteration", () => {
  const each = (type: string, more: JsonObject = {}) =>
    app(
      [
        start(field("list", "json")),
        {
          id: "each",
          type: "iteration",
          iterator_selector: ["start", "list"],
          output_selector: ["split", "parts"],
          start_node_id: "split",
          ...more,
        },
        {
          id: "split",
          parent: "each",
          type: "code",
          code_language: "javascript",
          code: "function main({ n }) { return { parts: [n, n] } }",
          outputs: { parts: { type } },
          variables: [{ variable: "n", value_selector: ["each", "item"] }],
        },
        { id: "lost", parent: "each", type: "template-transform", template: "x", variables: [] },
        end("end", ["all", "each", "output"]),
      ],
      [
        ["start", "each"],
        ["each", "end"],
      ],
    )
  const run = (made: JsonObject) => executed(made, { list: [1, 2] })

  it("comes to one list when each round comes to a list, unless it is told not to", async () => {
    const open = (made: JsonObject): JsonObject => {
      const copy = structuredClone(made)
      const nodes = (copy["workflow"] as { graph: { nodes: { data: JsonObject }[] } }).graph.nodes
      nodes[0]!.data["variables"] = [field("list", "file-list")]
      return copy
    }
    expect(await run(open(each("array[number]")))).toEqual({ all: [1, 1, 2, 2] })
    expect(await run(open(each("array[number]", { flatten_output: false })))).toEqual({
      all: [
        [1, 1],
        [2, 2],
      ],
    })
  })

  it("leaves out with a word what nothing in it leads to", () => {
    const made = imported(each("string"))
    expect(made.report.dropped).toEqual(["lost"])
    expect(made.nodes.map((node) => node.id)).not.toContain("lost")
  })
})
