import { exports } from "cloudflare:workers"
import { beforeAll, describe, expect, it } from "vitest"
import { allEndpoints } from "#core/contract/all"
import { auditApi } from "#core/contract/audit"
import { canvasApi } from "#core/contract/canvas"
import { chatApi } from "#core/contract/chat"
import { apiBase } from "#core/contract/endpoint"
import { debuggingApi } from "#core/contract/debugging"
import type { Endpoint } from "#core/contract/endpoint"
import { executionsApi } from "#core/contract/executions"
import { systemApi } from "#core/contract/system"
import { ask, addressOf, fetchText, origin, problemOf } from "#test/kit/api"
import { databaseOf, dump, dumpControl } from "#test/kit/dump"
import { makePlatformAdmin, newTenant, type TestTenant } from "#test/kit/tenants"
import { nameOf, newWorld, nowhere, sampleOf, type World } from "#test/kit/world"

let tenant: TestTenant
let world: World
beforeAll(async () => {
  tenant = await newTenant()
  await makePlatformAdmin(tenant)
  world = await newWorld(tenant)
})

/** A chat's stream does not end, a canvas is a socket, and a widget's addresses open to visitors alone. */
const reads = allEndpoints.filter(
  (one: Endpoint) => one.method === "GET" && one !== chatApi.stream && one !== canvasApi.open && !one.widget,
)

const secure = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "x-frame-options": "DENY",
}

describe("every answer", () => {
  it("[A16, A61] carries the security headers, and is not stored", async () => {
    const answers = [
      ["a read", await ask(systemApi.health)],
      ["a refusal", await ask(executionsApi.list)],
      ["an unknown address", await fetchText(`${origin}/api/v1/nothing`)],
      ["another method", await fetchText(`${origin}/api/v1/health`, { method: "POST" })],
      ["a list", await ask(executionsApi.list, { token: tenant.token })],
      ["a page", await fetchText(`${origin}/login`)],
      ["the installer's door", await fetchText(`${origin}/internal/setup`, { method: "POST" })],
    ] as const
    for (const [what, { headers }] of answers) {
      const found = Object.fromEntries(Object.keys(secure).map((name) => [name, headers.get(name)]))
      expect([what, found]).toEqual([what, secure])
      const policy = headers.get("content-security-policy") ?? ""
      for (const part of [
        "default-src 'self'",
        "script-src 'self';",
        "style-src 'self';",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ]) {
        expect([what, policy]).toEqual([what, expect.stringContaining(part)])
      }
      expect([what, policy.replace("style-src-attr 'unsafe-inline'", "")]).toEqual([
        what,
        expect.not.stringContaining("unsafe"),
      ])
      expect([what, headers.get("x-request-id")]).toEqual([what, expect.stringMatching(/^req_/)])
      expect([what, headers.get("server"), headers.get("x-powered-by")]).toEqual([what, null, null])
      if (what !== "a page") expect([what, headers.get("cache-control")]).toEqual([what, "no-store"])
    }
  })

  it("[A16] lets a hosted form stand in a frame, and nothing else", async () => {
    const token = `acme.${"f".repeat(40)}`
    const framed = await fetchText(`${origin}/form/${token}`)
    expect(framed.headers.get("content-security-policy")).toContain("frame-ancestors *")
    expect(framed.headers.get("x-frame-options")).toBeNull()
    for (const path of [
      `/approve/${token}`,
      `/form/${token}/more`,
      `/form/`,
      `/FORM/${token}`,
      `/flows?/form/${token}`,
      `/form/..%2f..%2fflows%2f${token}`,
      `/api/v1/forms/${token}`,
    ]) {
      const { headers } = await fetchText(origin + path)
      expect([path, headers.get("x-frame-options")]).toEqual([path, "DENY"])
      expect([path, headers.get("content-security-policy")]).toEqual([
        path,
        expect.stringContaining("frame-ancestors 'none'"),
      ])
    }
  })

  it("[A16] lets pictures of elsewhere into one frame of ours, in which nothing runs", async () => {
    for (const path of ["/picture", "/picture.html"]) {
      const { headers } = await fetchText(origin + path)
      const policy = headers.get("content-security-policy") ?? ""
      expect(policy).toContain("default-src 'none'; img-src https: http: data:;")
      expect(policy).toContain("frame-ancestors 'self'")
      expect(policy).not.toContain("script")
      expect(headers.get("x-frame-options")).toBe("SAMEORIGIN")
    }
    for (const path of ["/pictures", "/picture/x", "/flows?/picture", "/login"]) {
      const { headers } = await fetchText(origin + path)
      expect([path, headers.get("content-security-policy")]).toEqual([
        path,
        expect.stringContaining("img-src 'self' data: blob:;"),
      ])
      expect([path, headers.get("x-frame-options")]).toEqual([path, "DENY"])
    }
  })

  it("keeps pages that somebody was sent a link to out of search engines", async () => {
    for (const path of ["/form/", "/approve/"]) {
      const { headers } = await fetchText(origin + path + "a".repeat(40))
      expect([path, headers.get("x-robots-tag")]).toEqual([path, "noindex, nofollow"])
    }
    expect((await fetchText(`${origin}/login`)).headers.get("x-robots-tag")).toBeNull()
  })

  it("[A16] asks for HTTPS where it came by HTTPS", async () => {
    const plain = await fetchText(`${origin}/api/v1/health`)
    const safe = await fetchText("https://crew.example.com/api/v1/health")
    expect(plain.headers.get("strict-transport-security")).toBeNull()
    expect(safe.headers.get("strict-transport-security")).toContain("max-age=")
  })

  it("[A17] reflects no origin", async () => {
    const { host, port } = new URL(origin)
    const origins = [
      "null",
      "*",
      "https://evil.example",
      "http://evil.example",
      `${origin}.evil.example`,
      `http://evil-${host}`,
      `http://evil.example.${host}`,
      `http://${host}@evil.example`,
      `http://evil.example#${origin}`,
      `http://evil.example/${origin}`,
      `https://${host}`,
      `HTTP://${host}`,
      `http://${host.replace(port, "1")}`,
      "http://127.0.0.1",
      "http://localhost:8787",
      `http://[::1]:${port}`,
      `ws://${host}`,
      "file://",
      "chrome-extension://abcdefghijklmnop",
      `${origin}, https://evil.example`,
    ]
    expect(new Set(origins).size).toBe(20)
    for (const from of [...origins, origin]) {
      for (const [method, path] of [
        ["GET", "/health"],
        ["OPTIONS", "/health"],
        ["GET", "/auth/me"],
        ["OPTIONS", "/flows"],
        ["POST", "/auth/refresh"],
      ] as const) {
        const { headers } = await fetchText(`${origin}/api/v1${path}`, {
          method,
          headers: {
            origin: from,
            "access-control-request-method": "POST",
            authorization: `Bearer ${tenant.token}`,
          },
        })
        for (const name of ["access-control-allow-origin", "access-control-allow-credentials"]) {
          expect([from, name, headers.get(name)]).toEqual([from, name, null])
        }
      }
    }
  })

  const others = new Map<Endpoint, unknown>([
    [executionsApi.stream, expect.stringContaining("text/event-stream")],
    [debuggingApi.exportList, "text/csv; charset=utf-8; header=present"],
    [auditApi.export, "application/x-ndjson"],
    // Whatever a program has left: to be saved, never shown.
    [debuggingApi.artifact, "application/octet-stream"],
  ])
  it("[A21] says what it is, with its charset", async () => {
    for (const endpoint of reads) {
      const answered = await ask(endpoint, { token: tenant.token, ...sampleOf(endpoint, world) })
      const type = answered.headers.get("content-type")
      expect([nameOf(endpoint), answered.status, type]).toEqual([
        nameOf(endpoint),
        200,
        others.get(endpoint) ?? "application/json; charset=utf-8",
      ])
    }
  })
})

describe("methods", () => {
  it("[A23] that a route does not take are refused with those it takes", async () => {
    const paths = new Map<string, string[]>()
    for (const { path, method } of allEndpoints) paths.set(path, [...(paths.get(path) ?? []), method])
    for (const [path, known] of paths) {
      const address = addressOf({ ...systemApi.health, path }, { params: nowhere })
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"]) {
        // Pages of other sites ask first.
        if (known.includes(method) || (method === "OPTIONS" && path.startsWith("/widget/"))) continue
        const answered = await fetchText(address, {
          method,
          headers: { authorization: `Bearer ${tenant.token}` },
        })
        // `GET /flows/import` is a flow whose id is no id.
        if (
          [
            "/flows/import",
            "/crews/import",
            "/executions/bulk",
            "/triggers/preview-schedule",
            "/users/invite",
          ].includes(path)
        )
          continue
        expect([path, method, problemOf(answered)]).toEqual([
          path,
          method,
          { status: 405, code: "route.method" },
        ])
        const allow = (answered.headers.get("allow") ?? "").split(", ")
        expect([path, allow.filter((one) => one !== "HEAD").sort()]).toEqual([path, known.toSorted()])
      }
    }
  })

  it("HEAD answers like GET without a body", async () => {
    const response = await exports.default.fetch(new Request(`${origin}/api/v1/health`, { method: "HEAD" }))
    expect([response.status, await response.text()]).toEqual([200, ""])
  })

  it("[A19] that only read change nothing", async () => {
    const state = async () => JSON.stringify([await dump(await databaseOf(tenant.id)), await dumpControl()])
    const before = await state()
    for (const endpoint of reads) {
      const input = { token: tenant.token, ...sampleOf(endpoint, world) }
      await ask(endpoint, input)
      await exports.default.fetch(
        new Request(addressOf(endpoint, input), {
          method: "HEAD",
          headers: { authorization: `Bearer ${tenant.token}` },
        }),
      )
    }
    expect(await state()).toBe(before)
  })
})

describe("addresses", () => {
  it.each([
    "/api",
    "/api/",
    "/api/v1",
    "/api/v1/",
    "/api/v2/flows",
    "/api/v1/flow",
    "/api/v1/flows/",
    "/internal",
    "/internal/x",
  ])("%s is no page and no route", async (path) => {
    const answered = await fetchText(origin + path)
    expect(problemOf(answered)).toEqual({ status: 404, code: "route.not_found" })
  })
})

describe("a WebSocket", () => {
  const open = async (headers: Record<string, string>) => {
    const address = `${origin}${apiBase}/executions/${world.execution_id}/stream`
    const response = await exports.default.fetch(
      new Request(address, {
        headers: { upgrade: "websocket", authorization: `Bearer ${tenant.token}`, ...headers },
      }),
    )
    response.webSocket?.accept()
    response.webSocket?.close()
    return response.status
  }

  it("[A24] opens from our own pages only", async () => {
    const foreign = ["https://evil.example", "null", `${origin}.evil.example`, "http://127.0.0.1:1"]
    for (const from of foreign) expect([from, await open({ origin: from })]).toEqual([from, 403])
    expect(await open({})).toBe(403)
    expect(await open({ origin })).toBe(101)
  })
})
