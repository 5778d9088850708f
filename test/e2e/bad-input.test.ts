import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { startFresh, type Server } from "#test/kit/server"
import { Client, problemOf, type Answer } from "./kit/client.ts"
import { databasesOf, textIn } from "./kit/disk.ts"
import { furnish } from "./kit/house.ts"
import { fill, sending, type Ids } from "./kit/routes.ts"
import { sum, type Tenant } from "./kit/world.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let stranger: Client
let acme: Tenant
let ids: Ids

beforeAll(async () => {
  const started = await startFresh()
  server = started.server
  end = started.end
  stranger = await Client.of(server.address)
  const house = await furnish(stranger)
  acme = house
  ids = house.ids
  // What furnishing has set off arrives in the databases within moments.
  await sleep(2_000)
})
afterAll(() => end())

/** All that is stored, but for alarms that are yet to ring, requests that are counted, and what signs the log once a minute. */
const stored = (): string =>
  databasesOf(server.state)
    .filter((file) => !file.includes("-Sealer"))
    .map((file) => textIn(file, ["_cf_METADATA", "_cf_ALARM", "appointments", "rates"]))
    .filter((text) => text !== "")
    .join("\n")

let before: string
beforeEach(() => void (before = stored()))
afterEach(() => expect(stored()).toBe(before))

/** The installation's own routes refuse a tenant's admin before they look at a body; malformed.test.ts asks them as their admin. */
const isOfTenants = ({ path }: { path: string }): boolean => !path.startsWith("/api/v1/admin/")

/** Every route that takes a body, filled in with ids that are there. */
const writes = () =>
  stranger.reference.routes
    // Behind a token lies what anybody may call, with guesses counted; they have tests of their own.
    .filter(({ method, path }) => method !== "GET" && method !== "DELETE" && !path.includes("{token}"))
    .filter(isOfTenants)
    .map(({ method, path, operation }) => ({
      method,
      path: fill(path, ids),
      takesBody: operation.requestBody !== undefined,
    }))

const codeOf = (answer: Answer): [number, string] => [answer.status, problemOf(answer).code]
const pathsOf = (answer: Answer): string[] => (problemOf(answer).errors ?? []).map((one) => one.path)

describe("a body", () => {
  it("that is no JSON is refused on every route", async () => {
    const broken = [
      "{",
      '{"name": }',
      "{'name': 1}",
      '{"a": 1,}',
      "NaN",
      '{"a": 01}',
      "undefined",
      '{"a": "\n"}',
      "{}{}",
      "[1",
      "<name/>",
    ]
    for (const { method, path } of writes()) {
      for (const text of broken) {
        const answer = await acme.admin.send(method, path, {
          text,
          headers: { "content-type": "application/json" },
        })
        expect([method, path, text, ...codeOf(answer)]).toEqual([
          method,
          path,
          text,
          400,
          "request.malformed",
        ])
      }
    }
  })

  it("of the wrong type, or with a field that nobody knows, is refused on every route", async () => {
    for (const { method, path } of writes()) {
      for (const body of [[], "text", 1, true, null]) {
        const answer = await acme.admin.send(method, path, { body })
        expect([method, path, body, ...codeOf(answer)]).toEqual([method, path, body, 400, "request.invalid"])
      }
      // What fields these have one of them says.
      const kind = /\/triggers(\/trig_\w+)?$/.test(path)
        ? { kind: "webhook" }
        : /\/tools(\/tool_\w+)?$/.test(path)
          ? { kind: "flow" }
          : /\/reviews\/review_\w+$/.test(path)
            ? { answer: "approve" }
            : {}
      const unknown = await acme.admin.send(method, path, { body: { ...kind, no_such_field: 1 } })
      expect([method, path, ...codeOf(unknown)]).toEqual([method, path, 400, "request.invalid"])
      expect(problemOf(unknown).errors, path).toContainEqual({
        path: "no_such_field",
        message: "There is no such field",
      })
    }
  })

  it("with wrong fields is refused with each of them named", async () => {
    const flow = { ...sum(), name: "" }
    const cases: [string, string, unknown, string[]][] = [
      [
        "POST",
        "/flows",
        { name: 1, nodes: {}, edges: "none", extra: true },
        ["name", "nodes", "edges", "extra"],
      ],
      ["POST", "/flows", flow, ["name"]],
      [
        "POST",
        "/flows",
        { name: "A", nodes: [{ id: "a b", type: "input", position: { x: "left", y: 0 } }] },
        ["nodes.0.id", "nodes.0.position.x"],
      ],
      [
        "POST",
        "/flows",
        { name: "A", nodes: [{ id: "__proto__", type: "input", position: { x: 0, y: 0 } }] },
        ["nodes.0.id"],
      ],
      [
        "POST",
        "/flows",
        { name: "A", edges: [{ id: "e", source: 5, colour: "red" }] },
        ["edges.0.source", "edges.0.target", "edges.0.colour"],
      ],
      [
        "PUT",
        `/flows/${ids.flow_id}`,
        { name: "A", settings: { timeout_seconds: -1 } },
        ["settings.timeout_seconds"],
      ],
      [
        "POST",
        `/flows/${ids.flow_id}/execute`,
        { inputs: [], config: { version: "newest" } },
        ["inputs", "config.version"],
      ],
      [
        "POST",
        "/auth/register",
        { email: "ana", password: "short", tenant_slug: "A B" },
        ["email", "password", "tenant_name", "tenant_slug"],
      ],
      [
        "POST",
        "/api-keys",
        { name: "", scopes: ["all"], expires_at: "soon" },
        ["name", "scopes.0", "expires_at"],
      ],
      [
        "POST",
        "/llm-providers",
        { name: "A", provider_type: "psychic", config: { base_url: "ftp://x" } },
        ["provider_type", "config.base_url"],
      ],
      [
        "PATCH",
        "/auth/me",
        { preferences: { theme: "pink", font: 1 } },
        ["preferences.theme", "preferences.font"],
      ],
    ]
    for (const [method, path, body, paths] of cases) {
      const answer = await acme.admin.send(method, path, { body })
      expect([path, ...codeOf(answer)]).toEqual([path, 400, "request.invalid"])
      expect(pathsOf(answer).toSorted(), `${method} ${path} ${answer.text}`).toEqual(paths.toSorted())
      for (const { message } of problemOf(answer).errors ?? []) expect(message).toMatch(/^[A-Z].{8,}/)
    }
  })

  it("that two readers could read differently is refused, and where is said", async () => {
    const cases: [string, string][] = [
      ['{"name": "A", "name": "B"}', "name"],
      ['{"name": "A", "n\\u0061me": "B"}', "name"],
      ['{"name": "A", "__proto__": {"is_admin": true}}', "__proto__"],
      ['{"name": "A", "nodes": [{"data": {"__proto__": 1}}]}', "nodes.0.data.__proto__"],
      ['{"name": "\\ud800"}', "name"],
      [`{"name": "A", "nodes": ${"[".repeat(5_000)}${"]".repeat(5_000)}}`, `nodes${".0".repeat(63)}`],
    ]
    for (const [text, path] of cases) {
      const answer = await acme.admin.send("POST", "/flows", { text })
      expect([text.slice(0, 60), ...codeOf(answer)]).toEqual([text.slice(0, 60), 400, "request.invalid"])
      expect(pathsOf(answer)).toEqual([path])
    }
    const deep = await acme.admin.send("POST", "/flows", { text: "[".repeat(500_000) })
    expect(deep.status).toBe(400)
    const bytes = await acme.admin.send("POST", "/flows", { text: new Uint8Array([0x22, 0xff, 0xfe, 0x22]) })
    expect(codeOf(bytes)).toEqual([400, "request.malformed"])
  })

  it("of another type, or packed, is refused", async () => {
    const text = JSON.stringify(sum())
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/json; charset=latin1",
      "application/jsonp",
      "",
    ]) {
      const answer = await acme.admin.send("POST", "/flows", { text, headers: { "content-type": type } })
      expect([type, ...codeOf(answer)]).toEqual([type, 415, "request.unsupported_type"])
    }
    const packed = await acme.admin.send("POST", "/flows", { text, headers: { "content-encoding": "gzip" } })
    expect(packed.status).toBe(415)
  })

  it("of five megabytes is refused on every route, with or without a length, before it is read", async () => {
    const big = JSON.stringify({ name: "x".repeat(5 << 20) })
    const piece = new TextEncoder().encode("x".repeat(1 << 16))
    for (const { method, path } of writes()) {
      // Documents of APIs are larger than that; what is too large for this route is told in test/workerd/body.test.ts.
      if (path.endsWith("/tools/import/openapi")) continue
      const whole = await acme.admin.send(method, path, { text: big })
      expect([method, path, ...codeOf(whole)]).toEqual([method, path, 413, "request.too_large"])
      expect(problemOf(whole).detail).toMatch(/\d bytes/)
    }
    let sent = 0
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += piece.byteLength
        if (sent > 64 << 20) controller.close()
        else controller.enqueue(piece)
      },
    })
    const answer = await fetch(acme.admin.urlOf("/flows"), {
      method: "POST",
      headers: { authorization: `Bearer ${acme.admin.token}`, "content-type": "application/json" },
      body: endless,
      duplex: "half",
    } as RequestInit).then(
      async (response) => [response.status, await response.text()] as const,
      (error: unknown) => [0, String(error)] as const,
    )
    // The connection may be cut before the answer is read; what counts is that it is not read to its end.
    expect([0, 413]).toContain(answer[0])
    expect(sent).toBeLessThan(32 << 20)
    const unnamed = await stranger.send("POST", "/flows", { text: big })
    expect(unnamed.status).toBe(401)
    expect((await stranger.send("GET", "/health")).status).toBe(200)
  })
})

describe("an id", () => {
  it("that cannot be one is answered as one that nobody has", async () => {
    const odd = [
      "1",
      "flow_",
      "flow_01JD",
      ids.flow_id.toLowerCase(),
      `${ids.flow_id}0`,
      ` ${ids.flow_id}`,
      "flow_ZZZZZZZZZZZZZZZZZZZZZZZZZZ",
      "exec_ZZ01JD0000000000000000000000",
      "../../etc/passwd",
      "' or 1=1 --",
      "%00",
      "constructor",
      "__proto__",
      "💥",
      "x".repeat(4_000),
    ]
    const routes = stranger.reference.routes.filter(
      (one) => one.path.includes("{") && !one.path.includes("{token}") && isOfTenants(one),
    )
    for (const { method, path } of routes) {
      for (const id of odd) {
        const encoded = encodeURIComponent(id)
        const { query, body } = sending(method, path, ids)
        const named = path.replace(/\{(flow|execution|provider|key|session)_id\}/, encoded)
        const answer = await acme.admin.send(
          method,
          named.replace("{version}", "1") + query,
          body === undefined ? {} : { body },
        )
        expect([method, path, id.slice(0, 40), answer.status]).toEqual([method, path, id.slice(0, 40), 404])
      }
    }
    for (const version of ["0", "-1", "1.5", "x", "99999999999999999999"]) {
      const answer = await acme.admin.send("GET", `/flows/${ids.flow_id}/versions/${version}`)
      expect([version, ...codeOf(answer)]).toEqual([version, 404, "flow.version_not_found"])
    }
    for (const path of ["/flows/%", "/flows/%ff", "/flows/%E0%A4"]) {
      const answer = await acme.admin.send("GET", path)
      expect([path, answer.status]).toEqual([path, 404])
    }
  })
})
