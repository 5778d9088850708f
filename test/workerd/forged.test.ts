import { exports } from "cloudflare:workers"
import { exportJWK, generateKeyPair, importJWK, SignJWT } from "jose"
import { beforeAll, describe, expect, it } from "vitest"
import * as z from "zod"
import { approvalsApi } from "#core/contract/approvals"
import { authApi } from "#core/contract/auth"
import type { Endpoint } from "#core/contract/endpoint"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { formsApi } from "#core/contract/triggers"
import { addressOf, ask, call, fetchText, origin } from "#test/kit/api"
import { newKey, newTenant, testEnv, type TestTenant } from "#test/kit/tenants"
import { newWorld, type World } from "#test/kit/world"

const Jwk = z.object({ kty: z.string(), crv: z.string(), x: z.string(), d: z.string() })
const jwk = Jwk.parse(JSON.parse(testEnv.SIGNING_KEY))

type Claims = Record<string, unknown>

let acme: TestTenant
let globex: TestTenant
let world: World
let claims: Claims
let theirs: Claims
beforeAll(async () => {
  acme = await newTenant("acme")
  globex = await newTenant("globex")
  world = await newWorld(acme)
  claims = claimsOf(acme.token)
  theirs = claimsOf(globex.token)
}, 60_000)

const base64url = (text: string): string =>
  btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")
const encode = (value: unknown): string =>
  base64url(typeof value === "string" ? value : JSON.stringify(value))
const claimsOf = (token: string): Claims =>
  JSON.parse(atob(token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/"))) as Claims

const header = { alg: "EdDSA", typ: "at+jwt" }
const signed = async (payload: Claims, more: object = {}, key?: CryptoKey): Promise<string> =>
  new SignJWT(payload).setProtectedHeader({ ...header, ...more }).sign(key ?? (await importJWK(jwk, "EdDSA")))
const now = () => Math.floor(Date.now() / 1000)

/** Tokens that somebody makes who has no key of ours. */
async function forged(): Promise<[string, string][]> {
  const own = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true })
  const bySelf = (payload: Claims, more: object = {}) => signed(payload, more, own.privateKey)
  const parts = acme.token.split(".") as [string, string, string]
  const hmac = async (alg: string, secret: string, hash: string) => {
    const key = await crypto.subtle.importKey(
      "raw",
      new TextEncoder().encode(secret),
      { name: "HMAC", hash },
      false,
      ["sign"],
    )
    const bare = `${encode({ alg, typ: "at+jwt" })}.${encode(claims)}`
    const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(bare)))
    return `${bare}.${base64url(String.fromCharCode(...mac))}`
  }
  const kids = [
    "../../dev/null",
    "' or 1=1 --",
    "0",
    "",
    "http://evil.example/jwks",
    "\u0000",
    "a".repeat(5_000),
    "__proto__",
  ]
  const list: Promise<[string, string]>[] = [
    ...["none", "None", "NONE", "nOnE", "", "null"]
      .flatMap(
        (alg) =>
          [
            async () => [`alg ${alg} unsigned`, `${encode({ alg, typ: "at+jwt" })}.${encode(claims)}.`],
            async () => [
              `alg ${alg} with our signature`,
              `${encode({ alg, typ: "at+jwt" })}.${encode(claims)}.${parts[2]}`,
            ],
          ] as (() => Promise<[string, string]>)[],
      )
      .map((make) => make()),
    ...(["HS256", "HS384", "HS512"] as const).flatMap((alg) =>
      [jwk.x, JSON.stringify({ kty: jwk.kty, crv: jwk.crv, x: jwk.x }), "secret"].map(
        async (secret): Promise<[string, string]> => [
          `${alg} with ${secret.slice(0, 8)}`,
          await hmac(alg, secret, `SHA-${alg.slice(2)}`),
        ],
      ),
    ),
    ...["ES256", "RS256", "PS256", "Ed448", "EdDSA2"].map(async (alg): Promise<[string, string]> => [
      `our signature under ${alg}`,
      `${encode({ alg, typ: "at+jwt" })}.${parts[1]}.${parts[2]}`,
    ]),
    ...kids.map(async (kid): Promise<[string, string]> => [
      `own key, kid ${kid.slice(0, 20)}`,
      await bySelf(claims, { kid }),
    ]),
    (async () => ["own key in the header", await bySelf(claims, { jwk: await exportJWK(own.publicKey) })])(),
    ...["jku", "x5u"].map(async (name): Promise<[string, string]> => [
      `${name} of elsewhere`,
      await bySelf(claims, { [name]: "https://evil.example/k" }),
    ]),
    (async () => [
      "another tenant's claims",
      `${parts[0]}.${encode({ ...claims, tid: theirs["tid"], slot: theirs["slot"] })}.${parts[2]}`,
    ])(),
    (async () => [
      "another person's claims",
      `${parts[0]}.${encode({ ...claims, sub: theirs["sub"] })}.${parts[2]}`,
    ])(),
    (async () => ["the other's signature", `${parts[0]}.${parts[1]}.${globex.token.split(".")[2]}`])(),
    (async () => ["no signature", `${parts[0]}.${parts[1]}`])(),
    (async () => ["a fourth part", `${acme.token}.x`])(),
    (async () => ["five parts", `${acme.token}.x.y`])(),
    (async () => ["spaces around the dots", acme.token.replaceAll(".", " . ")])(),
    (async () => ["padding", `${parts[0]}=.${parts[1]}=.${parts[2]}=`])(),
    (async () => [
      "standard base64",
      `${parts.map((one) => one.replaceAll("-", "+").replaceAll("_", "/")).join(".")}+`,
    ])(),
    (async () => ["a header that is no object", `${encode([])}.${parts[1]}.${parts[2]}`])(),
    (async () => ["a payload that is no object", `${parts[0]}.${encode("1")}.${parts[2]}`])(),
  ]
  return Promise.all(list)
}

/** Tokens of our own key that say what they must not. */
async function misused(): Promise<[string, string][]> {
  const changes: [string, Claims][] = [
    ["expired", { exp: now() - 100, iat: now() - 700 }],
    ["expired at the year 1", { exp: 1 }],
    ["exp missing", { exp: undefined }],
    ["exp as text", { exp: String(now() + 600) }],
    ["exp negative", { exp: -1 }],
    ["exp null", { exp: null }],
    ["exp in the far future and iat of old", { exp: now() + 1e9, iat: now() - 1_000 }],
    ["iat missing", { iat: undefined }],
    ["iat in the future", { iat: now() + 300, exp: now() + 600 }],
    ["iat as text", { iat: String(now()) }],
    ["nbf in the future", { nbf: now() + 300 }],
    ["nbf as text", { nbf: "now" }],
    ["another audience", { aud: "edgecrew:invite" }],
    ["no audience", { aud: undefined }],
    ["an empty audience", { aud: [] }],
    ["another issuer", { iss: "https://evil.example" }],
    ["no issuer", { iss: undefined }],
    ["an issuer that begins like ours", { iss: "edgecrew.evil.example" }],
    ["no subject", { sub: undefined }],
    ["a subject that is no person", { sub: "admin" }],
    ["no session", { sid: undefined }],
    ["a session that never was", { sid: "session_01JD0000000000000000000000" }],
    ["a session as a list", { sid: [claims["sid"]] }],
    ["no tenant", { tid: undefined }],
    ["a tenant that is none", { tid: "*" }],
    ["no slot", { slot: undefined }],
    ["a role that is none", { role: "owner" }],
    ["no role", { role: undefined }],
  ]
  const types = ["JWT", "invite+jwt", "refresh+jwt", "at+JWT; x", ""]
  return [
    ...(await Promise.all(
      changes.map(async ([what, change]): Promise<[string, string]> => [
        what,
        await signed(
          Object.fromEntries(Object.entries({ ...claims, ...change }).filter(([, one]) => one !== undefined)),
        ),
      ]),
    )),
    ...(await Promise.all(
      types.map(async (typ): Promise<[string, string]> => [`type ${typ}`, await signed(claims, { typ })]),
    )),
  ]
}

/** Secrets of ours that are meant for something else, and near misses of them. */
async function misplaced(): Promise<[string, string][]> {
  const key = await newKey(acme, "flow.read")
  const ticket = async () =>
    (await call(authApi.ticket, { token: acme.token, body: { resource: "/api/v1/auth/me" } })).ticket
  return [
    ["a refresh token", acme.refresh],
    ["a ticket", await ticket()],
    ["a link to a question", world.token],
    ["a form's address", world.form_token],
    ["a shared chat's address", world.share_token],
    ["a key with a sign more", `${key}A`],
    ["a key with a sign less", key.slice(0, -1)],
    ["a key in capitals", key.toUpperCase()],
    ["a key with another sign", key.slice(0, -1) + (key.endsWith("A") ? "B" : "A")],
    ["a key's prefix", key.slice(0, 12)],
    ["a digest in the place of a key", `eck_${"0".repeat(64)}`],
    [
      "a visitor's token that is made up",
      `ecw_${encode({ t: claims["tid"], c: world.chat_id, k: world.key_id, x: Date.now() + 60_000 })}.${"A".repeat(43)}`,
    ],
    [
      "a visitor's token without its end",
      `ecw_${encode({ t: claims["tid"], c: world.chat_id, k: world.key_id, x: Date.now() + 60_000 })}`,
    ],
    ["null", "null"],
    ["undefined", "undefined"],
    ["the signing key", jwk.d],
    ["the installer's secret", testEnv.SETUP_TOKEN ?? "setup"],
  ]
}

const doors: Endpoint[] = [authApi.me, flowsApi.list, executionsApi.stream]

async function refusedEverywhere(tokens: [string, string][]): Promise<void> {
  for (const [what, token] of tokens) {
    for (const door of doors) {
      const { status } = await ask(door, { token, params: world }).catch(() => ({ status: 401 }))
      expect([what, door.path, status]).toEqual([what, door.path, 401])
    }
  }
}

describe("[A48-A51] a token", () => {
  it("that is forged, misused or misplaced opens nothing, and there are eighty and more of them", async () => {
    expect((await ask(authApi.me, { token: await signed(claims) })).status).toBe(200)
    const all = [...(await forged()), ...(await misused()), ...(await misplaced())]
    console.log(JSON.stringify({ forged_tokens: all.length }))
    expect(all.length).toBeGreaterThanOrEqual(80)
    await refusedEverywhere(all)
  }, 60_000)

  it("in an address is no token", async () => {
    for (const name of ["token", "access_token", "authorization", "api_key", "key", "ticket"]) {
      const { status } = await fetchText(`${addressOf(flowsApi.list)}?${name}=${acme.token}`)
      expect([name, status]).toEqual([name, 401])
    }
  })

  it("in a cookie is no token", async () => {
    const cookie = `__Host-edgecrew_refresh=${acme.refresh}; access_token=${acme.token}; token=${acme.token}`
    expect((await ask(flowsApi.list, { headers: { cookie, origin } })).status).toBe(401)
  })
})

describe("[A25] a ticket", () => {
  const ticketFor = async (resource: string, token = acme.token) =>
    (await call(authApi.ticket, { token, body: { resource } })).ticket

  it("opens no other stream, no other tenant's, and none twice, also when all come at once", async () => {
    const address = addressOf(executionsApi.stream, { params: { execution_id: world.execution_id } })
    const resource = new URL(address).pathname
    const status = async (ticket: string) => (await fetchText(`${address}?ticket=${ticket}`)).status
    expect(await status(await ticketFor(`${resource}/`.replace("/stream/", "/events")))).toBe(401)
    // Another tenant's ticket for the same address: it is not there.
    expect(await status(await ticketFor(resource, globex.token))).toBe(404)
    const ticket = await ticketFor(resource)
    const all = await Promise.all(Array.from({ length: 20 }, () => status(ticket)))
    expect(all.filter((one) => one === 200)).toHaveLength(1)
    expect(all.filter((one) => one === 401)).toHaveLength(19)
  })
})

describe("[A42] a link that was sent to somebody", () => {
  it("opens nothing with one sign changed", async () => {
    const flip = (text: string, i: number) =>
      text.slice(0, i) + (text[i] === "A" ? "B" : "A") + text.slice(i + 1)
    const opened: unknown[] = []
    for (const [endpoint, token] of [
      [approvalsApi.byLink, world.token],
      [formsApi.get, world.form_token],
    ] as const) {
      for (let i = 0; i < token.length; i += 5) {
        const { status } = await ask(endpoint as Endpoint, { params: { token: flip(token, i) } })
        // Whoever guesses is slowed, which is no answer either.
        if (![400, 404, 429].includes(status)) opened.push([endpoint.path, i, status])
      }
    }
    expect(opened).toEqual([])
  })
})

describe("[A24] every socket", () => {
  it("opens from our own pages only, whatever its address", async () => {
    const sockets = [
      `/api/v1/executions/${world.execution_id}/stream`,
      `/api/v1/flows/${world.flow_id}/canvas?client=window-0000000000000001`,
      `/api/v1/chat/sessions/${world.chat_id}/stream`,
    ]
    for (const path of sockets)
      for (const from of [
        undefined,
        "null",
        "https://evil.example",
        `${origin}.evil.example`,
        "http://127.0.0.1:1",
        "file://",
      ]) {
        const headers = {
          upgrade: "websocket",
          authorization: `Bearer ${acme.token}`,
          ...(from ? { origin: from } : {}),
        }
        const answered = await exports.default.fetch(new Request(origin + path, { headers }))
        answered.webSocket?.accept()
        answered.webSocket?.close()
        await answered.body?.cancel()
        expect([path, from, answered.status]).toEqual([path, from, 403])
      }
  })
})
