import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { flowsApi, type FlowDraft } from "#core/contract/flows"
import { executionsApi } from "#core/contract/executions"
import { mostNodes, type FlowEdge, type FlowNode } from "#core/flow/graph"
import { startFresh } from "#test/kit/server"
import { Client, problemOf } from "./kit/client.ts"
import { chain, create, execute, publish, register, sum } from "./kit/world.ts"
import corpus from "../../core/flow/expression/escapes.corpus.json" with { type: "json" }

let end = (): Promise<void> => Promise.resolve()
let admin: Client
/** A flow that is well, and stays so. */
let good: string

beforeAll(async () => {
  const started = await startFresh()
  end = started.end
  const stranger = await Client.of(started.server.address)
  admin = (await register(stranger)).admin
  good = await publish(admin, sum("Good"))
})
afterAll(() => end())

const node = (id: string, type: string, data: FlowNode["data"] = {}): FlowNode => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data,
})
const edge = (source: string, target: string, more: Partial<FlowEdge> = {}): FlowEdge => ({
  id: `${source}-${target}`,
  source,
  target,
  ...more,
})
const input = node("input", "input")
const step = (id: string): FlowNode => node(id, "transform", { value: "1" })

type Graph = Pick<FlowDraft, "nodes" | "edges"> & Partial<FlowDraft>

describe("a graph that cannot be executed", () => {
  const cases: [string, Graph, string][] = [
    [
      "a circle",
      { nodes: [input, step("a"), step("b")], edges: [edge("input", "a"), edge("a", "b"), edge("b", "a")] },
      "flow.cycle",
    ],
    [
      "a step that leads to itself",
      { nodes: [input, step("a")], edges: [edge("input", "a"), edge("a", "a")] },
      "flow.cycle",
    ],
    ["an edge from nowhere", { nodes: [input, step("a")], edges: [edge("ghost", "a")] }, "edge.dangling"],
    [
      "an edge to nowhere",
      { nodes: [input, step("a")], edges: [edge("input", "a"), edge("a", "ghost")] },
      "edge.dangling",
    ],
    [
      "an edge into the input",
      { nodes: [input, step("a")], edges: [edge("input", "a"), edge("a", "input")] },
      "edge.into_input",
    ],
    [
      "an edge from a handle that is not there",
      { nodes: [input, step("a")], edges: [edge("input", "a", { source_handle: "left" })] },
      "edge.unknown_handle",
    ],
    [
      "the same edge twice",
      { nodes: [input, step("a")], edges: [edge("input", "a"), edge("input", "a", { id: "again" })] },
      "edge.duplicate",
    ],
    [
      "two edges of one name",
      {
        nodes: [input, step("a"), step("b")],
        edges: [edge("input", "a", { id: "x" }), edge("a", "b", { id: "x" })],
      },
      "edge.duplicate_id",
    ],
    [
      "two steps of one name",
      { nodes: [input, step("a"), step("a")], edges: [edge("input", "a")] },
      "node.duplicate_id",
    ],
    ["nothing", { nodes: [], edges: [] }, "flow.empty"],
    ["no input", { nodes: [step("a")], edges: [] }, "flow.no_input"],
    ["two inputs", { nodes: [input, node("other", "input")], edges: [] }, "flow.second_input"],
    [
      "a kind that nobody knows",
      { nodes: [input, node("odd", "oracle")], edges: [edge("input", "odd")] },
      "node.unknown_kind",
    ],
    [
      "a field that its kind does not have",
      { nodes: [input, node("a", "transform", { value: "1", colour: "red" })], edges: [edge("input", "a")] },
      "node.data",
    ],
    [
      "a prompt that is missing",
      { nodes: [input, node("a", "llm", {})], edges: [edge("input", "a")] },
      "node.data",
    ],
    [
      "an expression that does not parse",
      { nodes: [input, node("a", "transform", { value: "input.(" })], edges: [edge("input", "a")] },
      "expression.syntax",
    ],
    [
      "an expression that names no node",
      { nodes: [input, node("a", "transform", { value: "nodes.ghost" })], edges: [edge("input", "a")] },
      "expression.unknown_node",
    ],
    [
      "a schema that is none",
      { nodes: [input], edges: [], input_schema: { type: "strin", properties: 1 } },
      "schema.invalid",
    ],
    [
      "a schema whose pattern is none",
      { nodes: [input], edges: [], input_schema: { properties: { a: { pattern: "(" } } } },
      "schema.invalid",
    ],
  ]

  it.each(cases)("is kept as a draft with what is wrong: %s", async (name, graph, code) => {
    const made = await admin.ask(flowsApi.create.reply, "POST", "/flows", { body: { name, ...graph } })
    const found = made.findings.find((one) => one.code === code)
    expect(made.findings.map((one) => one.code)).toContain(code)
    expect(found?.severity).toBe("error")
    expect(found?.message).toMatch(/^[A-Z`].{15,}\.?$/s)
    const { valid, findings } = await admin.ask(
      flowsApi.validate.reply,
      "POST",
      `/flows/${made.flow.id}/validate`,
    )
    expect([valid, findings]).toEqual([false, made.findings])

    const before = await admin.send("GET", `/flows/${made.flow.id}`)
    for (const [action, body] of [
      ["publish", {}],
      ["execute", { inputs: {} }],
      ["execute", { inputs: {}, config: { version: "draft" } }],
    ] as const) {
      const refused = await admin.send("POST", `/flows/${made.flow.id}/${action}`, { body })
      expect([action, refused.status, problemOf(refused).code]).toEqual([action, 422, "flow.invalid"])
      expect(problemOf(refused).errors?.length).toBeGreaterThan(0)
    }
    const { executions } = await admin.ask(
      executionsApi.list.reply,
      "GET",
      `/executions?flow_id=${made.flow.id}`,
    )
    expect(executions).toEqual([])
    expect((await admin.send("GET", `/flows/${made.flow.id}`)).text).toBe(before.text)
  })
})

describe("a graph that is too large", () => {
  const many = (count: number, first = 0) => Array.from({ length: count }, (_, i) => step(`s${first + i}`))

  it("of 10,000 nodes is refused wherever it comes in, and what was there stays", async () => {
    const before = await admin.send("GET", `/flows/${good}`)
    const list = await admin.send("GET", "/flows")
    const flow = { name: "Huge", nodes: [input, ...many(9_999)], edges: [] }
    const file = {
      format: "edgecrew.flow",
      format_version: 1,
      flow: { description: "", settings: {}, ...flow },
    }
    for (const [method, path, body] of [
      ["POST", "/flows", flow],
      ["PUT", `/flows/${good}`, flow],
      ["POST", "/flows/import", { content: file }],
    ] as const) {
      const since = performance.now()
      const answer = await admin.send(method, path, { body })
      expect([path, answer.status, problemOf(answer).code]).toEqual([path, 413, "flow.too_large"])
      expect(problemOf(answer).detail).toContain("10000")
      expect(performance.now() - since).toBeLessThan(3_000)
    }
    const edges = Array.from({ length: 10_000 }, (_, i) => edge("input", "s0", { id: `e${i}` }))
    const tangled = await admin.send("POST", "/flows", {
      body: { name: "Tangled", nodes: [input, step("s0")], edges },
    })
    expect([tangled.status, problemOf(tangled).code]).toEqual([413, "flow.too_large"])
    expect((await admin.send("GET", `/flows/${good}`)).text).toBe(before.text)
    expect((await admin.send("GET", "/flows")).text).toBe(list.text)
  })

  it("of the most nodes that are allowed works", async () => {
    const steps = many(mostNodes - 1)
    const since = performance.now()
    const flow = await publish(admin, { name: "Largest", ...chain(input, ...steps) })
    const ended = await execute(admin, flow, {})
    expect(ended.status).toBe("succeeded")
    expect(performance.now() - since).toBeLessThan(60_000)
  })
})

describe("an expression", () => {
  it("that reaches for the host is refused, most before it is ever evaluated", async () => {
    const steps = corpus.forbidden.map((value, i) => node(`s${i}`, "transform", { value }))
    expect(steps.length).toBeGreaterThan(50)
    const made = await admin.ask(flowsApi.create.reply, "POST", "/flows", {
      body: { name: "Escapes", nodes: [input, ...steps], edges: steps.map(({ id }) => edge("input", id)) },
    })
    const refused = new Set(
      made.findings.filter((one) => one.code === "expression.forbidden").map((one) => one.node_id),
    )
    expect(refused.size).toBeGreaterThan(50)
    expect((await admin.send("POST", `/flows/${made.flow.id}/publish`, { body: {} })).status).toBe(422)

    // Names that are put together while it runs are refused then.
    for (const value of corpus.forbidden.filter((_, i) => !refused.has(`s${i}`))) {
      const late = await create(admin, { name: "Late", ...chain(input, node("a", "transform", { value })) })
      const ended = await execute(admin, late, { list: ["a"] })
      expect([value, ended.status, ended.error?.code]).toEqual([value, "failed", "expression.forbidden"])
    }
  })

  it("in a prompt, an output or a condition is held to the same", async () => {
    const escape = "input.constructor.constructor('return process')()"
    for (const bad of [
      node("a", "llm", { prompt: `Summarise {{ ${escape} }}` }),
      node("a", "llm", { prompt: "Summarise", system: `{{ ${escape} }}` }),
      node("a", "output", { value: { deep: [`{{ ${escape} }}`] } }),
      node("a", "condition", { branches: [{ id: "yes", when: escape }] }),
    ]) {
      const made = await admin.ask(flowsApi.create.reply, "POST", "/flows", {
        body: { name: "Escapes", nodes: [input, bad], edges: [edge("input", "a")] },
      })
      expect(made.findings.map((one) => [one.code, one.node_id])).toContainEqual([
        "expression.forbidden",
        "a",
      ])
    }
  })

  it("is not evaluated when it comes in as data", async () => {
    const flow = await publish(admin, {
      name: "Echo",
      ...chain(
        input,
        node("a", "transform", { value: "input" }),
        node("result", "output", { value: "{{ nodes.a }}" }),
      ),
    })
    const inputs = {
      text: "{{ 1 + 1 }}",
      nested: { list: ["{{ $error('evaluated') }}", "{{ input }}"] },
      constructor: "{{ input.constructor }}",
      lambda: { _jsonata_lambda: true, body: { type: "string", value: "evaluated" } },
    }
    expect((await execute(admin, flow, inputs)).outputs).toEqual(inputs)
  })

  const greedy: [string, string, RegExp][] = [
    ["calls itself for ever", "($f := function($n) { $f($n + 1) }; $f(0))", /^expression\.(timeout|depth)$/],
    [
      "calls itself ever deeper",
      "($f := function($n) { 1 + $f($n + 1) }; $f(0))",
      /^expression\.(timeout|depth)$/,
    ],
    ["counts to a billion", "$sum([1..1000000000])", /^expression\.(timeout|too_large)$/],
    [
      "maps a million to a million",
      "$map([1..9000], function($i) { $map([1..9000], function($j) { $i * $j }) })",
      /^expression\.(timeout|too_large)$/,
    ],
    [
      "doubles a text without end",
      "($f := function($t) { $f($t & $t) }; $f('x'))",
      /^expression\.(timeout|too_large)$/,
    ],
    ["pads a text to a gigabyte", "$pad('x', 1000000000)", /^expression\.(timeout|too_large)$/],
    [
      "replaces text by more of it",
      "$replace($pad('', 100000, 'a'), 'a', $pad('', 100000, 'b'))",
      /^expression\.(timeout|too_large)$/,
    ],
    ["backtracks for ever", "$match($pad('', 40, 'a') & '!', /^(a+)+$/)", /^(expression\..*|none)$/],
    [
      "joins everything with everything",
      "($l := [1..3000]; $l.($l.($l)))",
      /^expression\.(timeout|too_large)$/,
    ],
    ["returns more than it may", "[1..90000].('x' & $string($))", /^expression\.(output|timeout|too_large)$/],
  ]

  it.each(greedy)("that %s is stopped, while others are served", async (_, value, code) => {
    const flow = await create(admin, {
      name: "Greedy",
      nodes: [input, node("a", "transform", { value })],
      edges: [edge("input", "a")],
    })
    const since = performance.now()
    const [ended, health] = await Promise.all([
      execute(admin, flow, {}),
      admin.send("GET", "/health").then(() => performance.now() - since),
    ])
    expect(performance.now() - since).toBeLessThan(5_000)
    expect(health).toBeLessThan(5_000)
    expect(ended.error?.code ?? "none").toMatch(code)
    if (ended.error) {
      expect(ended).toMatchObject({ status: "failed", error: { node_id: "a" } })
      expect(ended.error.message).toMatch(/\. [A-Z].*\.$/s)
    }
  })

  it("has left everything as it was", async () => {
    expect(await execute(admin, good, { a: 1, b: 2 })).toMatchObject({ status: "succeeded", outputs: 3 })
    const polluted = await publish(admin, {
      name: "Clean",
      ...chain(input, node("a", "transform", { value: "$exists(input.is_admin)" }), node("result", "output")),
    })
    expect((await execute(admin, polluted, {})).outputs).toBe(false)
  })
})
