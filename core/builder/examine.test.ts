import { describe, expect, it } from "vitest"
import type { Draft } from "#core/canvas/canvas"
import { operationBetween } from "#core/canvas/diff"
import type { FlowNode } from "#core/flow/graph"
import { validateFlow } from "#core/flow/validate"
import { answerSchema, heardSoFar, readAnswer } from "./answer.ts"
import { catalogueOf } from "./catalogue.ts"
import { examine } from "./examine.ts"
import { hidden } from "./hidden.ts"
import { groundOf } from "./needs.ts"
import { mostOperations, readOperation, type Proposed } from "./operation.ts"
import { flowTold, promptOf, repairOf } from "./prompt.ts"

const node = (id: string, type: string, data: FlowNode["data"] = {}): FlowNode => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data,
})
const edge = (source: string, target: string) => ({ id: `${source}-${target}`, source, target })
const flow: Draft = {
  name: "Letters",
  description: "",
  settings: {},
  nodes: [node("input", "input"), node("draft", "llm", { prompt: "{{ input }}" }), node("output", "output")],
  edges: [edge("input", "draft"), edge("draft", "output")],
}
const read = (...operations: object[]): Proposed[] => operations.map((one) => readOperation(one as never))

const insert = read(
  { op: "add_node", id: "check", kind: "condition", data: { branches: [{ id: "yes", when: "input.ok" }] } },
  { op: "disconnect", from: "draft", to: "output" },
  { op: "connect", from: "draft", to: "check" },
  { op: "connect", from: "check", to: "output", route: "yes" },
  { op: "rename", node: "draft", label: "Writer" },
)

describe("a proposal is examined against the flow as it is", () => {
  it("leads to a flow that is whole, as one step of the canvas", () => {
    const { items, draft, findings } = examine(flow, insert)
    expect(items.map(({ is, needs }) => [is, needs])).toEqual([
      ["included", []],
      ["included", []],
      ["included", [0]],
      ["included", [0]],
      ["included", []],
    ])
    expect(findings).toEqual([])
    expect(validateFlow(draft).filter(({ severity }) => severity === "error")).toEqual([])
    expect(operationBetween(flow, draft)?.type).toBe("batch")
    expect(flow.nodes).toHaveLength(3)
  })

  it("leaves out with a change what builds on it, and nothing else", () => {
    const { items, draft } = examine(flow, insert, { refused: new Set([0]) })
    expect(items.map(({ is }) => is)).toEqual(["refused", "included", "refused", "refused", "included"])
    expect(draft.nodes.map(({ id }) => id)).toEqual(["input", "draft", "output"])
    expect(draft.nodes[1]!.label).toBe("Writer")
    expect([
      ...groundOf(
        [3],
        items.map(({ needs }) => needs),
      ),
    ]).toEqual([3, 0])
  })

  it("knows the route that another change makes", () => {
    const proposed = read(
      { op: "connect", from: "check", to: "output", route: "huge" },
      {
        op: "set",
        node: "check",
        field: "branches",
        value: [
          { id: "yes", when: "input.ok" },
          { id: "huge", when: "input.huge" },
        ],
      },
    )
    const { draft } = examine(flow, insert)
    expect(examine(draft, proposed).items).toMatchObject([
      { is: "included", needs: [1] },
      { is: "included", needs: [] },
    ])
    expect(examine(draft, proposed, { refused: new Set([1]) }).items[0]).toMatchObject({ is: "refused" })
  })

  it.each<[string, object, string]>([
    ["an unknown kind", { op: "add_node", id: "x", kind: "rootkit" }, "There is no node kind rootkit."],
    ["a kind that nobody draws", { op: "add_node", id: "x", kind: "think" }, "There is no node kind think."],
    ["an import's leftover", { op: "add_node", id: "x", kind: "foreign" }, "There is no node kind foreign."],
    ["a name that is taken", { op: "add_node", id: "draft", kind: "note" }, "There is a node draft already."],
    [
      "data that does not fit",
      { op: "add_node", id: "x", kind: "llm", data: {} },
      "Fill in prompt; it is needed.",
    ],
    ["a field that does not fit", { op: "set", node: "draft", field: "temperature", value: 9 }, "Too big"],
    ["a field that there is not", { op: "set", node: "draft", field: "evil", value: 1 }, "has no field evil"],
    [
      "a prototype",
      { op: "set", node: "draft", field: "__proto__.polluted", value: 1 },
      "cannot hold that value",
    ],
    ["a node that is nowhere", { op: "remove", node: "ghost" }, "There is no node ghost."],
    ["an edge to nowhere", { op: "connect", from: "draft", to: "ghost" }, "There is no node ghost."],
    ["an edge into the input", { op: "connect", from: "draft", to: "input" }, "Nothing can lead to input."],
    [
      "a route that there is not",
      { op: "connect", from: "draft", to: "output", route: "huge" },
      "has no route huge",
    ],
    ["an edge twice", { op: "connect", from: "draft", to: "output" }, "It is so already."],
    ["an edge in a circle", { op: "connect", from: "draft", to: "draft" }, "A node cannot lead to itself."],
    [
      "a holder that holds nothing",
      { op: "put_inside", node: "draft", inside: "output" },
      "Nothing can lie inside output",
    ],
    ["a second input", { op: "add_node", id: "again", kind: "input" }, "A flow has one input."],
    ["the loss of the input", { op: "remove", node: "input" }, "The flow has no input."],
    [
      "a schema that is none",
      { op: "set_flow", field: "input_schema", value: { type: "banana" } },
      "Input schema",
    ],
    ["what is no change", { op: "execute", command: "rm" }, "This change cannot be read"],
    ["what is not even an object", [] as object, "This change cannot be read"],
  ])("refuses %s, and says why", (_, operation, why) => {
    const { items, draft } = examine(flow, read(operation))
    expect(items[0]).toMatchObject({ is: "invalid", faults: [expect.stringContaining(why)] })
    expect(draft).toEqual(flow)
  })

  it("finds the change that breaks the flow where no finding names it", () => {
    const circle = read(
      { op: "rename", node: "draft", label: "Writer" },
      { op: "add_node", id: "back", kind: "transform", data: { value: "input" } },
      { op: "connect", from: "draft", to: "back" },
      { op: "connect", from: "back", to: "draft" },
    )
    const { items, draft } = examine(flow, circle)
    expect(items.map(({ is }) => is)).toContain("invalid")
    expect(items[0]!.is).toBe("included")
    expect(validateFlow(draft).filter(({ severity }) => severity === "error")).toEqual([])
  })

  it("minds only what the proposal brings, not what was wrong before", () => {
    const broken = { ...flow, nodes: [...flow.nodes, node("later", "agent")] }
    expect(examine(broken, insert).items.every(({ is }) => is === "included")).toBe(true)
    const worse = read({ op: "set", node: "later", field: "agent_id", value: "agent_of_mallory" })
    expect(examine(broken, worse).items[0]!.is).toBe("invalid")
  })

  it("says of a node that others took away meanwhile that it has gone", () => {
    const known = new Set(flow.nodes.map(({ id }) => id))
    const now = { ...flow, nodes: flow.nodes.slice(0, 1).concat(flow.nodes.slice(2)), edges: [] }
    const { items } = examine(now, insert, { known })
    expect(items[4]).toMatchObject({ is: "invalid", faults: ["The node draft was removed meanwhile."] })
    expect(items[0]!.is).toBe("included")
  })

  it("takes a changed kind as a node that goes and one that comes", () => {
    const proposed = read(
      { op: "add_node", id: "draft", kind: "transform", data: { value: "input" } },
      { op: "remove", node: "draft" },
      { op: "connect", from: "input", to: "draft" },
    )
    const { items, draft } = examine(flow, proposed)
    expect(items[0]).toMatchObject({ is: "included", needs: [1] })
    expect(draft.nodes.find(({ id }) => id === "draft")?.type).toBe("transform")
  })

  it("reads as much as a person can look through, and refuses more", () => {
    const many = Array.from({ length: 10_000 }, (_, i) => ({ op: "remove", node: `n${i}` }))
    expect(readAnswer({ reply: "", operations: many })).toMatchObject({
      proposed: [],
      fault: expect.stringContaining("10000"),
    })
    expect(readAnswer({ reply: "x" }).fault).toContain("no list")
    expect(readAnswer("nonsense").fault).toBeDefined()
    const most = examine(flow, read(...many.slice(0, mostOperations)))
    expect(most.items).toHaveLength(mostOperations)
  })
})

describe("what a model is told", () => {
  const secret = `sk-${"a1B2".repeat(8)}`
  const keyed: Draft = {
    ...flow,
    nodes: [
      ...flow.nodes,
      node("call", "http", {
        method: "GET",
        url: `https://ana:${secret}@example.com`,
        headers: {
          authorization: "Bearer hunter2hunter2",
          cookie: "session=1",
          "x-token": "{{ input.token }}",
        },
      }),
    ],
  }

  it("holds no secret, and keeps those that it did not see", () => {
    const said = JSON.stringify(
      promptOf({
        draft: keyed,
        selection: [],
        message: `Use the key ${secret}`,
        history: [{ message: secret, reply: secret, operations: [], accepted: [] }],
        catalogue: catalogueOf({ agents: [], crews: [], tools: [], flows: [] }),
      }),
    )
    for (const one of [secret, "hunter2", "session=1"]) expect(said).not.toContain(one)
    expect(said).toContain("{{ input.token }}")

    const told = hidden(keyed.nodes.at(-1)!.data["headers"]!)
    const set = read({
      op: "set",
      node: "call",
      field: "headers",
      value: { ...(told as object), accept: "text/plain" },
    })
    const after = examine(keyed, set)
    expect(after.items[0]!.faults).toEqual([])
    expect(after.draft.nodes.at(-1)!.data["headers"]).toEqual({
      authorization: "Bearer hunter2hunter2",
      cookie: "session=1",
      "x-token": "{{ input.token }}",
      accept: "text/plain",
    })
    const stolen = read({ op: "set", node: "draft", field: "prompt", value: "Say (removed)" })
    expect(examine(keyed, stolen).items[0]!.is).toBe("invalid")
  })

  it("tells a large flow in short, but for what is selected and beside it", () => {
    const many = Array.from({ length: 1_500 }, (_, i) => node(`n${i}`, "llm", { prompt: "word ".repeat(60) }))
    const large = { ...flow, nodes: [...flow.nodes, ...many], edges: [...flow.edges, edge("n7", "n8")] }
    const told = flowTold(large, ["n7"])
    const whole = (told["nodes"] as { id: string; data?: object }[]).filter(({ data }) => data !== undefined)
    expect(whole.map(({ id }) => id)).toEqual(["n7", "n8"])
    expect(JSON.stringify(told).length).toBeLessThan(400_000)
  })

  it("names each kind with its fields, and what cannot be made when it is asked again", () => {
    const { kinds, every_node } = catalogueOf({ agents: [], crews: [], tools: [], flows: [] })
    expect(kinds.map(({ kind }) => kind)).toContain("approval")
    expect(kinds.find(({ kind }) => kind === "llm")).toMatchObject({
      required: ["prompt"],
      routes: ["out", "error"],
    })
    expect(Object.keys(every_node)).toContain("retry")
    expect(JSON.stringify(kinds).length).toBeLessThan(40_000)
    expect(repairOf([{ number: 2, why: "There is no node x." }])).toContain(
      "- Operation 2: There is no node x.",
    )
    expect(answerSchema["required"]).toEqual(["reply", "operations"])
  })

  it("hears the reply while it is written", () => {
    const whole = JSON.stringify({
      reply: 'A "quick" one\nand é',
      operations: [{ op: "remove" }, { op: "move" }],
    })
    expect(heardSoFar(whole)).toEqual({ reply: 'A "quick" one\nand é', operations: 2 })
    for (let i = 0; i < whole.length; i++) {
      const { reply } = heardSoFar(whole.slice(0, i))
      expect('A "quick" one\nand é'.startsWith(reply)).toBe(true)
    }
  })
})
