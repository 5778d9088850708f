import { importJWK } from "jose"
import { utf8 } from "#core/audit/bytes"
import type { NoteKey } from "#core/audit/note"
import { settingsOf, type Env } from "#worker/env"

/** The public half of the installation's audit key, by the name of who signs with it: a tenant's log. */
export function auditKey(env: Env, name: string): NoteKey {
  const { x } = settingsOf(env).AUDIT_KEY
  return { name, publicKey: new Uint8Array(Buffer.from(x, "base64url")) }
}

/** Signs a text as a log does, with Ed25519. Every text begins with a line that says what it is, so that none can be taken for another. */
export async function signAs(
  env: Env,
  name: string,
  text: string,
): Promise<{ key: NoteKey; signature: Uint8Array }> {
  const { kty, crv, x, d } = settingsOf(env).AUDIT_KEY
  const key = await importJWK({ kty, crv, x, d }, "EdDSA")
  if (key instanceof Uint8Array) throw new Error("AUDIT_KEY is a symmetric key")
  const signature = await crypto.subtle.sign("Ed25519", key, new Uint8Array(utf8(text)))
  return { key: auditKey(env, name), signature: new Uint8Array(signature) }
}
