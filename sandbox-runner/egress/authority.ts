import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto"
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls"
import { bits, boolean, integer, octets, oid, pem, sequence, set, tagged, text, time, tlv } from "./der.ts"

const ecdsaWithSha256 = sequence(oid("1.2.840.10045.4.3.2"))
const daysMs = 86_400_000
const mostLeaves = 256

const nameOf = (commonName: string): Buffer => sequence(set(sequence(oid("2.5.4.3"), text(commonName))))
const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value))

interface Draft {
  subject: Buffer
  publicKey: KeyObject
  days: number
  extensions: Buffer[]
}

/**
 * A certificate authority of this process alone, whose key never leaves its memory. The proxy speaks for the hosts whose requests it
 * adds a secret to; programs of a run that has such a host trust it, nobody else does.
 */
export class Authority {
  readonly #name = nameOf(`Edgecrew sandbox ${randomBytes(4).toString("hex")}`)
  readonly #keys = generateKeyPairSync("ec", { namedCurve: "P-256" })
  readonly #leafKeys = generateKeyPairSync("ec", { namedCurve: "P-256" })
  readonly #contexts = new Map<string, SecureContext>()
  /** The authority's own certificate. */
  readonly certificate: string

  constructor() {
    const keyId = createHash("sha1")
      .update(this.#keys.publicKey.export({ type: "spki", format: "der" }))
      .digest()
    this.certificate = this.#issue({
      subject: this.#name,
      publicKey: this.#keys.publicKey,
      days: 365,
      extensions: [
        extension("2.5.29.19", true, sequence(boolean(true), integer(Buffer.from([0])))),
        // keyCertSign alone.
        extension("2.5.29.15", true, bits(Buffer.from([0x04]), 2)),
        extension("2.5.29.14", false, octets(keyId)),
      ],
    })
  }

  /** What a program is given to trust: the public roots, and us where `own` says so. */
  bundle(own: boolean): string {
    return [...rootCertificates, ...(own ? [this.certificate] : [])].join("\n")
  }

  /** How to speak TLS in the place of a host. */
  contextFor(host: string): SecureContext {
    const known = this.#contexts.get(host)
    if (known !== undefined) return known
    const [oldest] = this.#contexts.keys()
    if (this.#contexts.size >= mostLeaves && oldest !== undefined) this.#contexts.delete(oldest)
    const made = createSecureContext({
      key: this.#leafKeys.privateKey.export({ type: "pkcs8", format: "pem" }),
      cert: this.#leaf(host),
      minVersion: "TLSv1.2",
    })
    this.#contexts.set(host, made)
    return made
  }

  #leaf(host: string): string {
    const address = /^\d+\.\d+\.\d+\.\d+$/.test(host)
    const name = address ? tlv(0x87, Buffer.from(host.split(".").map(Number))) : tlv(0x82, Buffer.from(host))
    return this.#issue({
      subject: nameOf(host.slice(0, 64)),
      publicKey: this.#leafKeys.publicKey,
      days: 90,
      extensions: [
        extension("2.5.29.17", false, sequence(name)),
        // digitalSignature, for servers.
        extension("2.5.29.15", true, bits(Buffer.from([0x80]), 7)),
        extension("2.5.29.37", false, sequence(oid("1.3.6.1.5.5.7.3.1"))),
      ],
    })
  }

  #issue({ subject, publicKey, days, extensions }: Draft): string {
    const now = Date.now()
    const body = sequence(
      tagged(0, integer(Buffer.from([2]))),
      integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
      ecdsaWithSha256,
      this.#name,
      sequence(time(new Date(now - daysMs)), time(new Date(now + days * daysMs))),
      subject,
      publicKey.export({ type: "spki", format: "der" }),
      tagged(3, sequence(...extensions)),
    )
    const signature = createSign("sha256").update(body).sign(this.#keys.privateKey)
    return pem("CERTIFICATE", sequence(body, ecdsaWithSha256, bits(signature)))
  }
}
