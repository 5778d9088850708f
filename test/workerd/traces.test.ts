import { beforeAll, describe, expect, it } from "vitest"
import { executionsApi, type ExecutionSummary } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { tracesApi } from "#core/contract/traces"
import { executionId, type ExecutionId } from "#core/ids"
import { randomBytes } from "#worker/context"
import * as executions from "#worker/db/executions"
import * as spans from "#worker/db/spans"
import { ask, call, problemOf } from "#test/kit/api"
import { databaseOf } from "#test/kit/dump"
import { spanDraft, keepSpans } from "#test/kit/spans"
import { newTenant, type TestTenant } from "#test/kit/tenants"
import { flowDraft, newQuestion } from "#test/kit/world"

const flow_id = "flow_01JD0000000000000000000000"
const zero = Date.parse("2026-11-21T09:00:00.000Z")
const at = (seconds: number): string => new Date(zero + seconds * 1000).toISOString()
const newExecution = () => executionId(0, zero, randomBytes)

/** The index row of an execution that has ended. */
const ended = (id: ExecutionId): ExecutionSummary => ({
  id,
  flow_id: flow_id,
  flow_name: "Triage",
  flow_version: 1,
  status: "succeeded",
  actor: "user_x",
  error: null,
  created_at: at(0),
  started_at: at(0),
  finished_at: at(1),
  duration_ms: 1_000,
  input_tokens: 0,
  output_tokens: 0,
  cost_micros: 0,
})

let tenant: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
})

type Query = Record<string, string | number>
const search = async (query: Query) => call(tracesApi.search, { token: tenant.token, query })
const idsOf = async (query: Query) => (await search(query)).spans.map((span) => span.id)

describe("spans in the database", () => {
  it("are there once, however often they are delivered", async () => {
    const d1 = await databaseOf((await newTenant()).id)
    const execution = newExecution()
    const rows = [
      spanDraft(execution),
      spanDraft(execution, { text: 'it\'s "quoted" \u0000 👋', first_token_ms: 3 }),
    ]
    for (const delivery of [rows, rows.slice(1), rows]) await d1.batch(spans.upserts(d1, delivery))
    const { results } = await d1
      .prepare("select id, text, parent_id, first_token_ms, attributes from spans")
      .all()
    expect(results).toHaveLength(2)
    expect(results[1]).toMatchObject({ text: rows[1]!.text, parent_id: null, first_token_ms: 3 })
    expect(JSON.parse(String(results[1]!["attributes"]))).toEqual(rows[1]!.attributes)
  })

  it("may come by thousands, of any size", async () => {
    const d1 = await databaseOf((await newTenant()).id)
    const execution = newExecution()
    const rows = Array.from({ length: 3_000 }, () => spanDraft(execution, { text: "語".repeat(500) }))
    await d1.batch(spans.upserts(d1, rows))
    expect(await d1.prepare("select count(*) as n from spans").first("n")).toBe(3_000)
  })
})

describe("searching spans", () => {
  const one = newExecution()
  const other = newExecution()
  const rows = {
    root: spanDraft(one, {
      flow_id,
      kind: "execution",
      node_id: null,
      name: "invoke_workflow Triage",
      start_time: at(0),
      duration_ms: 900,
    }),
    step: spanDraft(one, {
      flow_id,
      parent_id: "x",
      node_label: "Draft a reply",
      node_id: "draft",
      start_time: at(1),
      duration_ms: 700,
    }),
    model: spanDraft(one, {
      flow_id,
      kind: "model",
      name: "chat gpt-5.2",
      node_id: "draft",
      model: "gpt-5.2",
      start_time: at(2),
      duration_ms: 600,
      cost_micros: 1_200,
      text: "Where is my parcel?",
    }),
    failed: spanDraft(other, {
      flow_id: "flow_01JD0000000000000000000001",
      kind: "http",
      node_id: "fetch",
      name: "GET",
      status: "error",
      start_time: at(60),
      duration_ms: 5_000,
      text: "GET https://api.example.com/ÄRGER?id=REDACTED\nThe server answered 503",
    }),
  }
  beforeAll(() => keepSpans(tenant.id, Object.values(rows)))

  it.each<[string, Query, (keyof typeof rows)[]]>([
    ["everything, newest first", {}, ["failed", "model", "step", "root"]],
    ["a flow", { flow_id }, ["model", "step", "root"]],
    ["an execution", { execution_id: other }, ["failed"]],
    ["a node", { node_id: "draft" }, ["model", "step"]],
    ["kinds", { kind: "http,execution" }, ["failed", "root"]],
    ["a status", { status: "error" }, ["failed"]],
    ["statuses", { status: "error,ok" }, ["failed", "model", "step", "root"]],
    ["a time", { from: at(1), to: at(2) }, ["model", "step"]],
    ["a time with a zone", { from: "2026-11-21T10:00:02+01:00" }, ["failed", "model"]],
    ["what took long", { min_duration_ms: 700 }, ["failed", "step", "root"]],
    ["a model", { model: "gpt-5.2" }, ["model"]],
    ["a prompt", { text: "PARCEL" }, ["model"]],
    ["a label", { text: "a reply" }, ["step"]],
    ["a word that is not ASCII", { text: "ärger" }, ["failed"]],
    ["an error of a flow that has none", { flow_id, status: "error" }, []],
    ["the longest first", { sort: "-duration_ms" }, ["failed", "root", "step", "model"]],
    ["the oldest first", { sort: "start_time", flow_id }, ["root", "step", "model"]],
  ])("finds %s", async (_, query, expected) => {
    expect(await idsOf(query)).toEqual(expected.map((name) => rows[name].id))
  })

  it("finds no wildcard where none is meant", async () => {
    expect(await idsOf({ text: "%" })).toEqual([])
    expect(await idsOf({ text: "chat_gpt" })).toEqual([])
  })

  it("gives pages that miss nothing and repeat nothing", async () => {
    const pages = await Promise.all([1, 2, 3].map((page) => search({ page, limit: 2 })))
    expect(pages.flatMap((page) => page.spans.map((span) => span.id))).toEqual(
      [rows.failed, rows.model, rows.step, rows.root].map((span) => span.id),
    )
    expect(pages[0]).toMatchObject({ total: 4, is_complete: true, page_info: { has_next: true } })
  })

  it("leaves out the spans of an execution that was deleted", async () => {
    const gone = newExecution()
    const span = spanDraft(gone, { start_time: at(-5) })
    await keepSpans(tenant.id, [span])
    expect(await idsOf({ execution_id: gone })).toEqual([span.id])
    const d1 = await databaseOf(tenant.id)
    await d1.batch(executions.upserts(d1, [ended(gone)]))
    expect((await search({ execution_id: gone })).spans[0]?.flow_name).toBe("Triage")
    await d1.prepare("update executions set deleted_at = ? where id = ?").bind(at(0), gone).run()
    expect(await idsOf({ execution_id: gone })).toEqual([])
    const asked = await ask(tracesApi.get, { token: tenant.token, params: { span_id: span.id } })
    expect(problemOf(asked)).toEqual({ status: 404, code: "span.not_found" })
  })

  it("shows one span whole", async () => {
    const { span } = await call(tracesApi.get, { token: tenant.token, params: { span_id: rows.model.id } })
    expect(span).toEqual({ ...rows.model, flow_name: null })
  })

  it("refuses kinds and orders that there are not", async () => {
    for (const query of [
      { kind: "step,nothing" },
      { status: "unset" },
      { sort: "name" },
      { from: "today" },
    ]) {
      const asked = await ask(tracesApi.search, { token: tenant.token, query })
      expect([query, problemOf(asked).code]).toEqual([query, "request.invalid"])
    }
  })
})

describe("the spans of one execution", () => {
  it("come from its journal while it is open, with those under way", async () => {
    const { execution_id } = await newQuestion(tenant.token)
    const { spans: found, next } = await call(tracesApi.ofExecution, {
      token: tenant.token,
      params: { execution_id },
    })
    expect(found.map((span) => [span.kind, span.node_id, span.status])).toEqual(
      expect.arrayContaining([
        ["execution", null, "unset"],
        ["step", "input", "ok"],
        ["step", "ask", "unset"],
        ["approval", "ask", "unset"],
      ]),
    )
    expect(found).toHaveLength(4)
    expect(next).toBeNull()
  })

  it("come in pages, in the order in which they began", async () => {
    const { token } = tenant
    const { flow } = await call(flowsApi.create, { token, body: flowDraft() })
    const { body } = await ask(executionsApi.execute, {
      token,
      params: { flow_id: flow.id },
      body: { inputs: { name: "Ana" } },
      headers: { prefer: "wait=10" },
    })
    const params = { execution_id: body.execution_id }
    const whole = await call(tracesApi.ofExecution, { token, params })
    expect(whole.spans.map((span) => `${span.kind} ${span.node_id ?? ""} ${span.status}`).toSorted()).toEqual(
      ["execution  ok", "step greet ok", "step input ok", "step output ok"],
    )
    const paged: string[] = []
    for (let after: string | undefined; ;) {
      const page = await call(tracesApi.ofExecution, {
        token,
        params,
        query: { limit: 3, ...(after === undefined ? {} : { after }) },
      })
      paged.push(...page.spans.map((span) => span.id))
      if (page.next === null) break
      after = page.next
    }
    expect(paged).toEqual(whole.spans.map((span) => span.id))
  })

  it("are those that were delivered, once it has ended", async () => {
    const execution = newExecution()
    const rows = [2, 0, 1].map((second) => spanDraft(execution, { start_time: at(second) }))
    await keepSpans(tenant.id, rows)
    const d1 = await databaseOf(tenant.id)
    await d1.batch(executions.upserts(d1, [ended(execution)]))
    const { spans: found } = await call(tracesApi.ofExecution, {
      token: tenant.token,
      params: { execution_id: execution },
    })
    expect(found.map((span) => span.start_time)).toEqual([at(0), at(1), at(2)])
  })
})
