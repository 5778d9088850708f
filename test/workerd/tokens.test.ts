import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWTPayload } from "jose"
import { beforeAll, describe, expect, it } from "vitest"
import * as z from "zod"
import { authApi } from "#core/contract/auth"
import { ask, problemOf } from "#test/kit/api"
import { newTenant, testEnv, type TestTenant } from "#test/kit/tenants"

const Jwk = z.object({ kty: z.string(), crv: z.string(), x: z.string(), d: z.string() })
const jwk = Jwk.parse(JSON.parse(testEnv.SIGNING_KEY))

let tenant: TestTenant
let claims: JWTPayload
beforeAll(async () => {
  tenant = await newTenant()
  claims = JSON.parse(
    atob(tenant.token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/")),
  ) as JWTPayload
})

const encode = (value: unknown): string =>
  (typeof value === "string" ? btoa(value) : btoa(JSON.stringify(value)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "")

/** A token that our own key signed, with other claims or another header. */
async function forged(
  change: Record<string, unknown>,
  header: Record<string, unknown> = {},
): Promise<string> {
  const payload = Object.fromEntries(
    Object.entries({ ...claims, ...change }).filter(([, value]) => value !== undefined),
  )
  return new SignJWT(payload)
    .setProtectedHeader({ alg: "EdDSA", typ: "at+jwt", ...header })
    .sign(await importJWK(jwk, "EdDSA"))
}

const tried = async (token: string) => problemOf(await ask(authApi.me, { token }))
const refused = { status: 401, code: "auth.invalid" }

describe("an access token", () => {
  it("that is forged with our own key and nothing changed is good: the forger works", async () => {
    expect((await ask(authApi.me, { token: await forged({}) })).status).toBe(200)
  })

  it("[A48] is refused when any of its characters is another", async () => {
    // The last character of each part may hold bits that carry nothing; strict decoders differ there, so every one counts.
    for (let i = 0; i < tenant.token.length; i++) {
      if (tenant.token[i] === ".") continue
      const other = tenant.token[i] === "A" ? "Q" : "A"
      const token = tenant.token.slice(0, i) + other + tenant.token.slice(i + 1)
      expect([i, await tried(token)]).toEqual([i, refused])
    }
  })

  it.each(["none", "None", "NONE", "nOnE", "noNe", "NoNe", "nonE", "NonE"])(
    "[A49] is refused with alg %s",
    async (alg) => {
      const bare = `${encode({ alg, typ: "at+jwt" })}.${encode(claims)}`
      expect(await tried(`${bare}.`)).toEqual(refused)
      expect(await tried(`${bare}.${tenant.token.split(".")[2]}`)).toEqual(refused)
    },
  )

  it("[A49] is refused when signed with HS256 and the public key", async () => {
    for (const secret of [jwk.x, JSON.stringify({ kty: jwk.kty, crv: jwk.crv, x: jwk.x }), "", "secret"]) {
      const key = await crypto.subtle.importKey(
        "raw",
        new TextEncoder().encode(secret || "\0"),
        { name: "HMAC", hash: "SHA-256" },
        false,
        ["sign"],
      )
      const bare = `${encode({ alg: "HS256", typ: "at+jwt" })}.${encode(claims)}`
      const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(bare))
      const signature = encode(String.fromCharCode(...new Uint8Array(mac)))
      expect(await tried(`${bare}.${signature}`)).toEqual(refused)
    }
  })

  it("[A49] is refused when it brings its own key, or says where to find one", async () => {
    const { privateKey, publicKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true })
    const own = await exportJWK(publicKey)
    const headers = [
      { jwk: own },
      { jku: "https://evil.example/jwks.json" },
      { x5u: "https://evil.example/cert.pem" },
      { kid: "../../../../dev/null" },
      { kid: "' or 1 = 1 --" },
      {},
    ]
    for (const header of headers) {
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: "EdDSA", typ: "at+jwt", ...header })
        .sign(privateKey)
      expect([header, await tried(token)]).toEqual([header, refused])
    }
  })

  it("[A49] is refused with an unencoded payload or a critical header that nobody knows", async () => {
    const key = await importJWK(jwk, "EdDSA")
    for (const header of [
      { crit: ["edge"], edge: 1 },
      { b64: false, crit: ["b64"] },
    ]) {
      const signed = new TextEncoder()
      const bare = `${encode({ alg: "EdDSA", typ: "at+jwt", ...header })}.${encode(claims)}`
      const signature = await crypto.subtle.sign("Ed25519", key as CryptoKey, signed.encode(bare))
      const token = `${bare}.${encode(String.fromCharCode(...new Uint8Array(signature)))}`
      expect([header, await tried(token)]).toEqual([header, refused])
    }
  })

  const now = () => Math.floor(Date.now() / 1000)
  it.each<[string, () => Record<string, unknown>]>([
    ["no exp", () => ({ exp: undefined })],
    ["exp as a string", () => ({ exp: String(now() + 600) })],
    ["exp with a fraction", () => ({ exp: now() + 60.5 })],
    ["negative exp", () => ({ exp: -1 })],
    ["exp null", () => ({ exp: null })],
    ["exp long past", () => ({ exp: now() - 61, iat: now() - 600 })],
    ["no iat", () => ({ iat: undefined })],
    ["iat too old", () => ({ iat: now() - 700 })],
    ["iat in the future", () => ({ iat: now() + 120, exp: now() + 700 })],
    ["nbf in the future", () => ({ nbf: now() + 120 })],
    ["another audience", () => ({ aud: "edgecrew:invite" })],
    ["no audience", () => ({ aud: undefined })],
    ["another issuer", () => ({ iss: "https://evil.example" })],
    ["no issuer", () => ({ iss: undefined })],
    ["no subject", () => ({ sub: undefined })],
    ["a session that never was", () => ({ sid: "session_01JD0000000000000000000000" })],
    ["a subject that is no user", () => ({ sub: "admin" })],
  ])("[A50, A51] is refused with %s", async (_, change) => {
    expect(await tried(await forged(change()))).toEqual(refused)
  })

  it("[A50] is refused when exp is more than any number", async () => {
    const payload = JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e400')
    const key = await importJWK(jwk, "EdDSA")
    const bare = `${encode({ alg: "EdDSA", typ: "at+jwt" })}.${encode(payload)}`
    const signature = await crypto.subtle.sign("Ed25519", key as CryptoKey, new TextEncoder().encode(bare))
    expect(await tried(`${bare}.${encode(String.fromCharCode(...new Uint8Array(signature)))}`)).toEqual(
      refused,
    )
  })

  it.each(["JWT", "invite+jwt", undefined])("[A51] is refused with the type %s", async (typ) => {
    expect(await tried(await forged({}, { typ }))).toEqual(refused)
  })

  it("[A41] does not decide the role: the database does", async () => {
    const viewer = await ask(authApi.me, { token: await forged({ role: "viewer" }) })
    expect(viewer.body.role).toBe("admin")
  })

  it("[A51] is not a refresh token, nor the other way round", async () => {
    expect(await tried(tenant.refresh)).toEqual(refused)
    const answered = await ask(authApi.refresh, { body: { refresh_token: tenant.token.slice(0, 200) } })
    expect(problemOf(answered)).toEqual(refused)
  })

  it.each(["", "Bearer", "Bearer ", "Basic YTpi", "Token x", "Bearer a b", `Bearer ${"x".repeat(5_000)}`])(
    "is refused as %j",
    async (authorization) => {
      const answered = await ask(authApi.me, { headers: { authorization } })
      expect(answered.status).toBe(401)
    },
  )
})
