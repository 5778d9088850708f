import { beforeAll, describe, expect, it, vi } from "vitest"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { providersApi } from "#core/contract/llm-providers"
import { aliasesApi } from "#core/contract/model-aliases"
import { ask, call, problemOf } from "#test/kit/api"
import { newTenant, unique, type TestTenant } from "#test/kit/tenants"
import { aliasDraft, providerDraft } from "#test/kit/world"

let tenant: TestTenant
let builtin: string
/** At an address that nobody answers at. */
let nobody: string
beforeAll(async () => {
  tenant = await newTenant()
  const { token } = tenant
  const { llm_providers } = await call(providersApi.list, { token })
  builtin = llm_providers[0]!.id
  nobody = (await call(providersApi.create, { token, body: providerDraft("Nobody") })).llm_provider.id
})

const as = (id: string) => ({ token: tenant.token, params: { alias_id: id } })
const create = async (body = aliasDraft(builtin)) =>
  (await call(aliasesApi.create, { token: tenant.token, body })).model_alias

describe("model aliases", () => {
  it("are made, read, changed and deleted", async () => {
    const made = await create({
      name: "smart",
      description: "The good one",
      targets: [
        { llm_provider_id: nobody, model: "large", weight: 3 },
        { llm_provider_id: builtin, model: "builtin", order: 1 },
      ],
      settings: { retries: 2 },
    })
    expect(made).toMatchObject({
      name: "smart",
      version: 1,
      targets: [
        { model: "large", order: 0, weight: 3 },
        { model: "builtin", order: 1, weight: 1 },
      ],
      settings: { retries: 2, max_wait_ms: 10_000, splice: false, cache_seconds: 0 },
    })
    expect((await call(aliasesApi.get, as(made.id))).model_alias).toEqual(made)
    const { model_aliases, total } = await call(aliasesApi.list, {
      token: tenant.token,
      query: { search: "smart" },
    })
    expect([model_aliases, total]).toEqual([[made], 1])
    const changed = await call(aliasesApi.update, { ...as(made.id), body: aliasDraft(builtin, "smarter") })
    expect(changed.model_alias).toMatchObject({ id: made.id, name: "smarter", version: 2 })
    const stale = await ask(aliasesApi.update, {
      ...as(made.id),
      headers: { "if-match": '"v1"' },
      body: aliasDraft(builtin),
    })
    expect(problemOf(stale)).toEqual({ status: 412, code: "conflict.stale" })
    expect((await ask(aliasesApi.remove, as(made.id))).status).toBe(204)
    expect(problemOf(await ask(aliasesApi.get, as(made.id)))).toEqual({
      status: 404,
      code: "alias.not_found",
    })
  })

  it("have a name each, also when two are made at once", async () => {
    const name = unique("only")
    const both = await Promise.all(
      [1, 2].map(() => ask(aliasesApi.create, { token: tenant.token, body: aliasDraft(builtin, name) })),
    )
    expect(new Set(both.map((one) => one.status))).toEqual(new Set([201, 409]))
    const other = await create()
    const renamed = await ask(aliasesApi.update, { ...as(other.id), body: aliasDraft(builtin, name) })
    expect(problemOf(renamed)).toEqual({ status: 409, code: "alias.name_taken" })
  })

  it("stand at providers of their own tenant only", async () => {
    const foreign = await newTenant()
    const { llm_providers } = await call(providersApi.list, { token: foreign.token })
    const refused = await ask(aliasesApi.create, {
      token: tenant.token,
      body: aliasDraft(llm_providers[0]!.id),
    })
    expect(problemOf(refused)).toEqual({
      status: 400,
      code: "request.invalid",
      paths: ["targets.0.llm_provider_id"],
    })
  })
})

async function execute(model: string, prompt: string, more: object = {}) {
  const { token } = tenant
  const { flow } = await call(flowsApi.create, {
    token,
    body: {
      name: unique("asks"),
      nodes: [
        { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
        { id: "llm", type: "llm", position: { x: 1, y: 0 }, data: { prompt, model, ...more } },
        { id: "output", type: "output", position: { x: 2, y: 0 }, data: { value: "{{ nodes.llm }}" } },
      ],
      edges: [
        { id: "a", source: "input", target: "llm" },
        { id: "b", source: "llm", target: "output" },
      ],
    },
  })
  const { body } = await ask(executionsApi.execute, {
    token,
    params: { flow_id: flow.id },
    body: {},
    headers: { prefer: "wait=20" },
  })
  const { execution_id } = body
  const { events } = await call(executionsApi.events, { token, params: { execution_id }, query: {} })
  const of = (type: string) => events.filter((event) => event.type === type).map((event) => event.data)
  return { body, started: of("model.started"), failed: of("model.failed"), finished: of("model.finished") }
}

const text =
  "Summarise in one sentence: The harbour froze. Ships waited for weeks. The town ran short of coal."

describe("a node that names an alias", () => {
  it("is answered by the next target when the first cannot be reached, and health tells of it", async () => {
    const { name } = await create({
      name: unique("chain"),
      targets: [
        { llm_provider_id: nobody, model: "large" },
        { llm_provider_id: builtin, model: "builtin", order: 1 },
      ],
      settings: { retries: 0 },
    })
    const { body, started, failed, finished } = await execute(name, text)
    expect(body).toMatchObject({ status: "succeeded" })
    // A connection may have been closed just as it was used, so an address is tried twice however few retries there are.
    expect(started).toMatchObject([
      { provider_type: "openai_compatible", provider_id: nobody, model: "large" },
      { provider_type: "openai_compatible", provider_id: nobody, model: "large" },
      { provider_type: "builtin", provider_id: builtin },
    ])
    expect(failed).toMatchObject([
      { error: { code: "model.unreachable" } },
      { error: { code: "model.unreachable" } },
    ])
    expect(finished).toHaveLength(1)
    // Spans reach the database a moment after the answer.
    await vi.waitFor(
      async () => {
        const { targets } = await call(aliasesApi.health, { token: tenant.token })
        const health = (id: string, model: string) =>
          targets.find((one) => one.llm_provider_id === id && one.model === model)
        expect(health(nobody, "large")).toMatchObject({
          breaker: "closed",
          calls: 2,
          failures: 2,
          p50_ms: null,
          last_error: {
            code: "model.unreachable",
            message: expect.stringMatching(/^The model provider/) as string,
          },
        })
        expect(health(builtin, "builtin")).toMatchObject({
          breaker: "closed",
          calls: expect.any(Number) as number,
          p50_ms: expect.any(Number) as number,
          p95_ms: expect.any(Number) as number,
        })
        expect(health(builtin, "builtin")!.calls).toBeGreaterThan(0)
      },
      { timeout: 10_000, interval: 100 },
    )
  })

  it("is answered from the cache at temperature 0 where the alias keeps answers, for nothing", async () => {
    const kept = await create({
      name: unique("kept"),
      targets: [{ llm_provider_id: builtin, model: "builtin" }],
      settings: { cache_seconds: 60 },
    })
    const first = await execute(kept.name, text, { temperature: 0 })
    const again = await execute(kept.name, text, { temperature: 0 })
    const warm = await execute(kept.name, text, { temperature: 0.5 })
    expect(again.body).toEqual({ ...first.body, execution_id: again.body.execution_id })
    expect(again.body).toMatchObject({
      status: "succeeded",
      outputs: expect.stringMatching(/\w/),
    })
    const usage = ({ finished }: typeof first) =>
      (finished[0] as { usage: { input_tokens: number } }).usage.input_tokens
    expect([usage(first) > 0, usage(again), usage(warm) > 0]).toEqual([true, 0, true])
    await call(aliasesApi.update, {
      ...as(kept.id),
      body: { ...aliasDraft(builtin, kept.name), settings: { cache_seconds: 60 } },
    })
    expect(usage(await execute(kept.name, text, { temperature: 0 }))).toBeGreaterThan(0)
  })

  it("asks for a model of that name once the alias is gone", async () => {
    const { id, name } = await create()
    await call(aliasesApi.remove, as(id))
    const { started } = await execute(name, text)
    expect(started).toMatchObject([{ provider_type: "builtin" }])
  })
})

it("prices are told with their version", async () => {
  const { version, prices } = await call(aliasesApi.prices, { token: tenant.token })
  expect(version).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  expect(prices.find((one) => one.model === "gpt-4.1")).toEqual({
    provider_type: "openai",
    llm_provider_id: null,
    model: "gpt-4.1",
    input: 2_000_000,
    output: 8_000_000,
    cache_read: 500_000,
    cache_write: null,
    reasoning: null,
  })
})
