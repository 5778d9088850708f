import { createHash, createHmac, timingSafeEqual } from "node:crypto"
import { CallerToken } from "../core/contract/sandbox.ts"
import { parseJson } from "./depth.ts"
import { Problem } from "./problem.ts"

const longestToken = 65_536
const longestLifeSeconds = 60

export interface TokenPolicy {
  secrets: readonly string[]
  audience: string
  /** The one tenant that is served, or null for any. */
  tenant: string | null
  /** Milliseconds since 1970. */
  now: () => number
}

/** Says who calls. A token counts once: its `jti` is remembered for as long as it could be shown again. */
export class TokenGate {
  readonly #policy: TokenPolicy
  readonly #seen = new Map<string, number>()
  #sweepAt = 0

  constructor(policy: TokenPolicy) {
    this.#policy = policy
  }

  /** The claims of a well-signed, fresh, unused token; the body is not looked at yet. Throws a Problem. */
  admit(authorization: string | undefined): CallerToken {
    if (authorization === undefined) throw new Problem("auth.required")
    const [, payload, signature] =
      /^Bearer ([\w-]+)\.([\w-]+)$/.exec(authorization.slice(0, longestToken)) ?? []
    if (payload === undefined || signature === undefined)
      throw new Problem("auth.refused", "It is not well-formed.")
    if (!this.#isSigned(payload, signature)) throw new Problem("auth.refused", "Its signature is wrong.")
    const token = claimsOf(payload)
    const now = this.#policy.now() / 1_000
    if (token.aud !== this.#policy.audience)
      throw new Problem("auth.refused", "It is meant for another runner.")
    if (token.exp <= now) throw new Problem("auth.refused", "It has expired.")
    if (token.exp > now + longestLifeSeconds) throw new Problem("auth.refused", "It lives too long.")
    if (this.#policy.tenant !== null && token.tenant !== this.#policy.tenant)
      throw new Problem("tenant.refused")
    this.#useOnce(token, now)
    return token
  }

  #isSigned(payload: string, signature: string): boolean {
    const given = Buffer.from(signature, "base64url")
    // One spelling only: the last sign has bits that decoding drops.
    if (given.toString("base64url") !== signature) return false
    // Every key is tried, so that the time taken does not tell which one fits.
    return this.#policy.secrets
      .map((secret) => createHmac("sha256", secret).update(payload).digest())
      .map((wanted) => given.length === wanted.length && timingSafeEqual(given, wanted))
      .includes(true)
  }

  #useOnce(token: CallerToken, now: number): void {
    if (now >= this.#sweepAt) {
      for (const [jti, exp] of this.#seen) if (exp <= now) this.#seen.delete(jti)
      this.#sweepAt = now + 5
    }
    if (this.#seen.has(token.jti)) throw new Problem("auth.refused", "It was used before.")
    this.#seen.set(token.jti, token.exp)
  }
}

function claimsOf(payload: string): CallerToken {
  const json = parseJson(Buffer.from(payload, "base64url").toString("utf8"), 8)
  const parsed = json.ok ? CallerToken.safeParse(json.value) : undefined
  if (parsed?.success !== true) throw new Problem("auth.refused", "Its claims are not whole.")
  return parsed.data
}

/** Refuses a body other than the one the token was made for. */
export function checkBody(token: CallerToken, body: Buffer): void {
  const digest = createHash("sha256").update(body).digest()
  if (!timingSafeEqual(digest, Buffer.from(token.body, "hex")))
    throw new Problem("auth.refused", "It was made for another body.")
}

/** Compares two secrets without telling by time how far they agree. */
export function sameSecret(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}
