import { describe, expect, it } from "vitest"
import { FlowDraft } from "#core/contract/flows"
import { schemaFaults } from "#core/json-schema"
import type { Json } from "#core/json"
import { builtinTool } from "#core/tool/builtin/all"
import { toolExamples } from "#core/tool/examples"
import { toolInputFaults } from "#core/tool/inputs"
import { toolFaults } from "#core/tool/validate"
import { evaluated } from "#test/kit/programs"
import { simulate, type Outside } from "#test/kit/simulate"
import type { FrozenGraph } from "./frozen.ts"
import type { Callee } from "./graph.ts"
import { kinds } from "./kinds.ts"
import { templates } from "./templates.ts"
import { calledExamples, calledTools, exampleRef, withFlows, withTools } from "./templates/callees.ts"
import { validateFlow } from "./validate.ts"

const flowIdOf = (id: string) =>
  `flow_01JD00000000000000000000${String(templates.findIndex((one) => one.id === id)).padStart(2, "0")}`
const flows = new Map(templates.map(({ id }) => [id, flowIdOf(id)]))
const toolIdOf = (id: string) =>
  `tool_01JD00000000000000000000${String(toolExamples.findIndex((one) => one.id === id)).padStart(2, "0")}`
const toolIds = new Map(toolExamples.map(({ id }) => [id, toolIdOf(id)]))

/** An example as it is installed: with the flows that it calls. */
function installed(id: string): FrozenGraph {
  const { flow } = templates.find((one) => one.id === id)!
  const callees: Record<string, Callee> = {}
  for (const called of calledExamples(flow.nodes)) {
    const { callees: inner, ...graph } = installed(called)
    callees[flowIdOf(called)] = { flow_id: flowIdOf(called), name: called, version: 1, graph }
    Object.assign(callees, inner)
  }
  const tools: NonNullable<FrozenGraph["tools"]> = Object.fromEntries(
    calledTools(flow.nodes).map((called) => {
      const { tool } = toolExamples.find((one) => one.id === called)!
      return [toolIdOf(called), { ...tool, id: toolIdOf(called) }]
    }),
  )
  const nodes = withTools(withFlows(flow.nodes, flows), toolIds)
  return { ...FlowDraft.parse({ ...flow, nodes }), callees, tools }
}

const answered: Record<string, Outside> = {
  refunds: { answer: () => ({ button: "refund", form: { amount: 200 } }) },
  "add-up": { program: evaluated },
  "ask-table": { program: evaluated },
  "count-words": { program: evaluated },
}

/** What each comes to with its sample. */
const outcomes: Record<string, unknown> = {
  summarise: {
    keywords: expect.arrayContaining(["Rotterdam"]),
    summary: expect.stringContaining("438 million tonnes"),
  },
  triage: { team: "finance", topic: "billing", reason: "By topic" },
  support: { team: "billing", draft: expect.stringMatching(/Marta[\s\S]*Team Billing/) },
  invoice: {
    invoice_number: "NW-2026-1187",
    vendor: "Nordwind Papier GmbH",
    invoice_date: "2026-11-03",
    total_amount: 238,
    currency: "EUR",
    status: "ready to book",
  },
  digest: { digest: expect.stringMatching(/^- .*\(text 1\)\n- .*\(text 3\)/), summarised: 3, left_out: 1 },
  refunds: {
    outcomes: [
      { order: "A-1001", pays: 12.5, by: "rule" },
      { order: "A-1002", pays: 200, by: "user_a" },
    ],
    paid: 212.5,
  },
  language: { team: "Berlin", language: "de" },
  compare: expect.stringMatching(/Only in B:[\s\S]*Subletting/),
  shorten: { text: expect.stringContaining("438 million"), cut: false },
  briefing: expect.stringMatching(/^# Briefing\n\n## Harbour\n\n.*438[\s\S]*About: [\s\S]*## Harvest/),
  reply: {
    mood: "negative",
    draft: expect.stringMatching(/Tomás[\s\S]*Lena/),
    review: "by a team lead, before it is sent",
  },
  moderate: { hint: "positive", decision: { looked_at: ["tone", "purpose"], publish: true } },
  reminder: { task: "Water the plants", heard: { done: false } },
  addresses: {
    answer: 0,
    do_not: 2,
    addresses: [{ code: "http.refused_address" }, { code: "http.bad_url" }],
  },
  "add-up": {
    largest: "Travel",
    sums: [
      { name: "Travel", sum: 185 },
      { name: "Meals", sum: 31 },
    ],
  },
  "ask-table": {
    answer: {
      answer: [
        { place: "Rotterdam", month: "January" },
        { place: "Rotterdam", month: "February" },
      ],
    },
  },
  "count-words": {
    words: 24,
    most_frequent: [
      { word: "the", count: 6 },
      { word: "harbour", count: 2 },
      { word: "at", count: 2 },
    ],
    table: [{ path: "words.csv", size: expect.any(Number) }],
  },
}

describe.each(templates.map((one) => [one.name, one] as const))(
  "the example '%s'",
  (_, { id, flow, sample_inputs }) => {
    it("has nothing that validation minds, and a sample that fits its form", () => {
      expect(validateFlow(installed(id))).toEqual([])
      expect(schemaFaults(flow.input_schema, sample_inputs)).toEqual([])
    })

    it("does what it says on the builtin model", async () => {
      const { state } = await simulate(installed(id), sample_inputs, answered[id])
      expect(state.error).toBeUndefined()
      expect({ outputs: state.outputs }).toMatchObject({ outputs: outcomes[id] })
    })
  },
)

describe("the gallery", () => {
  it("shows every node kind there is, but for those that name what a tenant made", () => {
    const named = ["agent", "crew"]
    const shown = new Set(templates.flatMap(({ flow }) => flow.nodes.map((node) => node.type)))
    expect(Object.keys(kinds).filter((kind) => !shown.has(kind))).toEqual(named)
  })

  it("gives tools what they take, and brings none that could not work", () => {
    expect(toolExamples.flatMap(({ tool }) => toolFaults(tool))).toEqual([])
    for (const { flow } of templates)
      for (const { type, data } of flow.nodes) {
        if (type !== "tool") continue
        const own = toolExamples.find(({ id }) => exampleRef(id) === data["tool_id"])?.tool
        const known = own ?? builtinTool(data["tool_id"] as "builtin:math")?.definition
        expect([data["tool_id"], toolInputFaults(known!.input_schema, data["inputs"])]).toEqual([
          data["tool_id"],
          [],
        ])
      }
  })

  it("says why a question to a table has no answer", async () => {
    const { sample_inputs } = templates.find((one) => one.id === "ask-table")!
    const { state } = await simulate(
      installed("ask-table"),
      { ...sample_inputs, question: "data[" },
      answered["ask-table"],
    )
    expect(state.outputs).toMatchObject({ wrong: { why: expect.stringContaining("]") } })
  })

  it("lets a person refuse, or nobody answer in time", async () => {
    const { sample_inputs } = templates.find((one) => one.id === "refunds")!
    const outcome = async (outside: Outside): Promise<Json | undefined> =>
      (await simulate(installed("refunds"), sample_inputs, outside)).state.outputs
    const refused = await outcome({ answer: () => ({ button: "refuse", form: { note: "Too late" } }) })
    expect(refused).toMatchObject({ paid: 12.5, outcomes: [{}, { pays: 0, note: "Too late" }] })
    expect(await outcome({})).toMatchObject({ paid: 12.5, outcomes: [{}, { by: "nobody in time" }] })
  })

  it("hears the word that a reminder waits for", async () => {
    const { sample_inputs } = templates.find((one) => one.id === "reminder")!
    const { state } = await simulate(installed("reminder"), sample_inputs, { call: () => ({ done: true }) })
    expect(state.outputs).toMatchObject({ heard: { done: true } })
  })

  it("says which address answers", async () => {
    const { state } = await simulate(
      installed("addresses"),
      { addresses: ["https://a.example/"] },
      {
        http: ({ url }) =>
          Promise.resolve({ status: 200, headers: {}, body: "ok", duration_ms: 1, final_url: url }),
      },
    )
    expect(state.outputs).toMatchObject({ answer: 1, do_not: 0, addresses: [{ status: 200 }] })
  })
})
