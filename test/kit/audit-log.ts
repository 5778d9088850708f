import { createPrivateKey, generateKeyPairSync, sign } from "node:crypto"
import { fromHex, toHex, utf8 } from "#core/audit/bytes"
import { canonical } from "#core/audit/canonical"
import { hashOf, noHash, seal, type Head, type SealedEntry } from "#core/audit/entry"
import { rootOf } from "#core/audit/merkle"
import { checkpointText, noteOf, originOf, verifierKey } from "#core/audit/note"
import { append, nodesIn } from "#core/audit/tiles"
import type { Json } from "#core/json"

/** A log as a sealer makes it, and as it is exported. */
export type AuditLog = {
  tenant: string
  verifierKey: string
  entries: SealedEntry[]
  /** Notes, by how many entries they are over. */
  checkpoints: Map<number, string>
  end: string
}

const jwk = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" })
const privateKey = createPrivateKey({ key: jwk, format: "jwk" })
const tenant = "tenant_01JD0000000000000000000000"
const name = originOf(tenant)
const key = { name, publicKey: new Uint8Array(Buffer.from(String(jwk.x), "base64url")) }
const actions = ["flow.update", "flow.create", "session.open", "agent.delete", "key.create"]

const timeAt = (seq: number): string => new Date(1_795_000_000_000 + seq * 977).toISOString()

/** Signs what a log's first entries amount to. */
function signer() {
  const tiles = new Map<string, Uint8Array>()
  const store = {
    read: (level: number, index: number) => tiles.get(`${level}/${index}`) ?? new Uint8Array(),
    write: (level: number, index: number, hashes: Uint8Array) => void tiles.set(`${level}/${index}`, hashes),
  }
  let size = 0
  return (hashes: readonly string[]): string => {
    append(
      store,
      size,
      hashes.map((one) => fromHex(one)!),
    )
    size += hashes.length
    const root = rootOf(nodesIn(store), size)
    const text = checkpointText({ origin: name, size, root, time: timeAt(size) })
    return noteOf(text, key, new Uint8Array(sign(null, utf8(text), privateKey)))
  }
}

function keyOf(seq: number): Uint8Array {
  const bytes = new Uint8Array(32)
  new DataView(bytes.buffer).setUint32(0, seq * 2_654_435_761)
  return bytes
}

/** The seq-th deed of a log; now and then one with letters of elsewhere. */
function deedAt(seq: number, action = actions[seq % actions.length]!, detail?: Json) {
  const id = `audit_${String(seq).padStart(26, "0")}`
  const facts = { before: { name: "Älter", nodes: seq % 7 }, after: { name: `Neu ${seq} 😀`, cost: seq / 7 } }
  return {
    id,
    at: timeAt(seq),
    actor: `user_${String(seq % 13).padStart(26, "0")}`,
    action,
    target: seq % 5 === 0 ? null : `flow_${String(seq % 101).padStart(26, "0")}`,
    request_id: `req_${String(seq).padStart(26, "0")}`,
    detail: JSON.stringify(detail ?? { ...facts, ip: "192.0.2.7", user_agent: "Mozilla/5.0 (X11; Linux)" }),
  }
}

export type Special = { action: string; detail: Json }

/** A log of so many entries, with a checkpoint behind every so many; some of them may be special, by their places. */
export function newLog(size: number, every: number, special: Record<number, Special> = {}): AuditLog {
  const signed = signer()
  const log: AuditLog = {
    tenant,
    verifierKey: verifierKey(key),
    entries: [],
    checkpoints: new Map(),
    end: "",
  }
  let head: Head = { seq: 0, hash: noHash }
  let waiting: string[] = []
  for (let seq = 1; seq <= size; seq++) {
    const { action, detail } = special[seq] ?? {}
    const sealed = seal(tenant, head, deedAt(seq, action, detail), keyOf(seq))
    head = { seq, hash: sealed.hash }
    log.entries.push(sealed)
    waiting.push(sealed.hash)
    if (seq % every !== 0) continue
    log.checkpoints.set(seq, signed(waiting))
    waiting = []
  }
  log.end = signed(waiting)
  return log
}

const line = (value: Json): string => `${canonical(value)}\n`

/** The lines of a log's export. */
export function* linesOf(log: AuditLog): Generator<string> {
  const header = { exported_at: timeAt(0), format: "edgecrew-audit/1", tenant: log.tenant }
  yield line({ header: { ...header, verifier_key: log.verifierKey } })
  for (const sealed of log.entries) {
    yield line(sealed)
    const note = log.checkpoints.get(sealed.entry.seq)
    if (note !== undefined) yield line({ checkpoint: note })
  }
  yield line({ end: { checkpoint: log.end, size: log.entries.at(-1)?.entry.seq ?? 0 } })
}

/** The chain from a place on made anew, as whoever can write the database but cannot sign would. */
export function rechained(entries: readonly SealedEntry[], from: number): SealedEntry[] {
  let prev = entries[from - 2]?.hash ?? noHash
  return entries.map((one, i) => {
    if (i < from - 1) return one
    const entry = { ...one.entry, seq: i + 1, prev }
    prev = hashOf(entry)
    return { ...one, entry, hash: prev }
  })
}

export const flipHex = (hex: string, at: number): string => {
  const bytes = fromHex(hex)!
  bytes[at % bytes.length]! ^= 1
  return toHex(bytes)
}
