import { describe, expect, it } from "vitest"
import { validateFlow } from "#core/flow/validate"
import type { JsonObject } from "#core/json"
import { importDocument } from "../import.ts"
import { readDocument } from "../read.ts"

/** What was found wrong with how real workflows came out, each in its smallest form. */
function imported(nodes: JsonObject[], connections: JsonObject = {}) {
  const placed = nodes.map((node, i) => ({ parameters: {}, position: [i * 200, 0], ...node }))
  const read = readDocument({ nodes: placed, connections })
  if (!read.ok) throw new Error(JSON.stringify(read.faults))
  const made = importDocument(read.document, "n8n", {
    here: { tool: () => undefined, model: () => undefined },
    crew_id: "crew_01JD0000000000000000000000",
  })
  if (!made.ok) throw new Error(JSON.stringify(made.faults))
  return made.imported
}

const base = (kind: string) => `n8n-nodes-base.${kind}`
const to = (...names: string[]) => names.map((node) => ({ node, type: "main", index: 0 }))
const errorsOf = ({ nodes, edges }: ReturnType<typeof imported>) =>
  validateFlow({ nodes, edges }).filter((one) => one.severity === "error" && one.code !== "node.foreign")

const begin = { name: "Begin", type: base("manualTrigger") }

describe("notes on the canvas of n8n", () => {
  it("need no names, and may share one with each other and with a step", () => {
    const made = imported([
      begin,
      { type: base("stickyNote"), parameters: { content: "One" } },
      { name: "Begin", type: base("stickyNote"), parameters: { content: "Two" } },
      { name: "Begin", type: base("stickyNote"), parameters: { content: "Three" } },
    ])
    const notes = made.nodes.filter((node) => node.type === "note")
    expect(notes.map((node) => node.data["text"])).toEqual(["One", "Two", "Three"])
    expect(made.report.nodes).toHaveLength(4)
    expect(made.nodes.find((node) => node.type === "input")?.label).toBe("Begin")
  })
})

describe("a route that is taken when a step fails", () => {
  const failing = (kind: string, parameters: JsonObject = {}) =>
    imported(
      [
        begin,
        { name: "Try", type: base(kind), typeVersion: 2, onError: "continueErrorOutput", parameters },
        { name: "Fine", type: base("noOp") },
        { name: "Else", type: base("noOp") },
        { name: "Sorry", type: base("noOp") },
      ],
      { Begin: { main: [to("Try")] }, Try: { main: [to("Fine"), to("Else"), to("Sorry")] } },
    )

  it("is dropped with a word where this kind of step has none", () => {
    const operator = { type: "string", operation: "equals" }
    const conditions = { combinator: "and", conditions: [{ leftValue: "a", rightValue: "a", operator }] }
    const made = failing("if", { conditions })
    expect(made.report.nodes.filter((one) => one.fidelity === "dropped")).toEqual([
      expect.objectContaining({ name: "Try → Sorry", notes: ["This kind of step has no such route here."] }),
    ])
    expect(errorsOf(made)).toEqual([])
  })

  it("of what cannot run is kept, as are its other routes", () => {
    const made = failing("noSuchStep")
    expect(made.edges.filter((edge) => edge.source === "try").map((edge) => edge.source_handle)).toEqual([
      "out_1",
      "out_2",
      "out_3",
    ])
    expect(errorsOf(made)).toEqual([])
  })
})

describe("a loop of n8n", () => {
  it("that no map can stand for keeps both its routes", () => {
    const made = imported(
      [
        begin,
        { name: "Each", type: base("splitInBatches"), typeVersion: 3 },
        { name: "Done", type: base("noOp") },
        { name: "Step", type: base("noOp") },
      ],
      { Begin: { main: [to("Each")] }, Each: { main: [to("Done"), to("Step")] } },
    )
    expect(made.report.opaque).toEqual(["each"])
    expect(made.edges.filter((edge) => edge.source === "each").map((edge) => edge.source_handle)).toEqual([
      "out_1",
      "out_2",
    ])
    expect(errorsOf(made)).toEqual([])
  })

  it("around what cannot run is not called empty", () => {
    const made = imported(
      [
        begin,
        { name: "Each", type: base("splitInBatches"), typeVersion: 3 },
        { name: "Post", type: base("noSuchStep") },
      ],
      { Begin: { main: [to("Each")] }, Each: { main: [[], to("Post")] }, Post: { main: [to("Each")] } },
    )
    expect(made.nodes.find((node) => node.id === "each")?.type).toBe("map")
    expect(errorsOf(made)).toEqual([])
  })
})

it("reads an equals sign alone as an empty text", () => {
  const operator = { type: "string", operation: "equals" }
  const conditions = { combinator: "and", conditions: [{ leftValue: "=", rightValue: "x", operator }] }
  const made = imported(
    [begin, { name: "Is", type: base("if"), typeVersion: 2, parameters: { conditions } }],
    {
      Begin: { main: [to("Is")] },
    },
  )
  expect(made.nodes.find((node) => node.id === "is")?.data["branches"]).toEqual([
    { id: "true", when: expect.stringContaining('""') },
  ])
  expect(errorsOf(made)).toEqual([])
})

describe("code of n8n", () => {
  /** What the code makes of what the engine gives it. */
  const run = async (source: unknown, context: JsonObject): Promise<unknown> => {
    const url = `data:text/javascript,${encodeURIComponent(source as string)}`
    const made = (await import(/* @vite-ignore */ url)) as {
      default: (input: unknown, context: unknown) => unknown
    }
    return made.default({}, context)
  }
  const code = "return [{ json: { got: $json, named: $('Ask').first().json } }]"
  const after = (step: JsonObject) => {
    const made = imported(
      [begin, { name: "Ask", ...step }, { name: "Make", type: base("code"), parameters: { jsCode: code } }],
      {
        Begin: { main: [to("Ask")] },
        Ask: { main: [to("Make")] },
      },
    )
    return made.nodes.find((node) => node.id === "make")?.data["source"]
  }
  const ask = (parameters: JsonObject) => ({ type: base("httpRequest"), typeVersion: 4, parameters })
  const answer = { status: 200, headers: {}, body: { id: 7 } }

  it("gets the body of a request before it, as there, and by its name too", async () => {
    const source = after(ask({ url: "https://example.com" }))
    expect(await run(source, { nodes: { ask: answer } })).toEqual({ got: { id: 7 }, named: { id: 7 } })
  })

  it("gets the whole answer where that was asked for, with the status by its name there", async () => {
    const options = { response: { response: { fullResponse: true } } }
    const source = after(ask({ url: "https://example.com", options }))
    const whole = { ...answer, statusCode: 200 }
    expect(await run(source, { nodes: { ask: answer } })).toEqual({ got: whole, named: whole })
  })

  it("gets the text of an agent under the name that it has there", async () => {
    const source = after({ type: "@n8n/n8n-nodes-langchain.agent", parameters: { text: "Hi" } })
    expect(await run(source, { nodes: { ask: "Hello" } })).toMatchObject({
      got: { output: "Hello" },
      named: { output: "Hello" },
    })
  })
})
