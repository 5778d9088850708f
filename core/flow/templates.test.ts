import { describe, expect, it } from "vitest"
import { FlowDraft } from "#core/contract/flows"
import type { NewEvent } from "#core/execution/event"
import { next } from "#core/execution/next"
import { perform } from "#core/execution/perform"
import { fold } from "#core/execution/reduce"
import { initialState, type ExecutionState } from "#core/execution/state"
import { modelHandle, modelStep } from "#core/execution/steps/model"
import { scopeOf } from "#core/execution/values"
import { schemaFaults } from "#core/json-schema"
import type { Json, JsonObject } from "#core/json"
import { runBuiltin } from "#core/llm/builtin/builtin"
import type { FlowGraph } from "./graph.ts"
import { kindOf } from "./kinds.ts"
import { planOf } from "./plan.ts"
import { templates } from "./templates.ts"
import { validateFlow } from "./validate.ts"

/** Carries a flow out with core alone and the builtin model. */
async function execute(graph: FlowGraph, inputs: JsonObject): Promise<ExecutionState> {
  const plan = planOf(graph)
  const state = initialState()
  const add = (event: NewEvent) =>
    fold(state, { seq: state.seq + 1, at: "2026-11-21T09:00:00.000Z", ...event })
  add({
    type: "execution.queued",
    data: {
      flow_id: "f",
      flow_name: "F",
      flow_version: 1,
      definition: "d",
      engine_version: 1,
      actor: "a",
      inputs,
      timeout_ms: 1000,
    },
  })
  add({ type: "execution.started", data: {} })
  for (;;) {
    for (const action of next(state, plan, 0)) {
      if (action.do === "succeed") return { ...state, outputs: action.outputs }
      if (action.do === "fail") throw new Error(action.error.message)
      if (action.do !== "begin" && action.do !== "skip") throw new Error(`unexpected: ${action.do}`)
      const { node } = action
      if (action.do === "skip") {
        add({ type: "node.skipped", node_id: node.id, data: {} })
        continue
      }
      const sees = scopeOf(state, plan, node, "", { id: "exec", now: "2026-11-21T09:00:00.000Z" })
      const place = { node_id: node.id, attempt: action.attempt }
      add({ type: "node.started", ...place, data: {} })
      if (kindOf(node.type)?.act === "model") {
        const answer = runBuiltin({ ...(await modelStep(node, sees)).call, model: "builtin" })
        const output = (answer.object ?? answer.text) as Json
        add({ type: "node.succeeded", ...place, data: { output, handles: [modelHandle(node, output)] } })
      } else add({ type: "node.succeeded", ...place, data: await perform(node, sees) })
    }
  }
}

describe.each(templates.map((one) => [one.name, one] as const))(
  "the example '%s'",
  (_, { id, flow, sample_inputs }) => {
    const graph = FlowDraft.parse(flow)

    it("has nothing that validation minds, and a sample that fits its form", () => {
      expect(validateFlow(graph)).toEqual([])
      expect(schemaFaults(flow.input_schema, sample_inputs)).toEqual([])
    })

    it("does what it says on the builtin model", async () => {
      const { outputs } = await execute(graph, sample_inputs)
      expect(outputs).toMatchObject(
        {
          summarise: {
            keywords: expect.arrayContaining(["Rotterdam"]),
            summary: expect.stringContaining("438 million tonnes"),
          },
          triage: { team: "finance", topic: "billing", reason: "By topic" },
          invoice: {
            invoice_number: "NW-2026-1187",
            vendor: "Nordwind Papier GmbH",
            invoice_date: "2026-11-03",
            total_amount: 238,
            currency: "EUR",
            status: "ready to book",
          },
          language: { team: "Berlin", language: "de" },
          compare: expect.stringMatching(/Only in B:[\s\S]*Subletting/),
          reply: {
            mood: "negative",
            draft: expect.stringMatching(/Tomás[\s\S]*Lena/),
            review: "by a team lead, before it is sent",
          },
        }[id] as object,
      )
    })
  },
)
