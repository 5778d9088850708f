import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { faultOf } from "#durable/execution/fault"
import type { HttpStepReply, HttpStepRequest } from "#durable/execution/http-port"
import type { TenantId } from "#core/ids"
import { guardedFetch } from "#worker/egress/guard"
import type { ResolvedCredential } from "#worker/services/credentials/resolve"
import { startHttpServer, type HttpServer } from "#test/kit/http-server"
import { sendRequest } from "./call.ts"

let server: HttpServer
let other: HttpServer
beforeAll(async () => {
  ;[server, other] = await Promise.all([startHttpServer(), startHttpServer()])
})
afterAll(() => Promise.all([server.close(), other.close()]))
beforeEach(() => {
  server.received.length = 0
  other.received.length = 0
})

const canary = "canary-0123/456789+abcdef"
const pair = Buffer.from(`ana:${canary}`).toString("base64")

const shared = { name: "Shop", secret: canary, allowed_hosts: ["127.0.0.1"] }
const credentials: Record<ResolvedCredential["kind"], ResolvedCredential> = {
  bearer: { ...shared, kind: "bearer", config: {} },
  basic: { ...shared, kind: "basic", config: { user_name: "ana" } },
  header: { ...shared, kind: "header", config: { header: "X-Api-Key" } },
  query: { ...shared, kind: "query", config: { parameter: "api_key" } },
}
const kinds = Object.values(credentials)

/** Sends with a credential; answers with what the engine would journal of it, whichever way it went. */
async function journaled(
  credential: ResolvedCredential | undefined,
  change: Partial<HttpStepRequest> & { url: string },
  allow = [server.host, other.host],
): Promise<{ reply?: HttpStepReply; code?: string; message?: string; text: string }> {
  const deps = {
    out: (limits: object = {}) => guardedFetch({ allow, ...limits }),
    allow,
    credential: async () => credential,
    now: () => Date.now(),
  }
  const request = {
    tenant: { id: "tenant_01JD0000000000000000000000" as TenantId, slot: "TENANT_1" },
    method: "GET",
    headers: {},
    query: {},
    body: undefined,
    credential_id: "cred_1",
    ...change,
  }
  try {
    const reply = await sendRequest(deps, request, new AbortController().signal)
    return { reply, text: JSON.stringify(reply) }
  } catch (error) {
    const { code, message } = faultOf(error)
    return { code, message, text: JSON.stringify([error, code, message, String(error)]) }
  }
}

const assertUnseen = (text: string): void => {
  for (const one of [canary, encodeURIComponent(canary), pair, Buffer.from(canary).toString("base64")])
    expect(text).not.toContain(one)
}

describe("a credential", () => {
  it("is sent in its way, in the place of what the node says", async () => {
    const headers = { Authorization: "Bearer the node's", "x-api-key": "the node's" }
    for (const credential of kinds)
      await journaled(credential, { url: `${server.url}/echo?api_key=theirs&keep=a%20b`, headers })
    const [bearer, basic, header, query] = server.received
    expect(bearer.headers["authorization"]).toBe(`Bearer ${canary}`)
    expect(basic.headers["authorization"]).toBe(`Basic ${pair}`)
    expect(header.headers["x-api-key"]).toBe(canary)
    expect(query.query.getAll("api_key")).toEqual([canary])
    expect(query.query.get("keep")).toBe("a b")
  })

  it("[A62] is in nothing that comes back, however the server repeats it", async () => {
    for (const credential of kinds) {
      const { reply, text } = await journaled(credential, { url: `${server.url}/echo` })
      expect([credential.kind, reply?.status]).toEqual([credential.kind, 200])
      expect(text).toContain("[secret]")
      assertUnseen(text)
    }
    for (const status of [400, 401, 403, 500]) {
      for (const credential of kinds) {
        const sent = credential.kind === "basic" ? `${canary} or ${pair}` : canary
        const repeated = encodeURIComponent(`invalid key ${sent}`)
        const fault = await journaled(credential, {
          url: `${server.url}/status/${status}?message=${repeated}`,
        })
        expect(fault.code).toBe(`http.status_${status}`)
        assertUnseen(fault.text)
      }
    }
    const binary = Buffer.concat([Buffer.from([255, 0]), Buffer.from(canary)]).toString("base64")
    const { reply } = await journaled(credentials.bearer, {
      url: `${server.url}/body?type=image%2Fpng&base64=${encodeURIComponent(binary)}`,
    })
    const { base64 } = reply!.body as { base64: string }
    expect(Buffer.from(base64, "base64").includes(canary)).toBe(false)
  })

  it("goes to its hosts only, and nothing is sent elsewhere", async () => {
    const cases: [string[], string][] = [
      [["api.example.com"], `${server.url}/echo`],
      [["*.0.0.1"], "https://api.example.org/"],
      [["example.com"], "https://api.example.com/"],
      [["*.example.com"], "https://example.com/"],
      [["*.example.com"], "https://notexample.com/"],
      [["api.example.com"], "https://api.example.com.evil.net/"],
    ]
    for (const [allowed_hosts, url] of cases) {
      const fault = await journaled({ ...credentials.bearer, allowed_hosts }, { url })
      expect([url, fault.code]).toEqual([url, "http.credential_host"])
      expect(fault.message).toContain("Shop")
      assertUnseen(fault.text)
    }
    expect(server.received).toEqual([])
  })

  it("does not go over http where others could read it", async () => {
    const allowed_hosts = ["*.example.com"]
    const fault = await journaled(
      { ...credentials.bearer, allowed_hosts },
      { url: "http://api.example.com/" },
    )
    expect(fault).toMatchObject({
      code: "http.credential_host",
      message: expect.stringContaining("https") as unknown,
    })
  })

  it("that does not exist stops the step before anything is sent", async () => {
    const fault = await journaled(undefined, { url: `${server.url}/echo` })
    expect(fault.code).toBe("http.credential_missing")
    expect(server.received).toEqual([])
  })
})

describe("[A65] a redirect", () => {
  const to = (url: string, more = "") => `${server.url}/redirect/302?to=${encodeURIComponent(url)}${more}`

  it("keeps the credential at the same origin and loses it at any other, also one of its hosts", async () => {
    for (const credential of [credentials.bearer, credentials.basic, credentials.header]) {
      server.received.length = 0
      other.received.length = 0
      const home = await journaled(credential, { url: to("/echo") })
      expect(home.reply?.final_url).toBe(`${server.url}/echo`)
      expect(JSON.stringify(server.received[1].headers)).toMatch(/canary|Basic/)
      const away = await journaled(credential, { url: to(`${other.url}/echo`) })
      expect(away.reply?.final_url).toBe(`${other.url}/echo`)
      expect(other.received).toHaveLength(1)
      assertUnseen(JSON.stringify(other.received))
      expect(other.received[0].headers).not.toHaveProperty("authorization")
    }
  })

  it("that would carry it in its address to another origin is not followed", async () => {
    const leak = await journaled(credentials.query, { url: to(`${other.url}/echo`, "&careless") })
    expect(leak.code).toBe("http.redirect")
    assertUnseen(leak.text)
    const spelled = `${other.url}/echo/${encodeURIComponent(canary)}`
    expect((await journaled(credentials.bearer, { url: to(spelled) })).code).toBe("http.redirect")
    expect(other.received).toEqual([])
    const home = await journaled(credentials.query, { url: to("/echo", "&careless") })
    expect(home.reply?.status).toBe(200)
    assertUnseen(home.text)
  })

  it("is followed five times and no further", async () => {
    expect((await journaled(credentials.bearer, { url: `${server.url}/chain/5` })).reply?.body).toEqual({
      arrived: true,
    })
    expect((await journaled(credentials.bearer, { url: `${server.url}/chain/6` })).code).toBe("http.redirect")
  })

  it("takes no body to another origin", async () => {
    const request = {
      url: `${server.url}/redirect/307?to=${encodeURIComponent(`${other.url}/echo`)}`,
      method: "POST",
    }
    const fault = await journaled(credentials.bearer, { ...request, body: { card: "4111" } })
    expect(fault.code).toBe("http.redirect")
    expect(other.received).toEqual([])
  })
})
