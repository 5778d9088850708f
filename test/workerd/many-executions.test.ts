import { beforeAll, describe, expect, it, vi } from "vitest"
import { debuggingApi } from "#core/contract/debugging"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import type { ExecutionId } from "#core/ids"
import { ask, call, problemOf } from "#test/kit/api"
import { databaseOf, dump } from "#test/kit/dump"
import { newKey, newMember, newTenant, type TestTenant } from "#test/kit/tenants"
import { endOf, flowDraft, newQuestion } from "#test/kit/world"

let tenant: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
})

/** An execution that has ended, of a flow of that name. */
async function over(token: string, name?: string): Promise<ExecutionId> {
  const { flow } = await call(flowsApi.create, { token, body: flowDraft(name) })
  const { body } = await ask(executionsApi.execute, {
    token,
    params: { flow_id: flow.id },
    body: { inputs: { name: "Ana" } },
    headers: { prefer: "wait=10" },
  })
  return body.execution_id
}
const token = () => tenant.token

describe("many executions", () => {
  const bulk = (action: "cancel" | "delete", execution_ids: string[], as = token()) =>
    ask(debuggingApi.bulk, { token: as, body: { action, execution_ids } })
  const waitFor = async (id: ExecutionId, status: string) =>
    vi.waitFor(
      async () => {
        const { executions } = await call(executionsApi.list, { token: token(), query: { search: id } })
        expect(executions[0]?.status).toBe(status)
      },
      { timeout: 10_000 },
    )

  it("are cancelled; those that have ended or do not exist say so", async () => {
    const [one, two] = [await newQuestion(token()), await newQuestion(token())]
    const ended = await over(token())
    const other = await newTenant()
    const foreign = (await newQuestion(other.token)).execution_id
    const ids = [one.execution_id, two.execution_id, ended, foreign, one.execution_id]
    const { body } = await bulk("cancel", ids)
    expect(body.done).toEqual([one.execution_id, two.execution_id])
    expect(new Map(body.refused.map((each) => [each.execution_id, each.code]))).toEqual(
      new Map([
        [ended, "execution.settled"],
        [foreign, "execution.not_found"],
      ]),
    )
    expect((await endOf(token(), two.execution_id)).status).toBe("cancelled")
    const { nodes } = await call(executionsApi.get, { token: other.token, params: { execution_id: foreign } })
    expect(nodes.some((node) => node.status === "waiting")).toBe(true)
  })

  it("are deleted when they have ended, and are gone for everybody", async () => {
    const ended = await over(token())
    const open = await newQuestion(token())
    await waitFor(ended, "succeeded")
    await waitFor(open.execution_id, "waiting")
    const { body } = await bulk("delete", [ended, open.execution_id])
    expect(body.done).toEqual([ended])
    expect(body.refused).toMatchObject([{ execution_id: open.execution_id, code: "execution.not_settled" }])
    const params = { execution_id: ended }
    const gone = { status: 404, code: "execution.not_found" }
    for (const endpoint of [
      executionsApi.get,
      executionsApi.events,
      executionsApi.stream,
      debuggingApi.export,
    ])
      expect(problemOf(await ask(endpoint, { token: token(), params }))).toEqual(gone)
    expect(
      problemOf(await ask(debuggingApi.fork, { token: token(), params, body: { from_step: "greet" } })),
    ).toEqual(gone)
    const { total } = await call(executionsApi.list, { token: token(), query: { search: ended } })
    expect(total).toBe(0)
    expect((await bulk("delete", [ended])).body.refused).toMatchObject([{ code: "execution.not_found" }])
    const entries = (await dump(await databaseOf(tenant.id)))["audit_entries"]!
    expect(entries.filter((entry) => String(entry["detail"]).includes(ended))).toMatchObject([
      { action: "execution.delete", actor: tenant.user },
    ])
  })

  it("are deleted by those who may, whoever may cancel", async () => {
    const executor = await newMember(tenant, "executor")
    const key = await newKey(tenant, "execution.cancel")
    for (const as of [executor.token, key])
      expect(problemOf(await bulk("delete", ["exec_0001JD0000000000000000000000"], as))).toEqual({
        status: 403,
        code: "access.denied",
      })
    expect(problemOf(await bulk("cancel", []))).toMatchObject({ status: 400 })
  })
})

describe("the list as a file", () => {
  let acme: TestTenant
  const names = [
    "=cmd|'/c calc'!A1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "  =1",
    "＝1+1",
    'say "hi", ok',
    "plain",
  ]
  beforeAll(async () => {
    acme = await newTenant()
    for (const name of names) {
      await over(acme.token, name)
    }
    await vi.waitFor(
      async () => {
        const query = { status: "succeeded" }
        const { total } = await call(executionsApi.list, { token: acme.token, query })
        expect(total).toBe(names.length)
      },
      { timeout: 10_000 },
    )
  })
  const file = (query: Record<string, string> = {}) =>
    ask(debuggingApi.exportList, { token: acme.token, query })

  it("[A2] holds nothing that a spreadsheet takes for a formula", async () => {
    const answered = await file()
    expect(answered.headers.get("content-type")).toContain("text/csv")
    expect(answered.headers.get("content-disposition")).toBe('attachment; filename="executions.csv"')
    const [head, ...lines] = answered.text.trimEnd().split("\r\n")
    expect(head).toMatch(/^id,flow_id,flow_name,flow_version,status,/)
    expect(lines).toHaveLength(names.length)
    for (const cell of lines.flatMap((line) => line.match(/("(?:[^"]|"")*"|[^,]*)/g) ?? [])) {
      expect([cell, /^"?\s*[=+\-@＝]/.test(cell)]).toEqual([cell, false])
    }
    expect(answered.text).toContain(`'=cmd|'/c calc'!A1`)
    expect(answered.text).toContain('"say ""hi"", ok"')
  })

  it("is one JSON object a line, the newest first, with the filters of the list", async () => {
    const answered = await file({ format: "ndjson" })
    expect(answered.headers.get("content-type")).toContain("ndjson")
    const rows = answered.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { id: string; flow_name: string })
    const { executions } = await call(executionsApi.list, { token: acme.token, query: { limit: 100 } })
    expect(rows).toEqual(executions)
    const found = await file({ format: "ndjson", search: "plain", status: "succeeded,failed" })
    expect(found.text.trimEnd().split("\n")).toHaveLength(1)
    expect((await file({ format: "ndjson", status: "failed" })).text).toBe("")
    expect(problemOf(await file({ status: "done" }))).toMatchObject({ status: 400, paths: ["status"] })
  })

  it("goes on page by page, also where many were begun in one moment", async () => {
    const d1 = await databaseOf(acme.id)
    const crowd = `with recursive n (i) as (select 1 union all select i + 1 from n where i < 1200)
      insert into executions (id, flow_id, flow_name, status, actor, created_at, input_tokens, output_tokens, cost_micros)
      select 'exec_00' || printf('%026d', i), 'flow_x', 'Crowd', 'succeeded', 'user_x', '2026-01-01T00:00:00.000Z', 0, 0, 0 from n`
    await d1.prepare(crowd).run()
    const { text } = await file({ format: "ndjson", search: "Crowd" })
    const ids = text
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { id: string }).id)
    expect([ids.length, new Set(ids).size]).toEqual([1_200, 1_200])
  })
})
