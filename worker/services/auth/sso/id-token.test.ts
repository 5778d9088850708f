import {
  CompactSign,
  exportJWK,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type JSONWebKeySet,
  type JWTPayload,
} from "jose"
import { beforeAll, describe, expect, it } from "vitest"
import { Failure } from "#core/errors"
import { readIdToken } from "./id-token.ts"

const issuer = "https://login.example.com"
const expected = { issuer, client_id: "edgecrew", nonce: "n-1", now: Date.UTC(2026, 10, 22) }
const at = expected.now / 1_000
const good: JWTPayload = {
  iss: issuer,
  aud: "edgecrew",
  sub: "ana",
  nonce: "n-1",
  iat: at,
  exp: at + 300,
  email: "ana@example.com",
  email_verified: true,
}

type Pair = Awaited<ReturnType<typeof generateKeyPair>>
let pair: Pair
let other: Pair
let keys: JSONWebKeySet
beforeAll(async () => {
  ;[pair, other] = await Promise.all([
    generateKeyPair("RS256", { extractable: true }),
    generateKeyPair("RS256", { extractable: true }),
  ])
  keys = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: "one", alg: "RS256", use: "sig" }] }
})

const signed = (claims: JWTPayload, by: Pair = pair, header: object = {}) =>
  new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "one", ...header }).sign(by.privateKey)
const read = (token: string, given = keys) => readIdToken(token, () => Promise.resolve(given), expected)
const codeOf = (token: string, given = keys) =>
  read(token, given).then(
    () => "taken",
    (error: unknown) => (error instanceof Failure ? error.code : String(error)),
  )

describe("a provider's token", () => {
  it("says who it is", async () => {
    expect(await read(await signed(good))).toMatchObject({ sub: "ana", email: "ana@example.com" })
    expect(await read(await signed({ ...good, aud: ["edgecrew", "else"], azp: "edgecrew" }))).toMatchObject({
      sub: "ana",
    })
  })

  it.each<[string, JWTPayload]>([
    ["another issuer", { ...good, iss: "https://evil.example.com" }],
    ["an issuer that only begins alike", { ...good, iss: `${issuer}.evil.example` }],
    ["another client", { ...good, aud: "else" }],
    ["several clients, without the word for which", { ...good, aud: ["edgecrew", "else"] }],
    ["several clients, and was made for another", { ...good, aud: ["edgecrew", "else"], azp: "else" }],
    ["another sign-in", { ...good, nonce: "n-2" }],
    ["an end long ago", { ...good, iat: at - 500, exp: at - 61 }],
    ["a beginning long ago", { ...good, iat: at - 700, exp: at + 300 }],
    ["a beginning to come", { ...good, iat: at + 300, exp: at + 600, nbf: at + 300 }],
  ])("is refused when it names %s", async (_, claims) => {
    expect(await codeOf(await signed(claims))).toBe("sso.refused")
  })

  it.each(["exp", "iat", "sub", "nonce", "iss", "aud"])("is refused without %s", async (name) => {
    const { [name]: __, ...rest } = good
    expect(await codeOf(await signed(rest))).toBe("sso.refused")
  })

  it("is refused when nobody signed it, another did, or by what both sides share", async () => {
    const publicKey = JSON.stringify(keys.keys[0])
    const shared = await new SignJWT(good)
      .setProtectedHeader({ alg: "HS256", kid: "one" })
      .sign(new TextEncoder().encode(publicKey))
    const embedded = await signed(good, other, { jwk: await exportJWK(other.publicKey) })
    const unsigned = new UnsecuredJWT(good).encode()
    const nones = ["none", "None", "NONE", "nOnE"].map((alg) => {
      const header = Buffer.from(JSON.stringify({ alg, kid: "one" })).toString("base64url")
      return `${header}.${unsigned.split(".")[1]}.`
    })
    const whole = await signed(good)
    const cut = whole.slice(0, whole.lastIndexOf(".") + 1)
    const payload = await new CompactSign(new TextEncoder().encode("not json"))
      .setProtectedHeader({ alg: "RS256", kid: "one" })
      .sign(pair.privateKey)
    for (const token of [
      ...nones,
      unsigned,
      shared,
      embedded,
      cut,
      payload,
      await signed(good, other),
      "",
      "a.b.c",
    ])
      expect([token.slice(0, 40), await codeOf(token)]).toEqual([token.slice(0, 40), "sso.refused"])
  })

  it("is refused with any of its bytes flipped", async () => {
    const token = await signed(good)
    for (let i = 0; i < token.length; i += 13) {
      const flipped = token.slice(0, i) + (token[i] === "A" ? "B" : "A") + token.slice(i + 1)
      if (flipped === token || i >= token.length - 2) continue
      expect([i, await codeOf(flipped)]).toEqual([i, "sso.refused"])
    }
  })

  it("is taken when its key is new: the keys are asked for once more", async () => {
    const fresh = { keys: [{ ...(await exportJWK(other.publicKey)), kid: "two", alg: "RS256", use: "sig" }] }
    const asked: boolean[] = []
    const given = (anew: boolean) => {
      asked.push(anew)
      return Promise.resolve(anew ? fresh : keys)
    }
    const token = await signed(good, other, { kid: "two" })
    expect(await readIdToken(token, given, expected)).toMatchObject({ sub: "ana" })
    expect(asked).toEqual([false, true])
    const never = (anew: boolean) => {
      asked.push(anew)
      return Promise.resolve(keys)
    }
    await expect(readIdToken(token, never, expected)).rejects.toThrow(Failure)
    expect(asked).toEqual([false, true, false, true])
  })
})
