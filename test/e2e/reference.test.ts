import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { allEndpoints } from "#core/contract/all"
import { apiBase } from "#core/contract/endpoint"
import { startFresh } from "#test/kit/server"
import { Client, problemOf, type Answer } from "./kit/client.ts"
import { unknownIds, fill } from "./kit/routes.ts"
import { keyOf, publish, register, start, sum, type Tenant } from "./kit/world.ts"

/** The public contract of this version, as the outside was told it. */
const promised = `
  POST   /auth/register             POST   /auth/login                POST   /auth/refresh
  POST   /auth/logout               POST   /auth/switch               GET    /auth/me
  PATCH  /auth/me                   POST   /auth/password             GET    /auth/sessions
  DELETE /auth/sessions/{}          POST   /tickets                   GET    /api-keys
  POST   /api-keys                  DELETE /api-keys/{}               GET    /llm-providers
  POST   /llm-providers             GET    /llm-providers/{}          PUT    /llm-providers/{}
  DELETE /llm-providers/{}          POST   /llm-providers/{}/restore  POST   /llm-providers/{}/test
  GET    /credentials               POST   /credentials               GET    /credentials/{}
  PUT    /credentials/{}            DELETE /credentials/{}            POST   /credentials/{}/restore
  GET    /flows                     POST   /flows                     GET    /flows/{}
  PUT    /flows/{}                  DELETE /flows/{}                  POST   /flows/{}/restore
  POST   /flows/{}/validate         POST   /flows/{}/publish          GET    /flows/{}/versions
  GET    /flows/{}/versions/{}      POST   /flows/{}/rollback         GET    /flows/{}/diff
  GET    /flows/{}/export           POST   /flows/import              POST   /flows/{}/execute
  GET    /executions                GET    /executions/{}             GET    /executions/{}/events
  GET    /executions/{}/stream      POST   /executions/{}/cancel      POST   /executions/{}/retry
  GET    /health                    GET    /openapi.json
`
  .trim()
  .split(/\s{2,}(?=[A-Z])/)
  .map((line) => line.trim().replace(/\s+/, " "))

let end = (): Promise<void> => Promise.resolve()
let stranger: Client
let acme: Tenant

beforeAll(async () => {
  const started = await startFresh()
  end = started.end
  stranger = await Client.of(started.server.address)
  acme = await register(stranger)
})
afterAll(() => end())

const routes = () => stranger.reference.routes

describe("the reference", () => {
  it("has every promised route", () => {
    const known = routes().map(
      ({ method, path }) => `${method} ${path.replace("/api/v1", "").replace(/\{\w+\}/g, "{}")}`,
    )
    expect(promised.length).toBeGreaterThan(40)
    expect(promised.filter((one) => !known.includes(one))).toEqual([])
  })

  it("declares each parameter of each path, and names each operation once, as a word", () => {
    for (const { method, path, operation } of routes()) {
      const declared = operation.parameters.filter((one) => one.in === "path").map((one) => one.name)
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      expect([method, path, declared]).toEqual([method, path, named])
      expect(operation.parameters.every((one) => one.in !== "path" || one.required)).toBe(true)
      expect(Object.keys(operation.responses)).toContain("default")
    }
    const ids = routes().map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    // Generators make a function's name of it.
    expect(ids.filter((id) => !/^[a-z][A-Za-z0-9]*$/.test(id))).toEqual([])
  })

  it("leads somewhere with every reference, and describes itself with schemas that work", () => {
    const { document } = stranger.reference
    const text = JSON.stringify(document)
    const names = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? "")
    expect(names.length).toBeGreaterThan(50)
    for (const ref of new Set(names)) {
      const found = ref
        .replace("#/", "")
        .split("/")
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document)
      expect([ref, typeof found]).toEqual([ref, "object"])
      expect(found).not.toMatchObject({ $ref: ref })
    }
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      const { valid } = stranger.reference.validator(`schema ${name}`, schema).validate(null)
      expect([name, typeof valid]).toEqual([name, "boolean"])
    }
    const nodes = [{ id: "input", type: "input", position: { x: 0, y: 0 } }]
    const draft = stranger.reference.validator("draft", { $ref: "#/components/schemas/FlowDraftInput" })
    expect(draft.validate({ name: "A flow", nodes }).valid).toBe(true)
    expect(draft.validate({ name: "A flow", nodes: [{ id: 1 }] }).valid).toBe(false)
  })

  it("says who may call what, and the server holds to it", async () => {
    const open = new Set(
      allEndpoints
        .filter(({ needs }) => needs === "member")
        .map((one) => `${one.method} ${apiBase}${one.path.replace(/:(\w+)/g, "{$1}")}`),
    )
    const [reader, counter] = [await keyOf(acme.admin, "user.read"), await keyOf(acme.admin, "budget.read")]
    for (const { method, path, operation } of routes()) {
      const isPublic = operation.security.length === 0
      const address = fill(path, unknownIds)
      const sending = method === "GET" || method === "DELETE" ? {} : { body: {} }
      const unnamed = await stranger.send(method, address, sending)
      expect([method, path, unnamed.status === 401]).toEqual([method, path, !isPublic])
      // The document tells not apart what any key may ask from what only a person may; the contract does.
      if (isPublic || open.has(`${method} ${path}`)) continue
      const isForReaders = operation.security.some(({ bearer = [] }) => bearer.includes("user.read"))
      const denied = await (isForReaders ? counter : reader).send(method, address, sending)
      expect([method, path, denied.status, problemOf(denied).code]).toEqual([
        method,
        path,
        403,
        "access.denied",
      ])
    }
  })

  it("lists every code that a refusal may carry", () => {
    const codes = Object.entries(stranger.reference.document["x-failures"])
    expect(codes.length).toBeGreaterThan(30)
    for (const [code, { status, say }] of codes) {
      expect(code).toMatch(/^[a-z_]+(\.[a-z_]+)?$/)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(say).toMatch(/\.$/)
    }
  })
})

describe("every address", () => {
  it("refuses a method that it does not take, with those it takes", async () => {
    const known = new Map<string, Set<string>>()
    for (const { method, path } of routes()) known.set(path, (known.get(path) ?? new Set()).add(method))
    for (const [path, taken] of known) {
      if (taken.has("GET")) taken.add("HEAD")
      for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
        const address = fill(path, unknownIds)
        // Pages of other sites ask first whether they may.
        if (method === "OPTIONS" && path.includes("/widget/")) continue
        // `DELETE /flows/import` asks for a flow named import: that route's own 404.
        if (taken.has(method) || stranger.reference.routeOf(method === "HEAD" ? "GET" : method, address))
          continue
        const answer = await acme.admin.send(method, address)
        expect([method, path, answer.status]).toEqual([method, path, 405])
        expect(new Set(answer.headers.get("allow")?.split(", ")), `${method} ${path}`).toEqual(taken)
      }
    }
  })

  it("answers HEAD as GET, without the body", async () => {
    const flow = await publish(acme.admin, sum())
    const execution = await start(acme.admin, flow, { a: 1, b: 2 })
    for (const path of [
      "/flows",
      `/flows/${flow}`,
      "/executions",
      `/executions/${execution}`,
      "/health",
      "/openapi.json",
      "/auth/me",
    ]) {
      const [head, get] = [await acme.admin.send("HEAD", path), await acme.admin.send("GET", path)]
      const facts = ({ status, headers }: Answer) => [
        status,
        headers.get("content-type"),
        headers.get("etag"),
      ]
      expect([path, ...facts(head)]).toEqual([path, ...facts(get)])
      expect(head.text).toBe("")
    }
    const missing = await acme.admin.send("HEAD", fill("/flows/{flow_id}", unknownIds))
    expect([missing.status, missing.headers.get("content-type")]).toEqual([
      404,
      "application/problem+json; charset=utf-8",
    ])
  })

  it("is refused when there is none, under the API and under the installer's door", async () => {
    for (const path of ["/nothing", "/flows/", "/flows//x", "/api/v2/flows", "/api", "/api/v1", "/FLOWS"]) {
      const answer = await acme.admin.send("GET", path.startsWith("/api") ? path : `/api/v1${path}`)
      expect([path, answer.status, problemOf(answer).code]).toEqual([path, 404, "route.not_found"])
    }
    for (const headers of [{}, { "x-setup-token": "guess" }, { "x-setup-token": "" }]) {
      const response = await fetch(`${stranger.address}/internal/setup`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify({ demo_password: "violet-harbour-kite-77" }),
      })
      expect(response.status).toBe(404)
    }
  })

  it("tells its health and nothing else", async () => {
    const answer = await stranger.send("GET", "/health")
    expect(answer.body).toEqual({ status: "ok", checks: { database: "ok" } })
  })
})

describe("the pages", () => {
  it("come with the policy that lets nothing else run", async () => {
    for (const path of ["/", "/login", "/flows/some/deep/link", "/docs"]) {
      const response = await fetch(stranger.address + path)
      const text = await response.text()
      expect([path, response.status, response.headers.get("content-type")]).toEqual([
        path,
        200,
        "text/html; charset=utf-8",
      ])
      expect(text).toContain('<div id="root">')
      const policy = response.headers.get("content-security-policy") ?? ""
      expect(policy).toContain("script-src 'self'")
      expect(policy).not.toMatch(/script-src[^;]*unsafe/)
      expect(policy).toContain("object-src 'none'")
      expect(response.headers.get("x-frame-options")).toBe("DENY")
    }
  })

  it("are asked for again when they may have changed", async () => {
    const index = await fetch(stranger.address)
    const html = await index.text()
    expect(index.headers.get("cache-control")).toMatch(/no-cache|no-store|max-age=0/)
    const scripts = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? "")
    expect(scripts.length).toBeGreaterThan(0)
    for (const path of scripts) {
      const response = await fetch(stranger.address + path)
      await response.arrayBuffer()
      const etag = response.headers.get("etag") ?? ""
      expect([path, response.status, etag.length > 5]).toEqual([path, 200, true])
      const again = await fetch(stranger.address + path, { headers: { "if-none-match": etag } })
      expect([path, again.status]).toEqual([path, 304])
    }
  })

  it("do not stand in for a script of an earlier build", async () => {
    const gone = await fetch(`${stranger.address}/assets/gone-12345678.js`)
    expect(gone.status).toBe(404)
    expect(gone.headers.get("content-type")).not.toMatch(/^text\/html/)
    await gone.text()
  })
})
