import * as z from "zod"
import type { Json } from "#core/json"
import { canonical, wellFormed } from "./canonical.ts"
import { fromHex, toHex, utf8 } from "./bytes.ts"
import { hmacSha256, sha256 } from "./sha256.ts"

/** 32 bytes as lower-case hexadecimal. */
export const Hash = z.string().regex(/^[0-9a-f]{64}$/, { error: "Expected 64 hexadecimal digits" })

/** What stands before the first entry of a chain. */
export const noHash = "0".repeat(64)

/**
 * What is sealed of a deed, for ever: docs/audit-format.md. People are in it by their ids alone; what else is known of them and of
 * what they did stands in the details, of which only a keyed commitment is sealed.
 */
export const AuditEntry = z
  .strictObject({
    /** The version of this format. */
    v: z.literal(1),
    tenant: z.string(),
    /** 1, 2, 3, …: the place in the tenant's chain. */
    seq: z.int().min(1),
    id: z.string(),
    /** When it was done, ISO 8601 in UTC. */
    at: z.string(),
    actor: z.string(),
    action: z.string(),
    target: z.string().nullable(),
    request_id: z.string(),
    /** Binds the details: see `commitmentOf`. */
    commitment: Hash,
    /** The hash of the entry before. */
    prev: Hash,
  })
  .meta({ id: "SealedAuditEntry" })
export type AuditEntry = z.infer<typeof AuditEntry>

/** The deed that takes details away: theirs and their keys' places are empty from then on, and their commitments stay. */
export const erasure = "privacy.erase"

/** SHA-256 of the entry's canonical JSON. It binds all entries before it as well, by `prev`. */
export const hashOf = (entry: AuditEntry): string => toHex(sha256(utf8(canonical(entry))))

/**
 * HMAC-SHA256 of the details with the entry's id, under a key of 32 random bytes that is used for nothing else. Whoever has the key
 * can check the details; when it is destroyed with them, nothing can be learned from what is left, by guessing neither.
 */
export function commitmentOf(key: Uint8Array, id: string, detail: Json): string {
  if (key.length !== 32) throw new RangeError("a key of details has 32 bytes")
  return toHex(hmacSha256(key, utf8(canonical({ detail, id }))))
}

/** The details as they were written down, as canonical JSON can hold them. What is no JSON is a text. */
export function detailOf(text: string): Json {
  try {
    return wellFormed(JSON.parse(text) as Json)
  } catch {
    return text.toWellFormed()
  }
}

/** An entry with what it was sealed with. The details and their key go together, and an erasure takes both. */
export type SealedEntry = {
  entry: AuditEntry
  hash: string
  detail: Json
  /** 32 bytes in hexadecimal; null once they are erased. */
  detail_key: string | null
}

/** A deed that waits to be sealed. */
export type Deed = Pick<AuditEntry, "id" | "at" | "actor" | "action" | "target" | "request_id"> & {
  detail: string
}

/** Where the next entry is put. */
export type Head = { seq: number; hash: string }

/** Puts a deed behind the chain's head. `key` is new and random. */
export function seal(
  tenant: string,
  head: Head,
  { detail: text, ...deed }: Deed,
  key: Uint8Array,
): SealedEntry {
  const detail = detailOf(text)
  const entry: AuditEntry = {
    v: 1,
    tenant,
    seq: head.seq + 1,
    id: deed.id,
    at: deed.at,
    actor: deed.actor.toWellFormed(),
    action: deed.action.toWellFormed(),
    target: deed.target?.toWellFormed() ?? null,
    request_id: deed.request_id.toWellFormed(),
    commitment: commitmentOf(key, deed.id, detail),
    prev: head.hash,
  }
  return { entry, hash: hashOf(entry), detail, detail_key: toHex(key) }
}

/** What is wrong with an entry by itself. */
export type EntryFault = "hash" | "detail" | "detail_key"

/** The faults of an entry by itself: whether its hash is its own, and its details are those it was sealed with. */
export function faultsOf({ entry, hash, detail, detail_key }: SealedEntry): EntryFault[] {
  const faults: EntryFault[] = []
  if (hashOf(entry) !== hash) faults.push("hash")
  if (detail_key === null) {
    if (detail !== null) faults.push("detail_key")
    return faults
  }
  const key = fromHex(detail_key)
  if (key?.length !== 32) faults.push("detail_key")
  else if (commitmentOf(key, entry.id, detail) !== entry.commitment) faults.push("detail")
  return faults
}
