import { describe, expect, it } from "vitest"
import { auditApi, type AuditRecord } from "#core/contract/audit"
import { credentialsApi } from "#core/contract/credentials"
import type { BodyIn } from "#core/contract/endpoint"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { providersApi } from "#core/contract/llm-providers"
import { toolImportsApi } from "#core/contract/tool-imports"
import { toolsApi } from "#core/contract/tools"
import type { CredentialUse } from "#core/execution/uses"
import type { ExecutionId } from "#core/ids"
import type { Env } from "#worker/env"
import { keepRows } from "#worker/services/privacy/traces"
import { ask, call } from "#test/kit/api"
import { newTool, toolDraft } from "#test/kit/definitions"
import { databaseOf } from "#test/kit/dump"
import { newTenant, refOf, testEnv, unique, type TestTenant } from "#test/kit/tenants"
import { credentialDraft, indexed, providerDraft } from "#test/kit/world"

const wait = { prefer: "wait=20" }

/** It may not be sent to where these tests send it, so nothing leaves the machine. */
const newCredential = async (of: TestTenant) =>
  (await call(credentialsApi.create, { token: of.token, body: credentialDraft() })).credential

const asking = (data: object): BodyIn<typeof flowsApi.create> => ({
  name: unique("flow"),
  nodes: [
    { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
    {
      id: "ask",
      type: "http",
      position: { x: 1, y: 0 },
      data: { method: "GET", url: "https://x.invalid/", ...data },
    },
  ],
  edges: [{ id: "a", source: "input", target: "ask" }],
})

async function executed(of: TestTenant, data: object) {
  const { token } = of
  const { flow } = await call(flowsApi.create, { token, body: asking(data) })
  const params = { flow_id: flow.id }
  const { body } = await ask(executionsApi.execute, { token, params, body: {}, headers: wait })
  await indexed(token, body.execution_id)
  return { flow, execution_id: body.execution_id, status: body.status }
}

/** The uses in the log, once all of it is sealed. */
async function uses(of: TestTenant, query: Record<string, string> = {}): Promise<AuditRecord[]> {
  const all = async () =>
    (
      await call(auditApi.list, {
        token: of.token,
        query: { limit: 200, action: "credential.use", ...query },
      })
    ).entries
  await expect.poll(async () => (await all()).map(({ seq }) => seq), { timeout: 10_000 }).not.toContain(null)
  return all()
}

describe("the use of a credential", () => {
  it("[A67] by a step is one sealed entry, also when the step failed, and none where no credential is", async () => {
    const own = await newTenant()
    const credential = await newCredential(own)
    const { flow, execution_id, status } = await executed(own, { credentials: credential.id })
    expect(status).toBe("failed")
    const told = await uses(own)
    expect(told).toEqual([
      expect.objectContaining({
        actor: own.user,
        target: credential.id,
        request_id: execution_id,
        detail: { after: { execution_id, flow_id: flow.id, node_id: "ask", count: 1 } },
      }),
    ])
    expect(told[0]!.hash).toMatch(/^[0-9a-f]{64}$/)
    await executed(own, {})
    expect(await uses(own)).toEqual(told)
  })

  it("[A67] by a tool that somebody tries out is one, with the tool for what was executed", async () => {
    const own = await newTenant()
    const credential = await newCredential(own)
    const tool = await newTool(own.token, {
      execution_config: { url: "https://x.invalid/{{ input.order }}", credential_id: credential.id },
    })
    const { body } = await ask(toolsApi.invoke, {
      token: own.token,
      params: { tool_id: tool.id },
      body: { input: { order: "7" } },
      headers: wait,
    })
    await indexed(own.token, body.execution_id)
    expect((await uses(own)).map(({ target, actor, detail }) => ({ target, actor, detail }))).toEqual([
      {
        target: credential.id,
        actor: own.user,
        detail: { after: { execution_id: body.execution_id, flow_id: tool.id, node_id: "tool", count: 1 } },
      },
    ])
  })

  it("[A67] is one entry however often it is delivered, before it was sealed and after", async () => {
    const own = await newTenant()
    const credential = await newCredential(own)
    const use = useOf(own, credential.id)
    const ref = await refOf(own)
    for (let i = 0; i < 3; i++) await keepRows(testEnv, ref, rowsOf(use, { ...use, seq: 9 }))
    const told = await uses(own)
    expect(told).toHaveLength(2)
    await keepRows(testEnv, ref, rowsOf(use))
    expect(await uses(own)).toEqual(told)
  })

  it("[A67] is written while no sealer can be had, and is not done with until one is", async () => {
    const own = await newTenant()
    const credential = await newCredential(own)
    const ref = await refOf(own)
    const lease = () => Promise.reject(new Error("the object is overloaded"))
    const away: Env = {
      ...testEnv,
      SEALER: new Proxy(testEnv.SEALER, {
        get: (target, name) =>
          name === "get" ? () => ({ lease }) : (Reflect.get(target, name) as () => unknown).bind(target),
      }),
    }
    const rows = rowsOf(useOf(own, credential.id))
    await expect(keepRows(away, ref, rows)).rejects.toMatchObject({ code: "audit.unavailable" })
    await keepRows(testEnv, ref, rows)
    expect(await uses(own)).toHaveLength(1)
  })

  it("[A67] by each of many steps is one, though no statement could take them all", async () => {
    const own = await newTenant()
    const credential = await newCredential(own)
    const one = useOf(own, credential.id)
    const many = Array.from({ length: 30 }, (_, i) => ({ ...one, within: `${"x".repeat(100_000)}/${i}` }))
    await keepRows(testEnv, await refOf(own), rowsOf(...many))
    const written = await (
      await databaseOf(own.id)
    )
      .prepare("select count(*) as count from audit_entries where action = 'credential.use'")
      .first<{ count: number }>()
    expect(written).toEqual({ count: 30 })
  })

  it("[A67] by a person is one: to see what a server offers, and to check a tool of it", async () => {
    const own = await newTenant()
    const credential = await newCredential(own)
    const url = "https://x.invalid/mcp"
    const mcp = { token: own.token, body: { url, credential_id: credential.id } }
    expect((await ask(toolImportsApi.mcp, mcp)).status).toBe(422)
    const config = { url, tool_name: "find", credential_id: credential.id }
    const body = { ...toolDraft(), kind: "mcp", execution_config: config } as const
    const { tool } = await call(toolsApi.create, { token: own.token, body })
    await call(toolsApi.validate, { token: own.token, params: { tool_id: tool.id } })
    const told = await uses(own, { target: credential.id })
    expect(told.map(({ actor, detail }) => [actor, (detail as { after: object }).after])).toEqual([
      [own.user, { for: "tool.validate", tool_id: tool.id }],
      [own.user, { for: "tool.import" }],
    ])
  })

  it("[A67] of a model provider is told where a person tries it", async () => {
    const own = await newTenant()
    const { token } = own
    const { llm_provider: provider } = await call(providersApi.create, {
      token,
      body: providerDraft(),
    })
    await ask(providersApi.test, { token, params: { provider_id: provider.id } })
    const { entries } = await call(auditApi.list, { token, query: { action: "provider.test" } })
    expect(entries).toEqual([expect.objectContaining({ actor: own.user, target: provider.id })])
  })
})

const useOf = (of: TestTenant, credential_id: string): CredentialUse => ({
  credential_id,
  execution_id: "exec_0001JD0000000000000000000000" as ExecutionId,
  flow_id: "flow_1",
  actor: of.user,
  node_id: "each",
  within: "each/ask",
  count: 10_000,
  at: "2026-11-22T12:00:00.000Z",
  seq: 7,
})
const rowsOf = (...used: CredentialUse[]) => ({ executions: [], approvals: [], spans: [], uses: used })
