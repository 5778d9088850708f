import { createPublicKey, hash as digest, verify, type KeyObject } from "node:crypto"

// What the verifier computes, written anew from docs/audit-format.md: it shares no line with what seals.

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }
export type Members = { [name: string]: Json }

/**
 * RFC 8785. What JSON.parse has read is either spelled like this or was not written by a sealer. Members that are in their order
 * already are left to the platform, which is ten times as quick.
 */
export function canonical(value: Json): string {
  if (isSorted(value)) {
    const text = JSON.stringify(value)
    // Lone surrogates have no canonical form; the platform escapes them.
    if (!text.includes("\\ud")) return text
  }
  return spelled(value)
}

function isSorted(value: Json): boolean {
  if (typeof value !== "object" || value === null) return true
  if (Array.isArray(value)) return value.every(isSorted)
  let last = ""
  for (const name in value) {
    if (name < last || !isSorted(value[name] ?? null)) return false
    last = name
  }
  return true
}

function spelled(value: Json): string {
  if (typeof value === "string") return value.isWellFormed() ? JSON.stringify(value) : "lone surrogate"
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(spelled).join(",")}]`
  const members = Object.keys(value)
    .sort()
    .map((name) => `${spelled(name)}:${spelled(value[name] ?? null)}`)
  return `{${members.join(",")}}`
}

export const isMembers = (value: Json | undefined): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value)

let scratch: Buffer = Buffer.alloc(65_536)
const outer = Buffer.alloc(96)

// Hashes are taken as texts (`latin1`: a byte a sign) where they are hashed again: the platform makes a Buffer three times as slowly.

/** HMAC-SHA256 by a key of 64 hexadecimal digits; by hand, since a million Hmac objects take longer than what they compute. */
export function hmac(key: string, message: string): string {
  const most = 64 + 3 * message.length
  if (scratch.length < most) scratch = Buffer.alloc(2 * most)
  scratch.fill(0x36, 32, 64).write(key, "hex")
  outer.fill(0x5c, 32, 64)
  for (let i = 0; i < 32; i++) {
    outer[i] = scratch[i]! ^ 0x5c
    scratch[i]! ^= 0x36
  }
  const length = scratch.write(message, 64, "utf8")
  outer.write(digest("sha256", scratch.subarray(0, 64 + length), "latin1"), 64, "latin1")
  return digest("sha256", outer)
}

/** The Merkle tree of RFC 6962 with as many hashes as its size has bits. */
export class Tree {
  /** The hashes of whole subtrees from the left, none larger than the one before it. */
  readonly #hashes: string[] = []
  #size = 0
  readonly #leaf = Buffer.alloc(33)
  readonly #node = Buffer.alloc(65, 1)

  append(entryHash: string): void {
    this.#leaf.write(entryHash, 1, "hex")
    let top = digest("sha256", this.#leaf, "latin1")
    // As many subtrees are joined as the size ends with ones.
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2))
      top = this.#above(this.#hashes.pop()!, top)
    this.#hashes.push(top)
    this.#size++
  }

  /** In base64. */
  root(): string {
    const hash = this.#hashes.reduceRight<string | undefined>(
      (right, left) => (right === undefined ? left : this.#above(left, right)),
      undefined,
    )
    return Buffer.from(hash ?? digest("sha256", "", "latin1"), "latin1").toString("base64")
  }

  #above(left: string, right: string): string {
    this.#node.write(left, 1, "latin1")
    this.#node.write(right, 33, "latin1")
    return digest("sha256", this.#node, "latin1")
  }
}

export type Checkpoint = { size: number; root: string; time: string; isSigned: boolean }
export type Key = { name: string; id: string; key: KeyObject }

/** `name+hash+key` of c2sp.org/signed-note, for Ed25519. */
export function parseKey(text: string): Key | undefined {
  const [, name = "", id = "", base64 = ""] =
    /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text) ?? []
  const bytes = Buffer.from(base64, "base64")
  if (bytes.length !== 33 || bytes[0] !== 1) return undefined
  if (digest("sha256", Buffer.concat([Buffer.from(`${name}\n`), bytes])).slice(0, 8) !== id) return undefined
  const x = bytes.subarray(1).toString("base64url")
  return { name, id, key: createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" }) }
}

/** A checkpoint of c2sp.org/tlog-checkpoint; undefined when it is none, or another log's. */
export function parseCheckpoint(note: string, origin: string, by: Key | undefined): Checkpoint | undefined {
  const [, text = "", from, size, root = "", time = "", signatures = ""] =
    /^(([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]+=*)\ntime ([^\n]+)\n)\n((?:— [^\n]+\n)+)$/.exec(note) ?? []
  if (from !== origin || Buffer.from(root, "base64").length !== 32) return undefined
  const isSigned = signatures.split("\n").some((line) => {
    const [, name, base64 = ""] = /^— ([^\s+]+) ([A-Za-z0-9+/]+=*)$/.exec(line) ?? []
    const bytes = Buffer.from(base64, "base64")
    if (!by || name !== by.name || bytes.length !== 68 || bytes.toString("hex", 0, 4) !== by.id) return false
    return verify(null, Buffer.from(text), by.key, bytes.subarray(4))
  })
  return { size: Number(size), root, time, isSigned }
}
