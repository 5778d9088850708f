import { beforeAll, describe, expect, it } from "vitest"
import { providersApi } from "#core/contract/llm-providers"
import { tracesApi } from "#core/contract/traces"
import { aliasesApi } from "#core/contract/model-aliases"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { ask, call, fetchText, origin, problemOf } from "#test/kit/api"
import { databaseOf, dump, dumpControl } from "#test/kit/dump"
import { newTenant, testEnv, unique, type TestTenant } from "#test/kit/tenants"
import { providerDraft } from "#test/kit/world"

let tenant: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
})

const secret = "sk-test-0123456789abcdef"
const as = (id: string) => ({ token: tenant.token, params: { provider_id: id } })
const create = async (body = providerDraft()) =>
  (await call(providersApi.create, { token: tenant.token, body })).llm_provider
const list = async () =>
  (await call(providersApi.list, { token: tenant.token, query: { limit: 200 } })).llm_providers
const invalid = (path: string) => ({ status: 400, code: "request.invalid", paths: [path] })

describe("a tenant without a vendor's key", () => {
  it("[11] gets an error, never the key of another tenant or of the installation", async () => {
    const others = await create(providerDraft("Paid by somebody else"))
    const poor = await newTenant()
    const token = poor.token
    const headers = { "x-tenant-id": tenant.id, "x-api-key": "", "x-instance-url": "", host: "localhost" }
    // What it does not have is its own default provider's to answer: the builtin one, which has no key and sends nothing.
    for (const model of [`${others.id}/small`, "gpt-5", `${others.name}/small`]) {
      const marked = unique("whose")
      const body = JSON.stringify({ model, messages: [{ role: "user", content: `Say ${marked}` }] })
      const answered = await fetchText(`${origin}/v1/chat/completions`, {
        method: "POST",
        headers: { ...headers, authorization: `Bearer ${token}`, "content-type": "application/json" },
        body,
      })
      expect([model, answered.status]).toEqual([model, 200])
      const spanOf = async () => (await call(tracesApi.search, { token, query: { text: marked } })).spans[0]
      await expect.poll(spanOf, { timeout: 10_000 }).toMatchObject({ kind: "model", cost_micros: 0 })
      const { attributes } = (await spanOf())!
      expect(attributes).toMatchObject({ "gen_ai.provider.name": "builtin" })
    }
    for (const provider_type of ["openai", "anthropic", "google", "xai"] as const) {
      const body = { ...providerDraft(), provider_type, config: {}, api_credentials: {} }
      const made = await ask(providersApi.create, { token, body, headers })
      expect([provider_type, problemOf(made)]).toMatchObject([
        provider_type,
        { status: 422, code: "provider.no_credentials" },
      ])
    }
    expect((await ask(providersApi.test, { token, params: { provider_id: others.id } })).status).toBe(404)
    const vendors = /openai|anthropic|claude|gemini|google|xai|grok|vendor|model|llm/i
    expect(Object.keys(testEnv).filter((name) => vendors.test(name))).toEqual([])
  })
})

describe("providers", () => {
  it("begin with the builtin one, as the default", async () => {
    const fresh = await newTenant()
    const { llm_providers } = await call(providersApi.list, { token: fresh.token })
    expect(llm_providers).toMatchObject([
      {
        name: "Builtin",
        provider_type: "builtin",
        is_default: true,
        is_active: true,
        api_credentials: { set: false },
      },
    ])
    const result = await call(providersApi.test, {
      token: fresh.token,
      params: { provider_id: llm_providers[0]!.id },
    })
    expect(result).toMatchObject({ ok: true, models: [expect.any(String)] })
  })

  it("[A62] keep their API key to themselves", async () => {
    const created = await ask(providersApi.create, { token: tenant.token, body: providerDraft("Vendor") })
    expect(created.status).toBe(201)
    expect(created.headers.get("etag")).toBe('"v1"')
    const { llm_provider } = created.body
    expect(llm_provider.api_credentials).toEqual({ set: true, hint: "…cdef" })
    const told = [
      created.text,
      JSON.stringify(await call(providersApi.get, as(llm_provider.id))),
      JSON.stringify(await list()),
      JSON.stringify(await dump(await databaseOf(tenant.id))),
      JSON.stringify(await dumpControl()),
    ]
    for (const text of told) expect(text).not.toContain(secret)
  })

  it("keep credentials that are not sent again, and take new ones", async () => {
    const made = await create()
    const { api_credentials: _, ...rest } = providerDraft("Renamed")
    const kept = await call(providersApi.update, { ...as(made.id), body: rest })
    expect(kept.llm_provider).toMatchObject({
      name: "Renamed",
      version: 2,
      api_credentials: { hint: "…cdef" },
    })
    const changed = await call(providersApi.update, {
      ...as(made.id),
      headers: { "if-match": '"v2"' },
      body: { ...rest, api_credentials: { api_key: "sk-another-key-9876" } },
    })
    expect(changed.llm_provider.api_credentials).toEqual({ set: true, hint: "…9876" })
    const stale = await ask(providersApi.update, {
      ...as(made.id),
      headers: { "if-match": '"v2"' },
      body: rest,
    })
    expect(problemOf(stale)).toEqual({ status: 412, code: "conflict.stale" })
  })

  it("do not send a stored key to another address", async () => {
    const made = await create()
    const { api_credentials: _, ...rest } = providerDraft()
    const elsewhere = { ...rest, config: { base_url: "https://evil.example.com/v1" } }
    const before = await call(providersApi.get, as(made.id))
    const refused = await ask(providersApi.update, { ...as(made.id), body: elsewhere })
    expect(problemOf(refused)).toEqual(invalid("api_credentials.api_key"))
    expect(await call(providersApi.get, as(made.id))).toEqual(before)
    const proven = await ask(providersApi.update, {
      ...as(made.id),
      body: { ...elsewhere, api_credentials: { api_key: "sk-the-other-vendor" } },
    })
    expect(proven.status).toBe(200)
  })

  it("have one default, which can be neither deleted nor switched off", async () => {
    const own = await newTenant()
    const mine = (id: string) => ({ token: own.token, params: { provider_id: id } })
    const all = async () => (await call(providersApi.list, { token: own.token })).llm_providers
    const builtin = (await all())[0]!
    const { llm_provider: made } = await call(providersApi.create, {
      token: own.token,
      body: { ...providerDraft(), is_default: true },
    })
    expect((await all()).filter((one) => one.is_default).map((one) => one.id)).toEqual([made.id])
    expect(problemOf(await ask(providersApi.remove, mine(made.id)))).toEqual({
      status: 409,
      code: "provider.in_use",
    })
    const off = await ask(providersApi.update, {
      ...mine(made.id),
      body: { ...providerDraft(), is_active: false },
    })
    expect(problemOf(off)).toEqual(invalid("is_active"))
    const undone = await ask(providersApi.update, {
      ...mine(made.id),
      body: { ...providerDraft(), is_default: false },
    })
    expect(problemOf(undone)).toEqual({ status: 409, code: "provider.in_use" })
    const body = { name: "Builtin", is_default: true }
    const back = await call(providersApi.update, { ...mine(builtin.id), body })
    expect(back.llm_provider.is_default).toBe(true)
    expect((await all()).filter((one) => one.is_default).map((one) => one.id)).toEqual([builtin.id])
    expect((await ask(providersApi.remove, mine(made.id))).status).toBe(204)
  })

  it("stay one default when many are made at once", async () => {
    const own = await newTenant()
    const many = await Promise.all(
      Array.from({ length: 8 }, () =>
        ask(providersApi.create, { token: own.token, body: { ...providerDraft(), is_default: true } }),
      ),
    )
    expect(many.map((one) => one.status)).toEqual(Array(8).fill(201))
    const { llm_providers } = await call(providersApi.list, { token: own.token })
    expect(llm_providers.filter((one) => one.is_default)).toHaveLength(1)
  })

  it("go and come back, with their credentials", async () => {
    const made = await create()
    expect((await ask(providersApi.remove, as(made.id))).status).toBe(204)
    expect(problemOf(await ask(providersApi.get, as(made.id)))).toEqual({
      status: 404,
      code: "provider.not_found",
    })
    const { llm_provider } = await call(providersApi.restore, as(made.id))
    expect(llm_provider).toMatchObject({
      id: made.id,
      api_credentials: made.api_credentials,
      is_default: false,
    })
  })

  it("are refused when they could not work", async () => {
    const cases = [
      [
        { ...providerDraft(), provider_type: "openai", api_credentials: undefined },
        { status: 422, code: "provider.no_credentials", paths: ["api_credentials.api_key"] },
      ],
      [{ ...providerDraft(), config: {} }, invalid("config.base_url")],
      [{ ...providerDraft(), provider_type: "skynet" }, invalid("provider_type")],
      [{ ...providerDraft(), provider_type: "workers_ai" }, invalid("config.account_id")],
      [{ ...providerDraft(), config: { base_url: "ftp://models.example.com" } }, invalid("config.base_url")],
      [{ ...providerDraft(), is_active: false, is_default: true }, invalid("is_active")],
    ] as const
    for (const [body, expected] of cases) {
      const answered = await ask(providersApi.create, { token: tenant.token, body })
      expect(problemOf(answered)).toEqual(expected)
    }
  })

  it.each([
    "http://127.0.0.1:8080/v1",
    "http://169.254.169.254/latest",
    "http://[::1]/",
    "http://localhost/v1",
    "https://user:pass@models.example.com/",
    "http://0x7f.1/",
  ])("[A5] may not lie at %s", async (base_url) => {
    const answered = await ask(providersApi.create, {
      token: tenant.token,
      body: { ...providerDraft(), config: { base_url } },
    })
    expect(problemOf(answered)).toEqual(invalid("config.base_url"))
  })

  it("that are switched off or gone fail the step that names them, and say so", async () => {
    const made = await create({ ...providerDraft("Off"), is_active: false })
    const { flow } = await call(flowsApi.create, {
      token: tenant.token,
      body: {
        name: "Names a provider",
        nodes: [
          { id: "input", type: "input", position: { x: 0, y: 0 } },
          {
            id: "llm",
            type: "llm",
            position: { x: 1, y: 0 },
            data: { prompt: "Hello", llm_provider_id: made.id },
          },
        ],
        edges: [{ id: "a", source: "input", target: "llm" }],
      },
    })
    const executed = async () => {
      const answered = await ask(executionsApi.execute, {
        token: tenant.token,
        params: { flow_id: flow.id },
        body: {},
        headers: { prefer: "wait=10" },
      })
      return answered.body
    }
    expect(await executed()).toMatchObject({
      status: "failed",
      error: { code: "model.not_found", message: expect.stringContaining("Off") as unknown },
    })
    await call(providersApi.remove, as(made.id))
    expect(await executed()).toMatchObject({ status: "failed", error: { code: "model.not_found" } })
  })
})

describe("prices of one's own", () => {
  const prices = { builtin: { input: 1_000_000, output: 3_000_000 } }
  const priced = (name: string) =>
    create({ name, provider_type: "builtin", api_credentials: {}, config: { prices } } as never)

  it("pay for the calls to their provider, and stand in its journal and in the table", async () => {
    const made = await priced("Priced")
    const told = await call(aliasesApi.prices, { token: tenant.token })
    expect(told.prices.filter(({ llm_provider_id: id }) => id !== null)).toEqual([
      {
        provider_type: "builtin",
        llm_provider_id: made.id,
        model: "builtin",
        ...prices.builtin,
        cache_read: null,
        cache_write: null,
        reasoning: null,
      },
    ])
    const { flow } = await call(flowsApi.create, {
      token: tenant.token,
      body: {
        name: "Pays",
        nodes: [
          { id: "input", type: "input", position: { x: 0, y: 0 } },
          {
            id: "llm",
            type: "llm",
            position: { x: 1, y: 0 },
            data: { prompt: "Hello", llm_provider_id: made.id },
          },
        ],
        edges: [{ id: "a", source: "input", target: "llm" }],
      },
    })
    const { execution_id } = (
      await ask(executionsApi.execute, {
        token: tenant.token,
        params: { flow_id: flow.id },
        body: {},
        headers: { prefer: "wait=10" },
      })
    ).body
    const { execution } = await call(executionsApi.get, { token: tenant.token, params: { execution_id } })
    // A dollar and three for a million tokens are a micro-dollar and three for one.
    const { input_tokens, output_tokens, cost_micros } = execution
    expect([execution.status, input_tokens > 0, output_tokens > 0]).toEqual(["succeeded", true, true])
    expect(cost_micros).toBe(input_tokens + 3 * output_tokens)
    const { events } = await call(executionsApi.events, {
      token: tenant.token,
      params: { execution_id },
    })
    expect(events.find(({ type }) => type === "model.started")).toMatchObject({
      data: { model: "builtin", price: { version: "own", ...prices.builtin } },
    })
    await call(providersApi.remove, as(made.id))
    const after = await call(aliasesApi.prices, { token: tenant.token })
    expect(after.prices.some(({ llm_provider_id: id }) => id !== null)).toBe(false)
  })

  it("are whole, and none of them is negative", async () => {
    const wrong = async (one: object) => {
      const body = { ...providerDraft("Wrong"), config: { base_url: "https://a.example/v1", prices: one } }
      return problemOf(await ask(providersApi.create, { token: tenant.token, body }))
    }
    expect(await wrong({ "gpt-5.1": { input: 1 } })).toEqual(invalid("config.prices.gpt-5.1.output"))
    expect(await wrong({ m: { input: -1, output: 0 } })).toEqual(invalid("config.prices.m.input"))
    expect(await wrong({ m: { input: 0.5, output: 0 } })).toEqual(invalid("config.prices.m.input"))
    expect(await wrong({ m: { input: 1e11, output: 0 } })).toEqual(invalid("config.prices.m.input"))
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`m${i}`, { input: 1, output: 1 }]))
    expect(await wrong(many)).toEqual(invalid("config.prices"))
  })
})
