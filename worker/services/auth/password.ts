import { scryptSync, timingSafeEqual } from "node:crypto"
import type { Chance } from "#core/ids"
import { keyedDigest } from "#worker/digest"
import { argon2 } from "./argon2.ts"

// OWASP's equal profiles that fit an isolate: argon2id m=12 MiB t=3 p=1, scrypt N=2^14 r=8 p=5. Both run synchronously, so an
// isolate hashes one password at a time and memory stays bounded.
const argonProfile = { memorySize: 12_288, passes: 3, parallelism: 1, tagLength: 32 }
const scryptProfile = { ln: 14, r: 8, p: 5 }

type Phc =
  | { scheme: "argon2id"; m: number; t: number; p: number; salt: Uint8Array; tag: Uint8Array }
  | { scheme: "scrypt"; ln: number; r: number; p: number; salt: Uint8Array; tag: Uint8Array }

const b64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString("base64")
    .replace(/(?<!=)=+$/, "")
const unb64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"))

const argonForm =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22,86})\$([A-Za-z0-9+/]{43})$/
const scryptForm =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22,86})\$([A-Za-z0-9+/]{43})$/

function read(phc: string): Phc | undefined {
  const argon = argonForm.exec(phc)
  if (argon) {
    const [m, t, p] = argon.slice(1, 4).map(Number) as [number, number, number]
    return { scheme: "argon2id", m, t, p, salt: unb64(argon[4]!), tag: unb64(argon[5]!) }
  }
  const scrypt = scryptForm.exec(phc)
  if (!scrypt) return undefined
  const [ln, r, p] = scrypt.slice(1, 4).map(Number) as [number, number, number]
  return { scheme: "scrypt", ln, r, p, salt: unb64(scrypt[4]!), tag: unb64(scrypt[5]!) }
}

/** A fixed 32 bytes whatever the length: nothing is cut at 72 bytes or at a NUL, and the pepper is needed to guess. */
const peppered = (pepper: string, password: string) => keyedDigest(pepper, password.normalize("NFKC"))

const scrypt = (secret: Uint8Array, salt: Uint8Array, { ln, r, p }: { ln: number; r: number; p: number }) =>
  new Uint8Array(scryptSync(secret, salt, 32, { N: 2 ** ln, r, p, maxmem: 64 * 1024 * 1024 }))

/** A PHC string with a new salt. */
export async function hashPassword(pepper: string, password: string, chance: Chance): Promise<string> {
  const salt = chance(16)
  const secret = peppered(pepper, password)
  const compute = await argon2()
  if (compute) {
    const tag = compute({ password: secret, salt, ...argonProfile })
    const { memorySize, passes, parallelism } = argonProfile
    return `$argon2id$v=19$m=${memorySize},t=${passes},p=${parallelism}$${b64(salt)}$${b64(tag)}`
  }
  const { ln, r, p } = scryptProfile
  return `$scrypt$ln=${ln},r=${r},p=${p}$${b64(salt)}$${b64(scrypt(secret, salt, scryptProfile))}`
}

/** What an unknown account is checked against, so that it takes as long as a known one. No password has this tag. */
const nobody = `$argon2id$v=19$m=12288,t=3,p=1$${"A".repeat(22)}$${"A".repeat(43)}`

export type Verdict = { right: boolean; stale: boolean }

/** Whether the password is right, and whether its hash should be made anew because the profile has moved on. */
export async function checkPassword(
  pepper: string,
  password: string,
  phc: string | undefined,
): Promise<Verdict> {
  const known = read(phc ?? nobody)
  const compute = await argon2()
  if (!known || (known.scheme === "argon2id" && !compute)) return { right: false, stale: false }
  const secret = peppered(pepper, password)
  const tag =
    known.scheme === "scrypt"
      ? scrypt(secret, known.salt, known)
      : compute!({
          password: secret,
          salt: known.salt,
          memorySize: known.m,
          passes: known.t,
          parallelism: known.p,
          tagLength: known.tag.length,
        })
  const right = timingSafeEqual(tag, known.tag) && phc !== undefined
  return { right, stale: known.scheme === "scrypt" ? compute !== undefined : isWeak(known) }
}

const isWeak = (known: { m: number; t: number; p: number }): boolean =>
  known.m !== argonProfile.memorySize ||
  known.t !== argonProfile.passes ||
  known.p !== argonProfile.parallelism
