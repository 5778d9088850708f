import { beforeAll, describe, expect, it } from "vitest"
import type { BodyIn } from "#core/contract/endpoint"
import { credentialsApi } from "#core/contract/credentials"
import { flowsApi } from "#core/contract/flows"
import { controlDb, tenantDb } from "#worker/db/tenant"
import { settingsOf } from "#worker/env"
import { resolveCredential } from "#worker/services/credentials/resolve"
import { ask, call, problemOf } from "#test/kit/api"
import { databaseOf, dump, dumpControl } from "#test/kit/dump"
import { newMember, newTenant, refOf, testEnv, unique, type TestTenant } from "#test/kit/tenants"
import { credentialDraft } from "#test/kit/world"

let tenant: TestTenant
let slot: string
beforeAll(async () => {
  tenant = await newTenant()
  slot = (await refOf(tenant)).slot
})

type Draft = BodyIn<typeof credentialsApi.create>

const secret = credentialDraft().secret
const as = (id: string, token = tenant.token) => ({ token, params: { credential_id: id } })
const create = async (change: Partial<Draft> = {}) =>
  (await call(credentialsApi.create, { token: tenant.token, body: { ...credentialDraft(), ...change } }))
    .credential
const invalid = (...paths: string[]) => ({ status: 400, code: "request.invalid", paths })
const without = <K extends keyof Draft>(draft: Draft, key: K): Omit<Draft, K> => {
  const { [key]: _, ...rest } = draft
  return rest
}

/** What an `http` step would be given. */
const resolve = async (id: string) =>
  resolveCredential(
    {
      now: Date.now(),
      tenant: { id: tenant.id },
      db: () => tenantDb(testEnv, slot),
      control: () => controlDb(testEnv),
    },
    settingsOf(testEnv),
    id,
  )

const flowWith = (credential: string, name = unique("flow")): BodyIn<typeof flowsApi.create> => ({
  name,
  nodes: [
    { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
    {
      id: "ask",
      type: "http",
      position: { x: 1, y: 0 },
      data: { method: "GET", url: "https://api.example.com/", credentials: credential },
    },
  ],
  edges: [{ id: "a", source: "input", target: "ask" }],
})

describe("credentials", () => {
  it("[A62] keep their secret to themselves, at rest too", async () => {
    const created = await ask(credentialsApi.create, { token: tenant.token, body: credentialDraft("Shop") })
    expect(created.status).toBe(201)
    expect(created.headers.get("etag")).toBe('"v1"')
    const { credential } = created.body
    expect(credential).toMatchObject({
      name: "Shop",
      kind: "bearer",
      secret: { set: true, hint: "…cdef" },
      allowed_hosts: ["api.example.com"],
      is_active: true,
    })
    await call(credentialsApi.update, {
      ...as(credential.id),
      body: { ...credentialDraft("Shop"), secret: "another-secret-zyxw" },
    })
    const told = [
      created.text,
      JSON.stringify(await call(credentialsApi.get, as(credential.id))),
      JSON.stringify(await call(credentialsApi.list, { token: tenant.token })),
      JSON.stringify(await dump(await databaseOf(tenant.id))),
      JSON.stringify(await dumpControl()),
    ]
    for (const text of told) {
      expect(text).not.toContain(secret)
      expect(text).not.toContain("another-secret")
    }
    expect(await resolve(credential.id)).toMatchObject({ secret: "another-secret-zyxw" })
  })

  it("show viewers and executors their names, and how they are sent to nobody but those who may change it", async () => {
    const made = await create({ name: "Only a name" })
    for (const role of ["viewer", "executor"] as const) {
      const { token } = await newMember(tenant, role)
      const { credential } = await call(credentialsApi.get, as(made.id, token))
      expect(Object.keys(credential).sort()).toEqual([
        "created_at",
        "id",
        "is_active",
        "kind",
        "name",
        "updated_at",
        "version",
      ])
      const list = await call(credentialsApi.list, { token, query: { search: "only a" } })
      expect(list.credentials).toEqual([credential])
      const refused = await ask(credentialsApi.create, { token, body: credentialDraft() })
      expect(problemOf(refused)).toMatchObject({ status: 403, code: "access.denied" })
      expect((await ask(credentialsApi.remove, as(made.id, token))).status).toBe(403)
    }
    const editor = await newMember(tenant, "editor")
    const { credential } = await call(credentialsApi.get, as(made.id, editor.token))
    expect(credential.allowed_hosts).toEqual(["api.example.com"])
    const theirs = await ask(credentialsApi.create, { token: editor.token, body: credentialDraft() })
    expect(theirs.status).toBe(201)
  })

  it("want their secret again before it goes to further hosts or another way", async () => {
    const made = await create({ allowed_hosts: ["*.example.com", "api.example.org"] })
    const draft = { ...credentialDraft(), name: "Same", allowed_hosts: ["*.example.com", "api.example.org"] }
    const put = (change: Partial<Draft>) =>
      ask(credentialsApi.update, { ...as(made.id), body: { ...without(draft, "secret"), ...change } })
    const before = await call(credentialsApi.get, as(made.id))
    const wider: Partial<Draft>[] = [
      { allowed_hosts: ["evil.example.net"] },
      { allowed_hosts: [...draft.allowed_hosts, "example.com"] },
      { allowed_hosts: ["*.example.org"] },
      { allowed_hosts: ["notexample.com"] },
      { kind: "query", config: { parameter: "key" } },
    ]
    for (const change of wider) expect(problemOf(await put(change))).toEqual(invalid("secret"))
    expect(await call(credentialsApi.get, as(made.id))).toEqual(before)
    for (const allowed_hosts of [
      ["api.example.org"],
      ["api.example.com", "*.eu.example.com"],
      draft.allowed_hosts,
    ]) {
      const fresh = await create({ allowed_hosts: draft.allowed_hosts })
      const narrowed = await ask(credentialsApi.update, {
        ...as(fresh.id),
        body: { ...without(draft, "secret"), allowed_hosts },
      })
      expect([allowed_hosts, narrowed.status]).toEqual([allowed_hosts, 200])
    }
    expect((await put({ allowed_hosts: ["evil.example.net"], secret: "i-know-this-one" })).status).toBe(200)
  })

  it("are changed from the version that was read, and their change is in the log without the secret", async () => {
    const made = await create()
    const body = without({ ...credentialDraft("Renamed"), is_active: false }, "secret")
    const changed = await call(credentialsApi.update, {
      ...as(made.id),
      headers: { "if-match": '"v1"' },
      body,
    })
    expect(changed.credential).toMatchObject({ name: "Renamed", is_active: false, version: 2 })
    const stale = await ask(credentialsApi.update, { ...as(made.id), headers: { "if-match": '"v1"' }, body })
    expect(problemOf(stale)).toEqual({ status: 412, code: "conflict.stale" })
    const { results } = await (
      await databaseOf(tenant.id)
    )
      .prepare("select action, detail from audit_entries where target = ? order by id")
      .bind(made.id)
      .all<{ action: string; detail: string }>()
    expect(results.map((one) => one.action)).toEqual(["credential.create", "credential.update"])
    expect(JSON.parse(results[1]!.detail)).toMatchObject({
      before: { is_active: true },
      after: { name: "Renamed", is_active: false, new_secret: false },
    })
  })

  it("are refused when they could not work, and never with the secret in the answer", async () => {
    const cases: [Partial<Record<keyof Draft, unknown>>, string[]][] = [
      [{ kind: "basic" }, ["config.user_name"]],
      [{ kind: "header" }, ["config.header"]],
      [{ kind: "query" }, ["config.parameter"]],
      [{ kind: "bearer", config: { header: "X-Key" } }, ["config.header"]],
      [{ kind: "header", config: { header: "Host" } }, ["config.header"]],
      [{ kind: "header", config: { header: "X Key" } }, ["config.header"]],
      [{ kind: "header", config: { header: "X-Key\r\nX-Other: 1" } }, ["config.header"]],
      [{ kind: "basic", config: { user_name: "a:b" } }, ["config.user_name"]],
      [{ kind: "oauth" }, ["kind"]],
      [{ secret: "short" }, ["secret"]],
      [{ secret: "shop-token\r\nx-injected: 1" }, ["secret"]],
      [{ secret: "schlüssel-zum-laden" }, ["secret"]],
      [{ allowed_hosts: [] }, ["allowed_hosts"]],
      [{ allowed_hosts: ["https://api.example.com"] }, ["allowed_hosts.0"]],
      [{ allowed_hosts: ["api.example.com/v1"] }, ["allowed_hosts.0"]],
      [{ allowed_hosts: ["*"] }, ["allowed_hosts.0"]],
      [{ allowed_hosts: ["*.com"] }, ["allowed_hosts.0"]],
      [{ allowed_hosts: ["api.*.com"] }, ["allowed_hosts.0"]],
      [{ allowed_hosts: ["user@api.example.com"] }, ["allowed_hosts.0"]],
    ]
    for (const [change, paths] of cases) {
      const answered = await ask(credentialsApi.create, {
        token: tenant.token,
        body: { ...credentialDraft(), ...change },
      })
      expect([change, problemOf(answered)]).toEqual([change, invalid(...paths)])
      expect(answered.text).not.toContain(secret)
    }
    const fine = await create({
      kind: "header",
      config: { header: "X-Api-Key" },
      allowed_hosts: [" API.Example.COM "],
    })
    expect(fine.allowed_hosts).toEqual(["api.example.com"])
  })

  it("that a flow names stay, and say which; others go and come back with their secret", async () => {
    const made = await create()
    const { flow } = await call(flowsApi.create, {
      token: tenant.token,
      body: flowWith(made.id, "Asks the shop"),
    })
    await call(flowsApi.create, {
      token: tenant.token,
      body: { ...flowWith("cred_none"), name: "Asks nobody" },
    })
    const used_by = [{ id: flow.id, name: "Asks the shop" }]
    expect((await call(credentialsApi.get, as(made.id))).used_by).toEqual(used_by)
    const refused = await ask(credentialsApi.remove, as(made.id))
    expect(problemOf(refused)).toMatchObject({ status: 409, code: "credential.in_use" })
    expect(refused.text).toContain("Asks the shop")
    // Published: the draft lets go of it, what is served does not.
    const named = { token: tenant.token, params: { flow_id: flow.id } }
    await call(flowsApi.publish, named)
    const other = await create()
    await call(flowsApi.update, { ...named, body: flowWith(other.id, "Asks the shop") })
    expect((await call(credentialsApi.get, as(made.id))).used_by).toEqual(used_by)
    await call(flowsApi.publish, named)
    expect((await call(credentialsApi.get, as(made.id))).used_by).toEqual([])
    expect((await ask(credentialsApi.remove, as(made.id))).status).toBe(204)
    expect(await resolve(made.id)).toBeUndefined()
    expect(problemOf(await ask(credentialsApi.get, as(made.id)))).toEqual({
      status: 404,
      code: "credential.not_found",
    })
    const { credential } = await call(credentialsApi.restore, as(made.id))
    expect(credential).toMatchObject({ id: made.id, secret: made.secret })
    expect(await resolve(made.id)).toMatchObject({ secret })
  })

  it("that are turned off are nobody's at once", async () => {
    const made = await create()
    expect(await resolve(made.id)).toMatchObject({ secret, allowed_hosts: ["api.example.com"] })
    await call(credentialsApi.update, {
      ...as(made.id),
      body: { ...without(credentialDraft(), "secret"), is_active: false },
    })
    expect(await resolve(made.id)).toBeUndefined()
    expect(await resolve("cred_nonsense")).toBeUndefined()
  })
})
