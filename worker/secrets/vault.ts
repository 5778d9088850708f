import { decode, encode, utf8 } from "./base64url.ts"

/**
 * Secrets at rest. The installation's key (KEK) wraps a data key for each tenant (DEK); the DEK encrypts the fields.
 * AES-256-GCM throughout, a random 96-bit IV each time, and the place of a secret as additional data, so a stored value
 * opens only where it was put. Stored as `v1.<key id>.<iv>.<ciphertext and tag>`, base64url.
 *
 * A tenant has a ring of data keys: the first seals, all open. It is stored as wrapped keys with spaces between, the newest first;
 * an older one says after `@` since when, in milliseconds, it seals no more.
 */

/** Where a sealed value lies. `version` rises when the row's meaning changes. */
export type Place = { tenant: string; table: string; row: string; field: string; version: number }

export type Vault = {
  /** A new data key for a tenant, wrapped; keep it with the tenant. Destroying it erases the tenant's secrets. */
  newTenantKey: (tenant: string) => Promise<string>
  seal: (wrapped: string, place: Place, secret: string) => Promise<string>
  open: (wrapped: string, place: Place, sealed: string) => Promise<string>
  /** The same data keys under the installation's current key. */
  rewrap: (tenant: string, wrapped: string) => Promise<string>
  /** Whether a wrapped key still lies under an older key of the installation. */
  isOutdated: (wrapped: string) => boolean
  /** The ring with a new data key before the others, which from `now` on only open. */
  withNewKey: (tenant: string, wrapped: string, now: number) => Promise<string>
  /** Whether a sealed value lies under the tenant's newest key. */
  isNewest: (tenant: string, wrapped: string, sealed: string) => Promise<boolean>
}

/** The one thing that is ever said when a value does not open: which byte was wrong is nobody's business. */
export class SecretUnreadable extends Error {
  constructor() {
    super("This secret cannot be read.")
    this.name = "SecretUnreadable"
  }
}

type Bytes = Uint8Array<ArrayBuffer>
type DataKey = { id: string; key: CryptoKey }
type Envelope = { kid: string; iv: Bytes; ciphertext: Bytes }

const format = "v1"
const keyId = /^[A-Za-z0-9_-]{1,32}$/

/**
 * `keks` is the secret SECRETS_KEK: `kid:base64` for each key, separated by commas, the current one first. A bare base64
 * key is one with the id `k1`. Throws when it is malformed, without repeating it.
 */
export function openVault(keks: string): Vault {
  const parsed = parseKeks(keks)
  const [current] = parsed.keys()
  const imported = new Map<string, Promise<CryptoKey>>()

  const kek = (kid: string): Promise<CryptoKey> => {
    const raw = parsed.get(kid)
    if (!raw) throw new SecretUnreadable()
    const known = imported.get(kid) ?? importKey(raw)
    imported.set(kid, known)
    return known
  }
  const wrap = async (tenant: string, raw: Bytes): Promise<string> =>
    encrypt(current!, await kek(current!), ["tenant key", tenant], raw)
  const unwrap = async (tenant: string, wrapped: string): Promise<Bytes> => {
    const envelope = parseEnvelope(wrapped)
    return decrypt(envelope, await kek(envelope.kid), ["tenant key", tenant])
  }
  const dataKey = async (tenant: string, { wrapped }: RingKey): Promise<DataKey> => {
    const raw = await unwrap(tenant, wrapped)
    return { id: await idOf(raw), key: await importKey(raw) }
  }
  const newest = (tenant: string, ring: string): Promise<DataKey> => dataKey(tenant, readRing(ring)[0]!)
  const keyNamed = async (tenant: string, ring: string, id: string): Promise<CryptoKey> => {
    for (const one of readRing(ring)) {
      const known = await dataKey(tenant, one)
      if (known.id === id) return known.key
    }
    throw new SecretUnreadable()
  }

  return {
    newTenantKey: (tenant) => wrap(tenant, crypto.getRandomValues(new Uint8Array(32))),
    rewrap: async (tenant, ring) =>
      writeRing(
        await Promise.all(
          readRing(ring).map(async (one) => ({
            ...one,
            wrapped: await wrap(tenant, await unwrap(tenant, one.wrapped)),
          })),
        ),
      ),
    isOutdated: (ring) => readRing(ring).some(({ wrapped }) => parseEnvelope(wrapped).kid !== current),
    async withNewKey(tenant, ring, now) {
      const older = readRing(ring).map((one) => ({ ...one, since: one.since ?? now }))
      const wrapped = await wrap(tenant, crypto.getRandomValues(new Uint8Array(32)))
      return writeRing([{ wrapped, since: undefined }, ...older])
    },
    isNewest: async (tenant, ring, sealed) => parseEnvelope(sealed).kid === (await newest(tenant, ring)).id,
    async seal(ring, place, secret) {
      const { id, key } = await newest(place.tenant, ring)
      return encrypt(id, key, contextOf(place), utf8.encode(secret))
    },
    async open(ring, place, sealed) {
      const envelope = parseEnvelope(sealed)
      const key = await keyNamed(place.tenant, ring, envelope.kid)
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
        await decrypt(envelope, key, contextOf(place)),
      )
    },
  }
}

/** A wrapped data key, and since when it seals no more. */
type RingKey = { wrapped: string; since: number | undefined }

const mostKeys = 32

function readRing(ring: string): RingKey[] {
  const keys = ring.split(" ").map((one) => {
    const [wrapped = "", since, ...rest] = one.split("@")
    parseEnvelope(wrapped)
    if (rest.length > 0 || (since !== undefined && !/^\d{1,15}$/.test(since))) throw new SecretUnreadable()
    return { wrapped, since: since === undefined ? undefined : Number(since) }
  })
  if (keys.length > mostKeys) throw new SecretUnreadable()
  return keys
}

const writeRing = (keys: readonly RingKey[]): string =>
  keys.map(({ wrapped, since }) => (since === undefined ? wrapped : `${wrapped}@${since}`)).join(" ")

/** How many data keys a tenant has. */
export const keysIn = (ring: string): number => readRing(ring).length

/** The ring without the keys that sealed nothing since `before`. Only for when nothing lies under them any more. */
export const withoutOld = (ring: string, before: number): string =>
  writeRing(readRing(ring).filter(({ since }) => since === undefined || since >= before))

function parseKeks(text: string): Map<string, Bytes> {
  const keys = new Map<string, Bytes>()
  for (const entry of text
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean)) {
    const colon = entry.indexOf(":")
    const kid = colon < 0 ? "k1" : entry.slice(0, colon)
    const raw = decode(
      entry
        .slice(colon + 1)
        .replace(/(?<!=)=+$/, "")
        .replaceAll("+", "-")
        .replaceAll("/", "_"),
    )
    if (!keyId.test(kid) || keys.has(kid))
      throw new Error("SECRETS_KEK: a key id is malformed or named twice.")
    if (raw?.length !== 32) throw new Error(`SECRETS_KEK: the key ${kid} is not 32 bytes in base64.`)
    keys.set(kid, raw)
  }
  if (keys.size === 0) throw new Error("SECRETS_KEK: there is no key.")
  return keys
}

const importKey = (raw: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"])

/** Names a data key without telling anything of it, so that a value says under which key it lies. */
async function idOf(raw: Bytes): Promise<string> {
  const mac = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"])
  return encode(
    new Uint8Array(await crypto.subtle.sign("HMAC", mac, utf8.encode("edgecrew data key id"))).slice(0, 9),
  )
}

const contextOf = ({ tenant, table, row, field, version }: Place) => [
  "secret",
  tenant,
  table,
  row,
  field,
  version,
]

/** JSON, so that no two lists of parts read the same. */
const additional = (kid: string, context: (string | number)[]): Bytes =>
  utf8.encode(JSON.stringify([format, kid, ...context]))

async function encrypt(
  kid: string,
  key: CryptoKey,
  context: (string | number)[],
  plain: Bytes,
): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const cipher = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: additional(kid, context), tagLength: 128 },
    key,
    plain,
  )
  return [format, kid, encode(iv), encode(new Uint8Array(cipher))].join(".")
}

async function decrypt(
  { kid, iv, ciphertext }: Envelope,
  key: CryptoKey,
  context: (string | number)[],
): Promise<Bytes> {
  try {
    return new Uint8Array(
      await crypto.subtle.decrypt(
        { name: "AES-GCM", iv, additionalData: additional(kid, context), tagLength: 128 },
        key,
        ciphertext,
      ),
    )
  } catch {
    throw new SecretUnreadable()
  }
}

function parseEnvelope(text: string): Envelope {
  const [version, kid = "", ivText = "", cipherText = "", ...rest] = text.split(".")
  const iv = decode(ivText)
  const ciphertext = decode(cipherText)
  const whole =
    version === format &&
    rest.length === 0 &&
    keyId.test(kid) &&
    iv?.length === 12 &&
    ciphertext &&
    ciphertext.length >= 16
  if (!whole) throw new SecretUnreadable()
  return { kid, iv, ciphertext }
}
