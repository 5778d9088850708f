import { importJWK, jwtVerify, SignJWT, type CryptoKey } from "jose"
import * as z from "zod"
import { Role } from "#core/access/roles"
import { SessionId, TenantId, UserId } from "#core/ids"
import type { Settings } from "#worker/env"

const issuer = "edgecrew"
const audience = "edgecrew:api"
const type = "at+jwt"
const lifetimeSeconds = 600
const skewSeconds = 30

/** What an access token says. The tenant's slot travels in it, so that a request need not ask the control database. */
const Claims = z.object({
  sub: UserId,
  sid: SessionId,
  tid: TenantId,
  slot: z.string(),
  role: Role,
  iat: z.int().positive(),
  exp: z.int().positive(),
})
export type Claims = z.infer<typeof Claims>

type SigningKey = Settings["SIGNING_KEY"]

const keys = new WeakMap<SigningKey, { sign?: CryptoKey; verify?: CryptoKey }>()

async function keyOf(jwk: SigningKey, use: "sign" | "verify"): Promise<CryptoKey> {
  const known = keys.get(jwk) ?? {}
  keys.set(jwk, known)
  const { kty, crv, x, d } = jwk
  const made = known[use] ?? (await importJWK(use === "sign" ? { kty, crv, x, d } : { kty, crv, x }, "EdDSA"))
  if (made instanceof Uint8Array) throw new Error("SIGNING_KEY is a symmetric key")
  known[use] = made
  return made
}

export async function signAccessToken(
  jwk: SigningKey,
  claims: Omit<Claims, "iat" | "exp">,
  now: number,
): Promise<string> {
  const at = Math.floor(now / 1000)
  const { sub, ...rest } = claims
  return new SignJWT(rest)
    .setProtectedHeader({ alg: "EdDSA", typ: type, ...(jwk.kid ? { kid: jwk.kid } : {}) })
    .setSubject(sub)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(at)
    .setExpirationTime(at + lifetimeSeconds)
    .sign(await keyOf(jwk, "sign"))
}

/** The claims of a token that we signed for this use and that has not expired; undefined for every other string. */
export async function readAccessToken(
  jwk: SigningKey,
  token: string,
  now: number,
): Promise<Claims | undefined> {
  try {
    const { payload } = await jwtVerify(token, await keyOf(jwk, "verify"), {
      algorithms: ["EdDSA"],
      issuer,
      audience,
      typ: type,
      requiredClaims: ["exp", "iat", "sub"],
      maxTokenAge: lifetimeSeconds,
      clockTolerance: skewSeconds,
      currentDate: new Date(now),
    })
    return Claims.safeParse(payload).data
  } catch {
    return undefined
  }
}
