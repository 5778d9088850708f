import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test"
import { verify, createPublicKey } from "node:crypto"
import { beforeAll, describe, expect, it, vi } from "vitest"
import { auditApi, type AuditRecord } from "#core/contract/audit"
import { authApi } from "#core/contract/auth"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import type { Endpoint } from "#core/contract/endpoint"
import { fromBase64, fromHex } from "#core/audit/bytes"
import { faultsOf, type SealedEntry } from "#core/audit/entry"
import { leafHash, verifyConsistency, verifyInclusion } from "#core/audit/merkle"
import { parseCheckpoint, parseNote, parseVerifierKey, signatureBy } from "#core/audit/note"
import { createApp } from "#worker/app"
import type { Env } from "#worker/env"
import { addressOf, ask, call, fetchText, origin, problemOf, type Ask } from "#test/kit/api"
import { databaseOf, dump } from "#test/kit/dump"
import { newKey, newMember, newTenant, password, testEnv, unique, type TestTenant } from "#test/kit/tenants"
import { flowDraft } from "#test/kit/world"

let tenant: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
})

const entriesOf = async (of: TestTenant, query: Record<string, string | number> = {}) =>
  (await call(auditApi.list, { token: of.token, query })).entries

/** The log once all of it is sealed. */
async function sealed(of: TestTenant, query: Record<string, string | number> = {}): Promise<AuditRecord[]> {
  const all = () => entriesOf(of, { limit: 200, ...query })
  await expect.poll(async () => (await all()).map(({ seq }) => seq), { timeout: 10_000 }).not.toContain(null)
  return all()
}

const newFlow = async (of: TestTenant, name = unique("flow")) =>
  (await call(flowsApi.create, { token: of.token, body: flowDraft(name) })).flow

/** An export, line by line. */
async function exported(of: TestTenant): Promise<Record<string, unknown>[]> {
  const { text, headers } = await ask(auditApi.export, { token: of.token })
  expect(headers.get("content-disposition")).toMatch(/^attachment; filename="audit-tenant_/)
  expect(text.endsWith("\n")).toBe(true)
  return text
    .slice(0, -1)
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** What a checkpoint is over, once its signature holds. */
function read(note: string, key: string) {
  const by = parseVerifierKey(key)!
  const parsed = parseNote(note)!
  const jwk = { kty: "OKP", crv: "Ed25519", x: Buffer.from(by.publicKey).toString("base64url") }
  const publicKey = createPublicKey({ key: jwk, format: "jwk" })
  expect(verify(null, Buffer.from(parsed.text), publicKey, signatureBy(parsed, by)!)).toBe(true)
  return parseCheckpoint(parsed.text)!
}

const bytes = (hashes: readonly string[]) => hashes.map((hex) => fromHex(hex)!)

describe("the audit log", () => {
  it("[AL1] has what people did, sealed within two seconds, from both databases in one chain", async () => {
    const own = await newTenant()
    const flow = await newFlow(own, "Invoices")
    const started = Date.now()
    const log = await sealed(own, { action: "flow.create" })
    expect(Date.now() - started).toBeLessThan(2_000)
    expect(log).toEqual([
      expect.objectContaining({
        actor: own.user,
        actor_name: own.email.split("@")[0],
        action: "flow.create",
        target: flow.id,
        is_erased: false,
      }),
    ])
    const all = await sealed(own)
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, i) => all.length - i))
    expect(all.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["tenant.register", "flow.create"]),
    )
    // What passed through the control database stays there no longer.
    const { results } = await testEnv.CONTROL_DB.prepare("select id from audit_entries where tenant_id = ?")
      .bind(own.id)
      .all()
    expect(results).toEqual([])
  })

  it("[AL2] is searched by who, what, which, when and text", async () => {
    const own = await newTenant()
    const editor = await newMember(own, "editor")
    const mine = await newFlow(own, "Mine")
    const { flow: theirs } = await call(flowsApi.create, { token: editor.token, body: flowDraft("Theirs") })
    await call(flowsApi.remove, { token: own.token, params: { flow_id: theirs.id } })
    await sealed(own)
    const targets = async (query: Record<string, string | number>) =>
      (await entriesOf(own, query)).map(({ action, target }) => [action, target])
    expect(await targets({ actor: editor.user, action: "flow" })).toEqual([["flow.create", theirs.id]])
    expect(await targets({ target: theirs.id })).toEqual([
      ["flow.delete", theirs.id],
      ["flow.create", theirs.id],
    ])
    expect(await targets({ search: "MINE", action: "flow" })).toEqual([["flow.create", mine.id]])
    expect(await targets({ action: "flo" })).toEqual([])
    const future = new Date(Date.now() + 60_000).toISOString()
    expect(await targets({ from: future })).toEqual([])
    expect((await targets({ to: future })).length).toBeGreaterThan(4)
    for (const query of [
      { action: "Flow" },
      { before: 0 },
      { limit: 201 },
      { from: "yesterday" },
      { page: 1 },
    ])
      expect(problemOf(await ask(auditApi.list, { token: own.token, query }))).toMatchObject({ status: 400 })
  })

  it("[AL3] is read page by page, and nothing is said twice or left out", async () => {
    const own = await newTenant()
    for (let i = 0; i < 7; i++) await newFlow(own)
    const all = (await sealed(own)).map(({ id }) => id)
    for (const query of [{}, { search: "audit" }, { search: "flow" }]) {
      const whole = (await sealed(own, query)).map(({ id }) => id)
      const paged: string[] = []
      let before: number | null = Number.MAX_SAFE_INTEGER
      while (before !== null) {
        const page: { entries: AuditRecord[]; next: number | null } = await call(auditApi.list, {
          token: own.token,
          query: { ...query, limit: 3, before },
        })
        paged.push(...page.entries.map(({ id }) => id))
        before = page.next
      }
      expect(paged).toEqual(whole)
    }
    expect(new Set(all).size).toBe(all.length)
  })

  it("[AL4] proves each entry to whoever has the key", async () => {
    const own = await newTenant()
    await newFlow(own)
    const log = await sealed(own)
    const { verifier_key, public_key } = await call(auditApi.key, { token: own.token })
    expect(parseVerifierKey(verifier_key)?.publicKey).toEqual(fromBase64(public_key))
    for (const { id, seq, hash } of log) {
      const one = await call(auditApi.get, { token: own.token, params: { audit_id: id } })
      expect(one.verifier_key).toBe(verifier_key)
      const found = one.sealed as SealedEntry
      expect([found.entry.seq, found.hash, faultsOf(found)]).toEqual([seq, hash, []])
      const { index, hashes, checkpoint } = one.inclusion!
      const { size, root, origin } = read(checkpoint.note, verifier_key)
      expect(origin).toBe(`edgecrew/audit/${own.id}`)
      expect(verifyInclusion(leafHash(fromHex(found.hash)!), index, size, bytes(hashes), root)).toBe(true)
    }
    const state = await call(auditApi.state, { token: own.token })
    expect([state.size, state.hash]).toEqual([log.length, log[0]?.hash])
    await expect
      .poll(async () => (await call(auditApi.checkpoints, { token: own.token })).checkpoints.length)
      .toBeGreaterThan(0)
    const { checkpoints } = await call(auditApi.checkpoints, { token: own.token })
    const first = read(checkpoints.at(-1)!.note, verifier_key)
    const { hashes } = await call(auditApi.consistency, {
      token: own.token,
      query: { from: first.size, to: state.size },
    })
    const now = { size: state.size, root: fromHex(state.root)! }
    expect(verifyConsistency(first, now, bytes(hashes))).toBe(true)
    const beyond = await ask(auditApi.consistency, {
      token: own.token,
      query: { from: 1, to: state.size + 1_000 },
    })
    expect(problemOf(beyond)).toEqual({ status: 422, code: "audit.no_such_size" })
  })

  it("[AL5] is exported whole, with what has just been done, and signed at its end", async () => {
    const own = await newTenant()
    for (let i = 0; i < 3; i++) await newFlow(own)
    const lines = await exported(own)
    const { verifier_key } = await call(auditApi.key, { token: own.token })
    expect(lines[0]).toMatchObject({ header: { format: "edgecrew-audit/1", tenant: own.id, verifier_key } })
    const entries = lines.flatMap((line) => ("entry" in line ? [line as unknown as SealedEntry] : []))
    expect(entries.map(({ entry }) => entry.seq)).toEqual(entries.map((_, i) => i + 1))
    expect(entries.filter(({ entry }) => entry.action === "flow.create")).toHaveLength(3)
    expect(entries.flatMap(faultsOf)).toEqual([])
    const { end } = lines.at(-1) as { end: { checkpoint: string; size: number } }
    expect([end.size, read(end.checkpoint, verifier_key).size]).toEqual([entries.length, entries.length])
  })

  it("[AL6] shows what was done to its rows", async () => {
    const own = await newTenant()
    const flow = await newFlow(own)
    const [entry] = await sealed(own, { target: flow.id })
    const d1 = await databaseOf(own.id)
    await d1.prepare("update audit_entries set actor = 'system' where id = ?").bind(entry!.id).run()
    const one = await call(auditApi.get, { token: own.token, params: { audit_id: entry!.id } })
    expect(faultsOf(one.sealed as SealedEntry)).toEqual(["hash"])
    await d1
      .prepare("update audit_entries set detail = null, detail_key = null where id = ?")
      .bind(entry!.id)
      .run()
    const erased = await call(auditApi.get, { token: own.token, params: { audit_id: entry!.id } })
    expect(erased.entry).toMatchObject({ detail: null, is_erased: true })
  })

  it("[AL7] is for those who may read it, and each tenant's own", async () => {
    const entry = (await sealed(tenant))[0]!
    const stranger = await newTenant()
    const params = { audit_id: entry.id }
    expect(problemOf(await ask(auditApi.get, { token: stranger.token, params }))).toEqual({
      status: 404,
      code: "audit.not_found",
    })
    expect((await exported(stranger)).some((line) => JSON.stringify(line).includes(tenant.id))).toBe(false)
    const reads: Endpoint[] = [
      auditApi.list,
      auditApi.state,
      auditApi.checkpoints,
      auditApi.key,
      auditApi.export,
    ]
    for (const role of ["editor", "viewer", "executor"] as const) {
      const { token } = await newMember(tenant, role)
      for (const endpoint of [...reads, auditApi.get]) {
        const refused = await ask(endpoint, { token, params })
        expect([role, endpoint.path, problemOf(refused)]).toEqual([
          role,
          endpoint.path,
          { status: 403, code: "access.denied" },
        ])
      }
    }
    const auditor = await newKey(tenant, "audit.read")
    expect((await ask(auditApi.list, { token: auditor })).status).toBe(200)
    expect((await ask(auditApi.export, { token: auditor })).status).toBe(403)
  })

  it("[AL8] keeps from where somebody came in the details, which can be erased", async () => {
    const own = await newTenant()
    await fetchText(addressOf(flowsApi.create), {
      method: "POST",
      headers: {
        authorization: `Bearer ${own.token}`,
        "content-type": "application/json",
        "cf-connecting-ip": "192.0.2.44",
        "user-agent": "curl/8.\u00e9",
      },
      body: JSON.stringify(flowDraft()),
    })
    const [entry] = await sealed(own, { action: "flow.create" })
    expect(entry?.detail).toMatchObject({ ip: "192.0.2.44", user_agent: expect.stringContaining("curl/8.") })
  })
})

describe("a refusal", () => {
  it("[AL12] is told of once, however often it is tried within a minute", async () => {
    const own = await newTenant()
    const viewer = await newMember(own, "viewer")
    for (let i = 0; i < 20; i++)
      expect((await ask(flowsApi.create, { token: viewer.token, body: flowDraft() })).status).toBe(403)
    await expect.poll(() => sealed(own, { action: "access.denied" }), { timeout: 10_000 }).toHaveLength(1)
    const [entry] = await sealed(own, { action: "access.denied" })
    expect(entry).toMatchObject({
      actor: viewer.user,
      target: "POST /flows",
      detail: { after: { needs: "flow.edit", times: 1 } },
    })
  })

  it("[AL12] at the door of OpenAI's clients is told of as well", async () => {
    const own = await newTenant()
    const viewer = await newMember(own, "viewer")
    const { status } = await fetchText(`${origin}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${viewer.token}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "any", messages: [{ role: "user", content: "Hello" }] }),
    })
    expect(status).toBe(403)
    await expect.poll(() => sealed(own, { action: "access.denied" }), { timeout: 10_000 }).toHaveLength(1)
    const [entry] = await sealed(own, { action: "access.denied" })
    expect(entry).toMatchObject({
      actor: viewer.user,
      target: "POST /v1/chat/completions",
      detail: { after: { needs: "execution.start", times: 1 } },
    })
  })

  it("[AL13] of a wrong password is told to the tenant, and one of an unknown address to nobody", async () => {
    const own = await newTenant()
    for (const [email, times] of [
      [own.email, 1],
      ["nobody-at-all@example.com", 1],
    ] as const) {
      const wrong = { email, password: "not the one at all" }
      expect((await ask(authApi.login, { body: wrong })).status).toBe(401)
      await expect.poll(() => sealed(own, { action: "session.refused" })).toHaveLength(times)
    }
    const [entry] = await sealed(own, { action: "session.refused" })
    expect(entry).toMatchObject({ actor: own.user, target: own.user })
  })
})

/** A sealer that fails, or never answers. */
const without = (lease: () => Promise<unknown>): Env => ({
  ...testEnv,
  SEALER: new Proxy(testEnv.SEALER, {
    get: (target, name) =>
      name === "get" ? () => ({ lease }) : (Reflect.get(target, name) as () => unknown).bind(target),
  }),
})

async function askWith(env: Env, endpoint: Endpoint, { token, body, ...rest }: Ask) {
  const ctx = createExecutionContext()
  const headers = {
    "content-type": "application/json",
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  }
  const request = new Request(addressOf(endpoint, rest), {
    method: endpoint.method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const response = await createApp().fetch(request, env, ctx)
  const text = await response.text()
  await waitOnExecutionContext(ctx)
  return { status: response.status, text, retry: response.headers.get("retry-after") }
}

describe("[23] a sealer that cannot be had", () => {
  const away = () => Promise.reject(new Error("the object is overloaded"))

  it("[AL9] lets nobody change anything or sign in, and everybody read", async () => {
    const own = await newTenant()
    const flow = await newFlow(own)
    const env = without(away)
    const log = vi.spyOn(console, "error").mockImplementation(() => {})
    const before = JSON.stringify(await dump(await databaseOf(own.id)))
    const writes: [Endpoint, Ask][] = [
      [flowsApi.create, { body: flowDraft() }],
      [flowsApi.update, { params: { flow_id: flow.id }, body: flowDraft() }],
      [flowsApi.remove, { params: { flow_id: flow.id } }],
      [authApi.login, { body: { email: own.email, password } }],
    ]
    for (const [endpoint, input] of writes) {
      const { status, text, retry } = await askWith(env, endpoint, { token: own.token, ...input })
      expect([endpoint.path, status, (JSON.parse(text) as { code: string }).code]).toEqual([
        endpoint.path,
        503,
        "audit.unavailable",
      ])
      expect(Number(retry)).toBeGreaterThan(0)
      expect(text).not.toContain("overloaded")
    }
    expect(JSON.stringify(await dump(await databaseOf(own.id)))).toBe(before)
    for (const endpoint of [flowsApi.list, executionsApi.list, authApi.me, auditApi.list])
      expect((await askWith(env, endpoint, { token: own.token })).status).toBe(200)
    log.mockRestore()
    expect((await askWith(testEnv, flowsApi.create, { token: own.token, body: flowDraft() })).status).toBe(
      201,
    )
  })

  it("[AL10] is asked once for many mutations", async () => {
    const own = await newTenant()
    let asked = 0
    const env = without(async () => {
      asked++
      return { ok: true, value: { until: Date.now() + 60_000, forMs: 60_000 } }
    })
    for (let i = 0; i < 5; i++) {
      const { status } = await askWith(env, flowsApi.create, { token: own.token, body: flowDraft() })
      expect(status).toBe(201)
    }
    // Once before the first, and once behind each: nobody waited for those.
    expect(asked).toBe(6)
  })

  it("[AL11] that refuses is as good as none", async () => {
    const own = await newTenant()
    const log = vi.spyOn(console, "error").mockImplementation(() => {})
    const env = without(async () => ({ ok: false, code: "audit.unavailable", more: {} }))
    const { status } = await askWith(env, flowsApi.create, { token: own.token, body: flowDraft() })
    log.mockRestore()
    expect(status).toBe(503)
  })
})
