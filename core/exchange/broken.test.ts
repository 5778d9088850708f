import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import type { JsonObject } from "#core/json"
import type { ForeignFormat } from "./format.ts"
import { importDocument } from "./import.ts"
import { formatOf, readDocument } from "./read.ts"

const folder = join(import.meta.dirname, "../../test/fixtures/exchange")
const whole: Record<ForeignFormat, string> = {
  n8n: "n8n/order-webhook.json",
  dify: "dify/triage.yml",
  flowise: "flowise/iterations.json",
  openapi: "openapi/petstore.json",
  crewai: "crewai/both-in-one.yaml",
}
const formats = Object.keys(whole) as ForeignFormat[]
const textOf = (format: ForeignFormat): string => readFileSync(join(folder, whole[format]), "utf8")

/** What is said of a file: why it is refused, or what became of it. */
function told(content: string | JsonObject, format?: ForeignFormat) {
  const read = readDocument(content)
  if (!read.ok) return { faults: read.faults }
  const known = format ?? formatOf(read.document.value)
  if (known === undefined || known === "edgecrew.flow")
    return { faults: [{ path: "content", message: "unknown" }] }
  const made = importDocument(read.document, known, {
    here: { tool: () => undefined, model: () => undefined },
    crew_id: "crew_01JD0000000000000000000000",
  })
  return made.ok ? { made: made.imported } : { faults: made.faults }
}

const refused = (content: string | JsonObject, format?: ForeignFormat) => {
  const { faults, made } = told(content, format)
  expect(made).toBeUndefined()
  expect(faults?.[0]?.path).toMatch(/^content/)
  expect(faults?.[0]?.message).toBeTruthy()
  return faults!
}

describe.each(formats)("a broken file of %s", (format) => {
  it("that was cut is refused, or loses no step without a word", () => {
    const text = textOf(format)
    for (const part of [0.15, 0.5, 0.9]) {
      const { faults, made } = told(text.slice(0, Math.floor(text.length * part)), format)
      if (faults) expect(faults[0]?.message).toBeTruthy()
      // YAML that was cut may still be whole YAML: it then says less.
      else expect(made?.nodes.length).toBeGreaterThan(0)
    }
  })

  it.each([
    [
      "a number for everything",
      { nodes: 1, connections: 2, edges: 3, app: 4, workflow: 5, openapi: 6, agents: 7, tasks: 8 },
    ],
    [
      "lists for objects",
      {
        nodes: [[]],
        connections: {},
        edges: [],
        app: {},
        kind: "app",
        workflow: { graph: { nodes: [[]] } },
        openapi: "3.0.0",
        paths: [],
        agents: [],
        tasks: [],
      },
    ],
    [
      "nothing in it",
      {
        nodes: [],
        connections: {},
        edges: [],
        app: {},
        kind: "app",
        workflow: {},
        openapi: "3.1.0",
        paths: {},
        agents: {},
        tasks: {},
      },
    ],
  ])("with %s is refused with a place", (_, value) => {
    refused(value, format)
  })

  it("that is nested a hundred thousand deep is refused", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`
    for (const content of [
      `{"nodes":${deep},"connections":{}}`,
      `nodes: ${deep}`,
      `app:\n${" -".repeat(100_000)}`,
    ])
      expect(refused(content, format)[0]!.message).toMatch(/deep|YAML|Nested/i)
  })

  it("that is ten megabytes is refused before it is read", () => {
    expect(refused(`{"name":"${"x".repeat(10_000_000)}"}`, format)[0]!.message).toContain("4,000,000")
  })

  it("with half a surrogate pair, a name twice or __proto__ is refused", () => {
    for (const inner of ['{"a":"\\ud800"}', '{"a":1,"a":2}', '{"__proto__":{"x":1}}'])
      refused(`{"nodes":[],"connections":{},"openapi":"3.0.0","app":{},"x":${inner}}`, format)
  })
})

describe("a file of another version", () => {
  it.each<[string, JsonObject]>([
    ["Swagger 2", { swagger: "2.0", info: { title: "Old", version: "1" }, paths: { "/a": { get: {} } } }],
    ["OpenAPI 9", { openapi: "9.0.0", info: { title: "New", version: "1" }, paths: { "/a": { get: {} } } }],
    [
      "Dify's pipelines",
      { kind: "rag_pipeline", version: "0.1.0", app: {}, workflow: { graph: { nodes: [] } } },
    ],
  ])("(%s) is refused in words", (_, value) => {
    expect(refused(value)[0]!.message.length).toBeGreaterThan(10)
  })

  it("(Flowise's first flows) is taken as what cannot run, and says so", () => {
    const nodes = [{ id: "a", type: "customNode", data: { name: "chatOpenAI", inputs: {} } }]
    const { made } = told({ nodes, edges: [] })
    expect(made?.report.opaque).toEqual(["chat_open_ai"])
    expect(made?.report.notes.join(" ")).toContain("A chatflow is not an agentflow")
  })
})

describe("a file that is wrapped", () => {
  it("is refused when what is inside is broken, too deep or no flow", () => {
    for (const data of ["app: [unclosed", "just words", `app:\n${" -".repeat(100_000)}`, "app: &a {x: *a}"])
      refused({ data }).forEach((one) => expect(one.message).toBeTruthy())
    refused(JSON.stringify({ data: "hello: world" }))
  })
})

describe("an app of Dify whose steps speak of what is not there", () => {
  const start = { id: "s", data: { type: "start", title: "S" } }
  const of = (...nodes: JsonObject[]) => ({
    app: { mode: "workflow" },
    kind: "app",
    workflow: { graph: { nodes: [start, ...nodes], edges: [] } },
  })
  it("is taken, and fails there with a word of it", () => {
    const { made } = told(
      of(
        { id: "a", data: { type: "assigner", items: [{ variable_selector: ["gone", "x"], value: 1 }] } },
        { id: "b", data: { type: "assigner", items: 7, assigned_variable_selector: ["conversation"] } },
        { id: "l", data: { type: "loop", loop_variables: [{ label: "n", value: ["no"] }], loop_count: "x" } },
        { id: "i", data: { type: "iteration", iterator_selector: "x", output_selector: ["gone", "y"] } },
        { id: "q", data: { type: "question-classifier", classes: [{}, { name: 5 }] } },
        {
          id: "e",
          data: { type: "end", outputs: [{ variable: "v", value_selector: ["conversation", "z"] }] },
        },
      ),
    )
    expect(made?.report.opaque).toEqual(["assigner", "assigner_2"])
    expect(JSON.stringify(made?.nodes)).toContain("Write this anew; in Dify it was: conversation.z")
  })

  it("may name frames that lie in each other, or themselves", () => {
    const { made } = told(
      of(
        { id: "x", parentId: "x", data: { type: "loop" } },
        { id: "y", parentId: "x", data: { type: "loop-end" } },
        { id: "z", parentId: "gone", data: { type: "loop-start" } },
      ),
    )
    expect(made?.report.nodes.length).toBeGreaterThanOrEqual(4)
  })
})

describe("steps that are named alike", () => {
  it("in n8n are refused with their place", () => {
    const node = { name: "A", type: "n8n-nodes-base.noOp", parameters: {}, position: [0, 0] }
    expect(refused({ nodes: [node, node], connections: {} })).toEqual([
      { path: "content.nodes.1.name", message: "Two steps are called A." },
    ])
  })

  it("in Dify and Flowise are refused with their place", () => {
    const step = { id: "1", type: "agentFlow", data: { name: "startAgentflow", type: "start" } }
    expect(refused({ nodes: [step, step], edges: [] }, "flowise")[0]!.path).toBe("content.nodes.1.id")
    const app = {
      app: { mode: "workflow" },
      kind: "app",
      workflow: { graph: { nodes: [step, step], edges: [] } },
    }
    expect(refused(app, "dify")[0]!.path).toBe("content.workflow.graph.nodes.1.id")
  })
})

describe("a circle", () => {
  it("of n8n that is no loop is cut at the edge that leads back, and said", () => {
    const names = ["A", "B", "C"]
    const nodes = names.map((name, i) => ({
      name,
      type: "n8n-nodes-base.noOp",
      parameters: {},
      position: [i * 200, 0],
    }))
    const connections = Object.fromEntries(
      names.map((name, i) => [name, { main: [[{ node: names[(i + 1) % 3]!, type: "main", index: 0 }]] }]),
    )
    const { made } = told({ nodes, connections })
    expect(made?.report.dropped).toEqual(["c → a"])
    expect(made?.edges.map((edge) => edge.id)).toContain("a-b")
  })

  it("of parents in Dify is taken without going round", () => {
    const node = (id: string, parentId: string) => ({
      id,
      parentId,
      type: "custom",
      position: { x: 0, y: 0 },
      data: { type: "iteration", title: id, iterator_selector: [id, "x"] },
    })
    const { made } = told({
      app: { mode: "workflow" },
      kind: "app",
      workflow: { graph: { nodes: [node("a", "b"), node("b", "a")], edges: [] } },
    })
    expect(made?.nodes.map((one) => one.type)).toContain("map")
  })
})

describe("what nobody knows", () => {
  it("stays as a placeholder with its original", () => {
    const strange = {
      name: "Strange",
      type: "n8n-nodes-acme.whatever",
      parameters: { deep: { list: [1, 2] } },
      position: [0, 0],
    }
    const { made } = told({ nodes: [strange], connections: {} })
    expect(made?.nodes.find((node) => node.type === "foreign")?.data["original"]).toEqual(strange)
    expect(made?.report.opaque).toEqual(["strange"])
  })

  it("by way of an edge to nowhere is dropped with a word", () => {
    const { made } = told({
      nodes: [{ name: "A", type: "n8n-nodes-base.noOp" }],
      connections: { A: { main: [[{ node: "Gone" }]] } },
    })
    expect(made?.report.nodes.find((one) => one.fidelity === "dropped")).toMatchObject({ name: "A → Gone" })
  })

  it("is refused when it is a file of no format", () => {
    expect(told({ hello: "world" }).faults).toBeDefined()
    expect(told("just words").faults).toBeDefined()
  })
})

it("more steps than a flow can hold are refused before they are read", () => {
  const nodes = Array.from({ length: 20_000 }, (_, i) => ({ name: `n${i}`, type: "n8n-nodes-base.noOp" }))
  expect(refused({ nodes, connections: {} })[0]!.message).toContain("2000")
})

it("a chain of two thousand steps that hand on what came is read without running out of stack", () => {
  const nodes = Array.from({ length: 1_990 }, (_, i) => ({
    name: `n${i}`,
    type: "n8n-nodes-base.noOp",
    parameters: {},
    position: [i, 0],
  }))
  const connections = Object.fromEntries(
    nodes
      .slice(0, -1)
      .map(({ name }, i) => [name, { main: [[{ node: `n${i + 1}`, type: "main", index: 0 }]] }]),
  )
  expect(told({ nodes, connections }).made?.report.exact).toHaveLength(1_990)
})
