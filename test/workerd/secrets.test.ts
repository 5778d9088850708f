import { beforeAll, describe, expect, it } from "vitest"
import { auditWebhookApi } from "#core/contract/audit-webhook"
import { budgetsApi } from "#core/contract/budgets"
import { credentialsApi } from "#core/contract/credentials"
import { providersApi } from "#core/contract/llm-providers"
import { secretsApi } from "#core/contract/secrets"
import { triggersApi } from "#core/contract/triggers"
import { flowsApi } from "#core/contract/flows"
import type { BudgetId, ProviderId } from "#core/ids"
import { controlDb } from "#worker/db/tenant"
import * as identities from "#worker/db/identities"
import * as providers from "#worker/db/llm-providers"
import { settingsOf } from "#worker/env"
import { keysIn } from "#worker/secrets/vault"
import { openKey } from "#worker/services/providers/credentials"
import { tendKeys } from "#worker/services/secrets/tend"
import { ask, call } from "#test/kit/api"
import { databaseOf, dump, dumpControl } from "#test/kit/dump"
import { newTenant, testEnv, type TestTenant } from "#test/kit/tenants"
import { budgetDraft, credentialDraft, flowDraft, providerDraft, webhookDraft } from "#test/kit/world"
import { siteOf } from "#worker/services/triggers/site"

const hourMs = 3_600_000
const secret = "sk-test-0123456789abcdef"
let tenant: TestTenant
let ids: ProviderId[]
let budget: BudgetId
beforeAll(async () => {
  tenant = await newTenant()
  const { token } = tenant
  ids = await Promise.all(
    Array.from(
      { length: 60 },
      async () => (await call(providersApi.create, { token, body: providerDraft() })).llm_provider.id,
    ),
  )
  await call(credentialsApi.create, { token, body: credentialDraft() })
  const { flow } = await call(flowsApi.create, { token, body: flowDraft() })
  await call(triggersApi.create, {
    token,
    body: { ...webhookDraft(flow.id), config: { inputs: "body", signature: { kind: "github" } } },
  })
  const body = { ...budgetDraft(), alert_webhook_url: "https://alerts.internal/" }
  budget = (await call(budgetsApi.create, { token, body })).budget.id
  await call(auditWebhookApi.put, { token, body: { url: "https://audit.internal/" } })
})

const settings = () => settingsOf(testEnv)
const site = async (now = Date.now()) => {
  const slot = (await identities.slotOf(await controlDb(testEnv), tenant.id))!
  return { ...(await siteOf(testEnv, { id: tenant.id, slot })), now }
}
const ring = async () => (await identities.dataKeyOf(await controlDb(testEnv), tenant.id))!
const rotate = () => call(secretsApi.rotate, { token: tenant.token })
async function opened(id: ProviderId): Promise<string> {
  const here = await site()
  const row = (await providers.byId(here.db, id))!
  return openKey(here, settings(), id, row.credentials!)
}

describe("a tenant's key", () => {
  it("is changed with every secret moved, the old one going an hour later", async () => {
    const before = await ring()
    expect(await rotate()).toEqual({ secrets: 64 })
    expect(keysIn(await ring())).toBe(2)
    expect(await ring()).toContain(before)
    expect(await opened(ids[0]!)).toBe(secret)
    await tendKeys(await site(), settings())
    expect(keysIn(await ring())).toBe(2)
    await tendKeys(await site(Date.now() + hourMs + 60_000), settings())
    expect(keysIn(await ring())).toBe(1)
    expect(await ring()).not.toContain(before)
    for (const id of ids.slice(0, 5)) expect(await opened(id)).toBe(secret)
    // Both are signed before the guard sees where they are to go.
    const { token } = tenant
    const { told } = await call(budgetsApi.testAlert, { token, params: { budget_id: budget } })
    const { error } = await call(auditWebhookApi.test, { token })
    expect([told[0]?.error?.code, error?.code]).toEqual(["egress.refused", "egress.refused"])
  })

  it("is changed again and again while 1,000 calls open and seal: none fails, none is lost", async () => {
    const over = new AbortController()
    const rotations = (async () => {
      let done = 0
      for (; !over.signal.aborted && done < 10; done++) await rotate()
      return done
    })()
    const { token } = tenant
    const results = await Promise.all(
      Array.from({ length: 20 }, async (_, worker) => {
        const failures: unknown[] = []
        for (let i = 0; i < 50; i++) {
          const id = ids[(worker * 50 + i) % ids.length]!
          if (i % 10 === 0) {
            const { status } = await ask(providersApi.update, {
              token,
              params: { provider_id: id },
              body: providerDraft(`${worker}-${i}`),
            })
            // Two who change one provider at once are told so; that is no matter of keys.
            if (status !== 200 && status !== 412) failures.push(status)
          } else if ((await opened(id).catch((error: unknown) => error)) !== secret) failures.push(id)
        }
        return failures
      }),
    )
    over.abort()
    expect(await rotations).toBeGreaterThan(2)
    expect(results.flat()).toEqual([])
    await tendKeys(await site(), settings())
    await tendKeys(await site(Date.now() + hourMs + 60_000), settings())
    expect(keysIn(await ring())).toBe(1)
    for (const id of ids) expect(await opened(id)).toBe(secret)
  }, 120_000)

  it("cannot be changed so often that old keys pile up", async () => {
    const many = []
    for (let i = 0; i < 17; i++) many.push((await ask(secretsApi.rotate, { token: tenant.token })).status)
    expect(many.at(-1)).toBe(409)
  }, 60_000)

  it("is in no answer and in no database in the open, and neither are the secrets", async () => {
    const all = JSON.stringify([await dump(await databaseOf(tenant.id)), await dumpControl()])
    expect(all).not.toContain(secret)
    expect(all).not.toContain("shop-token-0123456789abcdef")
  })
})

describe("the installation's key", () => {
  it("is changed by putting a new one first: the tenant's round moves its keys under it", async () => {
    const own = await newTenant()
    const { token } = own
    const { llm_provider } = await call(providersApi.create, { token, body: providerDraft() })
    const control = await controlDb(testEnv)
    const slot = (await identities.slotOf(control, own.id))!
    const here = { ...(await siteOf(testEnv, { id: own.id, slot })), now: Date.now() }
    const fresh = btoa(String.fromCharCode(...new Uint8Array(32).fill(3)))
    const both = { ...settings(), SECRETS_KEK: `k9:${fresh},${settings().SECRETS_KEK}` }
    const only = { ...settings(), SECRETS_KEK: `k9:${fresh}` }
    const row = (await providers.byId(here.db, llm_provider.id))!
    await Promise.all([
      tendKeys(here, both),
      ...Array.from({ length: 50 }, async () =>
        expect(await openKey(here, both, llm_provider.id, row.credentials!)).toBe(secret),
      ),
    ])
    expect((await identities.dataKeyOf(control, own.id))!).toMatch(/^v1\.k9\./)
    expect(await openKey(here, only, llm_provider.id, row.credentials!)).toBe(secret)
    await expect(openKey(here, settings(), llm_provider.id, row.credentials!)).rejects.toThrow(
      "cannot be read",
    )
  })
})
