import { createHash, createHmac, randomUUID } from "node:crypto"
import type { CallerToken, RunLimits } from "#core/contract/sandbox"

/** Who may ask the runner for what. `aud` is the runner's id, `secret` the key that both know. */
export type Signer = { aud: string; secret: string; now(): number }

type Granted = { tenant: string; max: RunLimits; net: readonly string[] }

const lifeSeconds = 55

/** A token for one request: bound to its body, the tenant, the limits and the hosts that it may name. It may be used once. */
export function callerToken(signer: Signer, granted: Granted, body: string): string {
  const { aud, secret } = signer
  const payload: CallerToken = {
    aud,
    tenant: granted.tenant,
    exp: Math.floor(signer.now() / 1000) + lifeSeconds,
    jti: randomUUID(),
    body: createHash("sha256").update(body).digest("hex"),
    max: granted.max,
    net: [...granted.net],
  }
  const text = Buffer.from(JSON.stringify(payload)).toString("base64url")
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`
}
