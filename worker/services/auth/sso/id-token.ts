import { createLocalJWKSet, errors, jwtVerify, type JSONWebKeySet } from "jose"
import * as z from "zod"
import { Failure } from "#core/errors"
import { sameSecret } from "#worker/digest"

/** Signatures by a key that the provider alone has; `none` and the symmetric ones are not among them. */
const algorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "EdDSA",
  "Ed25519",
]
const skewSeconds = 60
const oldestSeconds = 600

const Claims = z.object({
  sub: z.string().min(1).max(255),
  nonce: z.string(),
  azp: z.string().optional(),
  aud: z.union([z.string(), z.array(z.string())]),
  email: z.string().max(254).optional(),
  // Some providers write it as a word.
  email_verified: z.union([z.boolean(), z.literal("true").transform(() => true)]).optional(),
  name: z.string().max(500).optional(),
})
export type IdClaims = z.infer<typeof Claims>

type Expected = { issuer: string; client_id: string; nonce: string; now: number }

/**
 * What a provider's token says, if it was made by one of its keys, for this client, for this very sign-in, just now. Asks for the keys
 * once more when the token names one that is not known.
 */
export async function readIdToken(
  token: string,
  keys: (anew: boolean) => Promise<JSONWebKeySet>,
  { issuer, client_id, nonce, now }: Expected,
): Promise<IdClaims> {
  const verify = async (anew: boolean) =>
    jwtVerify(token, createLocalJWKSet(await keys(anew)), {
      algorithms,
      issuer,
      audience: client_id,
      requiredClaims: ["exp", "iat", "sub", "nonce"],
      maxTokenAge: oldestSeconds,
      clockTolerance: skewSeconds,
      currentDate: new Date(now),
    })
  try {
    const { payload } = await verify(false).catch((error: unknown) => {
      if (error instanceof errors.JWKSNoMatchingKey) return verify(true)
      throw error
    })
    const claims = Claims.parse(payload)
    if (!sameSecret(claims.nonce, nonce)) throw new Failure("sso.refused")
    const isForOthersToo = Array.isArray(claims.aud) && claims.aud.length > 1
    if ((isForOthersToo || claims.azp !== undefined) && claims.azp !== client_id)
      throw new Failure("sso.refused")
    return claims
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure("sso.refused")
  }
}
