import { fromHex, utf8 } from "#core/audit/bytes"
import { faultsOf, type EntryFault } from "#core/audit/entry"
import { leafHash, verifyInclusion } from "#core/audit/merkle"
import { parseCheckpoint, parseNote, parseVerifierKey, signatureBy } from "#core/audit/note"
import type { auditApi } from "#core/contract/audit"
import type { ReplyOf } from "#core/contract/endpoint"

type Found = ReplyOf<typeof auditApi.get>

/** What does not hold of an entry. */
export type CheckFault = EntryFault | "place" | "signature"

/** What this browser found out by computing it, not by being told. */
export type Check =
  | { is: "waiting" }
  /** `isSigned` is null where the browser cannot check signatures of Ed25519. */
  | { is: "whole"; size: number; at: string; isSigned: boolean | null }
  | { is: "broken"; faults: CheckFault[] }

/** Checks an entry's hash, its details, its place in the log and the checkpoint's signature. */
export async function checkEntry({ sealed, inclusion, verifier_key }: Found): Promise<Check> {
  if (!sealed || !inclusion) return { is: "waiting" }
  const faults: CheckFault[] = faultsOf({ ...sealed, detail: sealed.detail })
  const note = parseNote(inclusion.checkpoint.note)
  const key = parseVerifierKey(verifier_key)
  const checkpoint = note && parseCheckpoint(note.text)
  const hash = fromHex(sealed.hash)
  const beside = inclusion.hashes.flatMap((one) => fromHex(one) ?? [])
  const isPlaced =
    checkpoint &&
    hash &&
    inclusion.index === sealed.entry.seq - 1 &&
    checkpoint.origin === key?.name &&
    verifyInclusion(leafHash(hash), inclusion.index, checkpoint.size, beside, checkpoint.root)
  if (!isPlaced) faults.push("place")
  const signature = note && key && signatureBy(note, key)
  const isSigned = signature ? await isSignature(key.publicKey, utf8(note.text), signature) : false
  if (isSigned === false) faults.push("signature")
  if (faults.length > 0 || !checkpoint) return { is: "broken", faults }
  return { is: "whole", size: checkpoint.size, at: checkpoint.time, isSigned }
}

async function isSignature(
  publicKey: Uint8Array,
  text: Uint8Array,
  signature: Uint8Array,
): Promise<boolean | null> {
  let key: CryptoKey
  try {
    key = await crypto.subtle.importKey("raw", new Uint8Array(publicKey), "Ed25519", false, ["verify"])
  } catch {
    return null
  }
  return crypto.subtle.verify("Ed25519", key, new Uint8Array(signature), new Uint8Array(text))
}
