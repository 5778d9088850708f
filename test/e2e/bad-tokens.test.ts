import { createHmac, createPrivateKey, sign, type KeyObject } from "node:crypto"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as z from "zod"
import { authApi } from "#core/contract/auth"
import { startFresh, type Server } from "#test/kit/server"
import { Client, problemOf } from "./kit/client.ts"
import { keyOf, register, type Tenant } from "./kit/world.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let stranger: Client
let acme: Tenant
let key: Client

beforeAll(async () => {
  const started = await startFresh()
  server = started.server
  end = started.end
  stranger = await Client.of(server.address)
  acme = await register(stranger)
  key = await keyOf(acme.admin, "flow.read")
})
afterAll(() => end())

describe("a token", () => {
  const SigningKey = z.object({ SIGNING_KEY: z.looseObject({ x: z.string(), kid: z.string() }) })
  type Claims = Record<string, unknown>

  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url")
  const decode = (part: string): Claims =>
    z.record(z.string(), z.unknown()).parse(JSON.parse(Buffer.from(part, "base64url").toString()))

  let jwk: z.infer<typeof SigningKey>["SIGNING_KEY"]
  let secret: KeyObject
  let header: Claims
  let claims: Claims

  const signedText = (body: string): string =>
    `${body}.${sign(null, Buffer.from(body), secret).toString("base64url")}`

  /** A token signed as the server signs. */
  const signed = (change: Claims = {}, head: Claims = {}): string =>
    signedText(`${encode({ ...header, ...head })}.${encode({ ...claims, ...change })}`)

  const statusWith = async (token: string): Promise<string> => {
    const answer = await stranger.as(token).send("GET", "/auth/me")
    return answer.status === 200 ? "200" : `${answer.status} ${problemOf(answer).code}`
  }

  beforeAll(() => {
    jwk = SigningKey.parse(JSON.parse(readFileSync(join(server.state, "keys.json"), "utf8"))).SIGNING_KEY
    secret = createPrivateKey({ key: jwk, format: "jwk" })
    const [head = "", body = ""] = (acme.admin.token ?? "").split(".")
    header = decode(head)
    claims = decode(body)
  })

  it("that we sign opens the door, so that the refusals below mean something", async () => {
    expect(await statusWith(signed())).toBe("200")
    expect(header).toMatchObject({ alg: "EdDSA", typ: "at+jwt" })
    expect(Number(claims["exp"]) - Number(claims["iat"])).toBeLessThanOrEqual(900)
  })

  it("that is unsigned, or signed with what everybody knows, opens nothing", async () => {
    const payload = encode(claims)
    const hmac = (alg: string, hash: string, shared: string | Uint8Array): string => {
      const body = `${encode({ ...header, alg })}.${payload}`
      return `${body}.${createHmac(hash, shared).update(body).digest("base64url")}`
    }
    const { d: _, ...open } = jwk as Claims
    const tokens = {
      none: `${encode({ ...header, alg: "none" })}.${payload}.`,
      None: `${encode({ ...header, alg: "None" })}.${payload}.`,
      "no signature": `${encode(header)}.${payload}.`,
      "two parts": `${encode(header)}.${payload}`,
      "HS256 with x": hmac("HS256", "sha256", jwk.x),
      "HS256 with the key's bytes": hmac("HS256", "sha256", Buffer.from(jwk.x, "base64url")),
      "HS256 with the JWK": hmac("HS256", "sha256", JSON.stringify(open)),
      "HS256 with nothing": hmac("HS256", "sha256", ""),
      "HS512 with x": hmac("HS512", "sha512", jwk.x),
      "own key in the header": signed({}, { jwk: open }).replace(/\.[^.]+$/, ".AAAA"),
    }
    for (const [name, token] of Object.entries(tokens))
      expect([name, await statusWith(token)]).toEqual([name, "401 auth.invalid"])
  })

  it("that is old, of tomorrow, for somebody else or of another kind opens nothing", async () => {
    const now = Math.floor(Date.now() / 1000)
    const { exp: _, ...endless } = claims
    const tokens = {
      expired: signed({ iat: now - 1_200, exp: now - 600 }),
      "expired a minute ago": signed({ iat: now - 660, exp: now - 60 }),
      "too long a life": signed({ iat: now - 86_400, exp: now + 86_400 }),
      "not yet": signed({ nbf: now + 600 }),
      "no end": signedText(`${encode(header)}.${encode(endless)}`),
      "other audience": signed({ aud: "somebody-else" }),
      "no audience": signed({ aud: undefined }),
      "other issuer": signed({ iss: "https://evil.example" }),
      "other kind": signed({}, { typ: "JWT" }),
      critical: signed({}, { crit: ["exp"], b64: false }),
      "no such session": signed({ sid: "session_01JD0000000000000000000000" }),
      "a role of its own making": signed({ role: "owner" }),
      "no subject": signed({ sub: "" }),
    }
    for (const [name, token] of Object.entries(tokens))
      expect([name, await statusWith(token)]).toEqual([name, "401 auth.invalid"])
  })

  it("with a byte flipped anywhere opens nothing", async () => {
    const good = acme.admin.token ?? ""
    const parts = good.split(".")
    for (const [i, part] of parts.entries()) {
      const bytes = Buffer.from(part, "base64url")
      for (const at of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
        const flipped = Buffer.from(bytes)
        flipped[at] = (flipped[at] ?? 0) ^ 1
        const token = parts.map((one, j) => (i === j ? flipped.toString("base64url") : one)).join(".")
        expect([i, at, await statusWith(token)]).toEqual([i, at, "401 auth.invalid"])
      }
    }
    const secretKey = key.token ?? ""
    for (const at of [4, 20, secretKey.length - 1]) {
      const other = secretKey[at] === "A" ? "B" : "A"
      expect(await statusWith(secretKey.slice(0, at) + other + secretKey.slice(at + 1))).toBe(
        "401 auth.invalid",
      )
    }
  })

  it("of another use is no bearer token, and the header has one form", async () => {
    const { sessions } = await acme.admin.ask(authApi.sessions.reply, "GET", "/auth/sessions")
    for (const token of [
      acme.refresh,
      sessions[0]?.id ?? "",
      acme.user,
      "null",
      "undefined",
      "eck_",
      "x".repeat(4_000),
    ]) {
      expect([token.slice(0, 20), await statusWith(token)]).toEqual([token.slice(0, 20), "401 auth.invalid"])
    }
    const good = acme.admin.token ?? ""
    for (const authorization of [
      good,
      `Basic ${good}`,
      `Bearer  ${good}`,
      `Bearer ${good}, Bearer ${good}`,
      "Bearer",
      `Token ${good}`,
    ]) {
      const answer = await stranger.send("GET", "/auth/me", { headers: { authorization } })
      expect([authorization.slice(0, 14), answer.status]).toEqual([authorization.slice(0, 14), 401])
    }
    for (const query of [`?access_token=${good}`, `?token=${good}`, `?ticket=${good}`]) {
      expect((await stranger.send("GET", `/auth/me${query}`)).status).toBe(401)
    }
    expect((await stranger.send("GET", "/auth/me", { headers: { cookie: `token=${good}` } })).status).toBe(
      401,
    )
    const body = { refresh_token: good }
    expect((await stranger.send("POST", "/auth/refresh", { body })).status).toBe(400)
    expect(
      (await stranger.send("POST", "/auth/refresh", { body: { refresh_token: key.token } })).status,
    ).toBe(401)
  })
})
