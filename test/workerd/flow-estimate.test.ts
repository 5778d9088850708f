import { beforeAll, describe, expect, it } from "vitest"
import type { ExecutionSummary } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { providersApi } from "#core/contract/llm-providers"
import { usualAnswer } from "#core/flow/estimate"
import { executionId, type ExecutionId } from "#core/ids"
import { countTokens } from "#core/llm/tokens"
import type { Span } from "#core/trace/span"
import { randomBytes } from "#worker/context"
import * as executions from "#worker/db/executions"
import { call, problemOf, ask } from "#test/kit/api"
import { databaseOf } from "#test/kit/dump"
import { keepSpans, spanDraft } from "#test/kit/spans"
import { newKey, newTenant, type TestTenant } from "#test/kit/tenants"

let tenant: TestTenant
let provider: string
beforeAll(async () => {
  tenant = await newTenant()
  const body = {
    name: "Priced",
    provider_type: "builtin" as const,
    config: { prices: { builtin: { input: 1_000_000, output: 3_000_000 } } },
  }
  provider = (await call(providersApi.create, { token: tenant.token, body })).llm_provider.id
})

const prompt = "Summarise this in one sentence."
const position = { x: 0, y: 0 }
const create = async (data: object = { llm_provider_id: provider }) => {
  const body = {
    name: "Estimated",
    nodes: [
      { id: "input", type: "input", position },
      { id: "say", type: "llm", position, data: { prompt, ...data } },
      { id: "each", type: "map", position, data: { items: "input.list" } },
      { id: "one", type: "llm", position, parent_id: "each", data: { prompt, llm_provider_id: provider } },
    ],
    edges: [],
  }
  return (await call(flowsApi.create, { token: tenant.token, body })).flow.id
}
const estimateOf = (flow_id: string, token = tenant.token) =>
  call(flowsApi.estimate, { token, params: { flow_id } })

/** An execution in the index, with the calls that it made. */
async function ran(
  flow_id: string,
  calls: Partial<Span>[],
  status: ExecutionSummary["status"] = "succeeded",
): Promise<ExecutionId> {
  const id = executionId(0, Date.now(), randomBytes)
  const at = new Date().toISOString()
  const row: ExecutionSummary = {
    id,
    flow_id,
    flow_name: "Estimated",
    flow_version: 1,
    status,
    actor: "user_x",
    error: null,
    created_at: at,
    started_at: at,
    finished_at: at,
    duration_ms: 1,
    input_tokens: 0,
    output_tokens: 0,
    cost_micros: 0,
  }
  const d1 = await databaseOf(tenant.id)
  await d1.batch(executions.upserts(d1, [row]))
  await keepSpans(
    tenant.id,
    calls.map((one) => spanDraft(id, { flow_id, kind: "model", model: "builtin", ...one })),
  )
  return id
}
const took = (node_id: string, input_tokens: number, output_tokens: number, scope = "") => ({
  node_id,
  scope,
  input_tokens,
  output_tokens,
})

describe("the cost of a draft", () => {
  it("is taken by what is written, at prices of one's own, while nothing ran", async () => {
    const { estimate, executions: seen } = await estimateOf(await create())
    const each = countTokens(prompt) + 3 * usualAnswer
    expect(seen).toBe(0)
    expect(estimate).toMatchObject({ least: countTokens(prompt) + 3, likely: 2 * each, most: null })
    expect(estimate.nodes.map(({ node_id, gaps }) => [node_id, gaps])).toEqual([
      ["say", ["never_ran"]],
      ["one", ["never_ran", "repeats"]],
    ])
  })

  it("is that of the last executions that succeeded, iterations together, and failed ones left out", async () => {
    const flow = await create()
    await ran(flow, [took("say", 10, 0), took("one", 1, 1, "each[0]"), took("one", 2, 1, "each[1]")])
    await ran(flow, [took("say", 30, 0)])
    await ran(flow, [took("say", 9_000, 9_000)], "failed")
    const { estimate, executions: seen } = await estimateOf(flow)
    expect(seen).toBe(2)
    expect(estimate.nodes).toEqual([
      { node_id: "say", least: 10, likely: 20, most: 30, gaps: [] },
      { node_id: "one", least: 0, likely: 5, most: 9, gaps: [] },
    ])
    expect(estimate).toMatchObject({ least: 10, likely: 25, most: 39 })
  })

  it("has no past for who may not see executions", async () => {
    const flow = await create()
    await ran(flow, [took("say", 10, 0)])
    const key = await newKey(tenant, "flow.read")
    expect((await estimateOf(flow, key)).executions).toBe(0)
  })

  it("has no price for a model that nobody has named one for, and is nothing for the builtin one", async () => {
    const compatible = await call(providersApi.create, {
      token: tenant.token,
      body: {
        name: "Own machine",
        provider_type: "vllm",
        api_credentials: {},
        config: { base_url: "https://llm.example.com/v1", default_model: "qwen" },
      },
    } as never)
    const unknown = await estimateOf(await create({ llm_provider_id: compatible.llm_provider.id }))
    expect(unknown.estimate.nodes[0]).toMatchObject({ node_id: "say", gaps: ["no_price", "never_ran"] })
    const free = await estimateOf(await create({}))
    expect(free.estimate.nodes[0]).toMatchObject({ node_id: "say", most: 0, gaps: [] })
  })

  it("is that of a flow of one's own tenant", async () => {
    const flow = await create()
    const other = await newTenant()
    const refused = await ask(flowsApi.estimate, { token: other.token, params: { flow_id: flow } })
    expect(problemOf(refused)).toMatchObject({ status: 404, code: "flow.not_found" })
  })
})
