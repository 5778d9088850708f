import * as z from "zod"
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { generateKeyPairSync, randomBytes, randomUUID } from "node:crypto"
import { Refusal } from "./progress.ts"

const base64Of32 = z.string().refine((text) => Buffer.from(text, "base64").length === 32)

/** `kid:base64` for each key, the newest first, as worker/secrets/vault.ts reads them; a bare key is one as well. */
const keyRing = z
  .string()
  .refine((text) =>
    text.split(",").every((one) => base64Of32.safeParse(one.slice(one.indexOf(":") + 1).trim()).success),
  )

const SigningKey = z.strictObject({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  alg: z.literal("EdDSA"),
  kid: z.string().min(1),
  x: z.string().min(1),
  d: z.string().min(1),
})

const Keys = z.strictObject({
  SIGNING_KEY: SigningKey,
  AUDIT_KEY: SigningKey,
  PEPPER: base64Of32,
  SECRETS_KEK: keyRing,
})
type Keys = z.infer<typeof Keys>

/** Files of installations that are older than this key lack it. */
const Older = Keys.omit({ AUDIT_KEY: true })

function newSigningKey(): z.infer<typeof SigningKey> {
  const jwk = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" })
  return SigningKey.parse({ ...jwk, alg: "EdDSA", kid: randomUUID() })
}

function generate(): Keys {
  return Keys.parse({
    SIGNING_KEY: newSigningKey(),
    AUDIT_KEY: newSigningKey(),
    PEPPER: randomBytes(32).toString("base64"),
    SECRETS_KEK: randomBytes(32).toString("base64"),
  })
}

/** The installation's keys as text bindings, read from a file of mode 0600 that is written on first use. */
export function readKeys(file: string): { bindings: Record<keyof Keys, string>; created: boolean } {
  const created = !existsSync(file)
  if (created) write(file, generate())
  chmodSync(file, 0o600)
  const { SIGNING_KEY, AUDIT_KEY, ...text } = parse(file)
  const [signing, audit] = [JSON.stringify(SIGNING_KEY), JSON.stringify(AUDIT_KEY)]
  return { bindings: { ...text, SIGNING_KEY: signing, AUDIT_KEY: audit }, created }
}

/** Renamed into place: a crash half-way must not leave a file that later reads as broken keys. */
function write(file: string, keys: Keys): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

function parse(file: string): Keys {
  try {
    const found: unknown = JSON.parse(readFileSync(file, "utf8"))
    const older = Older.safeParse(found)
    if (!older.success) return Keys.parse(found)
    const keys = { ...older.data, AUDIT_KEY: newSigningKey() }
    write(file, keys)
    return keys
  } catch {
    throw new Refusal(
      `${file} does not hold Edgecrew's keys. Bring back the original: without it, stored credentials and sessions are lost.`,
    )
  }
}

const letters = "abcdefghjkmnpqrstuvwxyz23456789"

/** A password a person can copy by eye: four groups of five, 99 bits. */
export function newPassword(): string {
  const draw = (): string => {
    // Bytes past the last whole multiple would favour the first letters.
    for (;;) {
      const byte = randomBytes(1).readUInt8()
      if (byte < 256 - (256 % letters.length)) return letters.charAt(byte % letters.length)
    }
  }
  return Array.from({ length: 4 }, () => Array.from({ length: 5 }, draw).join("")).join("-")
}
