import { createHmac } from "node:crypto"
import type { Signature } from "#core/contract/reports"
import { digestOf } from "#worker/digest"
import { settingsOf, type Env } from "#worker/env"

/** RFC 8410: what stands before the 32 bytes of an Ed25519 key in PKCS #8. */
const pkcs8 = Buffer.from("302e020100300506032b657004220420", "hex")
const purpose = "edgecrew evidence report v1"

/**
 * Signs a report's text with Ed25519. The key is made of the installation's signing key for this purpose alone, so that no report can
 * be taken for a token; its public half goes with the signature and stays the same while the installation keeps its key.
 */
export async function signText(env: Env, text: string): Promise<Signature> {
  const { d } = settingsOf(env).SIGNING_KEY
  const seed = createHmac("sha256", Buffer.from(d, "base64url")).update(purpose).digest()
  const key = await crypto.subtle.importKey("pkcs8", Buffer.concat([pkcs8, seed]), "Ed25519", true, ["sign"])
  const [signature, { x = "" }] = await Promise.all([
    crypto.subtle.sign("Ed25519", key, new TextEncoder().encode(text)),
    crypto.subtle.exportKey("jwk", key) as Promise<JsonWebKey>,
  ])
  return {
    algorithm: "Ed25519",
    key_id: digestOf(x).slice(0, 16),
    public_key: x,
    value: Buffer.from(signature).toString("base64url"),
  }
}
