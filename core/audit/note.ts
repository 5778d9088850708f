import { fromBase64, joined, sameBytes, toBase64, toHex, utf8 } from "./bytes.ts"
import { sha256 } from "./sha256.ts"

/**
 * Checkpoints (https://c2sp.org/tlog-checkpoint) as signed notes (https://c2sp.org/signed-note) under Ed25519.
 */

/** A public key with the name of who signs. */
export type NoteKey = { name: string; publicKey: Uint8Array }

export type Checkpoint = {
  /** Whose log it is: `edgecrew/audit/tenant_01J…`. */
  origin: string
  size: number
  root: Uint8Array
  /** When it was signed, ISO 8601 in UTC. */
  time: string
}

type Line = { name: string; keyId: Uint8Array; signature: Uint8Array }

/** A note that was taken apart, its signatures not checked. */
export type Note = { text: string; signatures: Line[] }

/** The log of a tenant, and the name of the key that signs it. */
export const originOf = (tenant: string): string => `edgecrew/audit/${tenant}`

/** What a key for Ed25519 begins with, in a note's key and in its id. */
const ed25519 = Uint8Array.of(1)

/** The first four bytes of SHA-256(name ‖ newline ‖ 0x01 ‖ public key). */
export const keyIdOf = ({ name, publicKey }: NoteKey): Uint8Array =>
  sha256(joined(utf8(`${name}\n`), ed25519, publicKey)).slice(0, 4)

/** `name+hash+key`: a verifier key, as tools for notes take it. */
export const verifierKey = (key: NoteKey): string =>
  `${key.name}+${toHex(keyIdOf(key))}+${toBase64(joined(ed25519, key.publicKey))}`

/** Reads a verifier key; undefined when it is none, or not of Ed25519. */
export function parseVerifierKey(text: string): NoteKey | undefined {
  const [, name, id, key] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? []
  const bytes = key === undefined ? undefined : fromBase64(key)
  if (name === undefined || bytes?.length !== 33 || bytes[0] !== 1) return undefined
  const found = { name, publicKey: bytes.slice(1) }
  return toHex(keyIdOf(found)) === id ? found : undefined
}

/** A checkpoint's text, which is what is signed: it ends with a newline. */
export const checkpointText = ({ origin, size, root, time }: Checkpoint): string =>
  `${origin}\n${size}\n${toBase64(root)}\ntime ${time}\n`

/** Reads a checkpoint's text; undefined when it is none of ours. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [, origin, size, root64, time] =
    /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/=]+)\ntime ([^\n]+)\n$/.exec(text) ?? []
  const root = root64 === undefined ? undefined : fromBase64(root64)
  if (origin === undefined || time === undefined || root?.length !== 32) return undefined
  return { origin, size: Number(size), root, time }
}

/** The note of a text and its signature, which is of the text as UTF-8. */
export const noteOf = (text: string, key: NoteKey, signature: Uint8Array): string =>
  `${text}\n— ${key.name} ${toBase64(joined(keyIdOf(key), signature))}\n`

/** Takes a note apart; undefined when it is none. */
export function parseNote(note: string): Note | undefined {
  const cut = note.lastIndexOf("\n\n")
  if (cut < 0 || !note.endsWith("\n")) return undefined
  const signatures: Line[] = []
  for (const line of note.slice(cut + 2, -1).split("\n")) {
    const [, name, text] = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? []
    const bytes = text === undefined ? undefined : fromBase64(text)
    if (name === undefined || !bytes || bytes.length < 5) return undefined
    signatures.push({ name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) })
  }
  return { text: note.slice(0, cut + 1), signatures }
}

/** The signature that claims to be a key's; undefined when there is none. */
export const signatureBy = (note: Note, key: NoteKey): Uint8Array | undefined =>
  note.signatures.find(({ name, keyId }) => name === key.name && sameBytes(keyId, keyIdOf(key)))?.signature
