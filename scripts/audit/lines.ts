import { isUtf8 } from "node:buffer"
import { canonical, isMembers, type Json, type Members } from "./sums.ts"

const entryMembers = "action,actor,at,commitment,id,prev,request_id,seq,target,tenant,v"

/** An entry's line, taken apart. */
export type Line = {
  seq: number
  tenant: string
  id: string
  at: string
  action: string
  commitment: string
  prev: string
  /** What is hashed of it: its canonical spelling. */
  entry: string
  hash: string
  detail: Json
  /** `detail`, in its canonical spelling. */
  details: string
  key: Json | undefined
}

/** Printable ASCII that is spelled as itself. */
const plain = String.raw`([\x20\x21\x23-\x5b\x5d-\x7e]*)`
const digits = "([0-9a-f]{64})"
/**
 * What stands behind the details in almost every line: spelled so it is canonical, and nothing needs to be read as JSON and written
 * anew to know it. Any other line is, and is judged by that.
 */
const usual = new RegExp(
  `,"detail_key":(?:"${digits}"|null),"entry":(\\{"action":"${plain}","actor":"${plain}","at":"${plain}",` +
    `"commitment":"${plain}","id":"${plain}","prev":"${plain}","request_id":"${plain}","seq":([1-9][0-9]{0,14}),` +
    `"target":(?:"${plain}"|null),"tenant":"${plain}","v":1\\}),"hash":"${plain}"\\}$`,
)
const start = '{"detail":'

/** An entry's line as almost all are; undefined when it is not, or no such line at all. */
function usualLine(text: string): Line | undefined {
  const found = text.startsWith(start) ? usual.exec(text) : null
  if (!found) return undefined
  const [, key, entry, action, , at, commitment, id, prev, , seq, , tenant, hash] = found
  const details = text.slice(start.length, found.index)
  const detail = JSON.parse(details) as Json
  if (canonical(detail) !== details) return undefined
  const texts = { tenant: tenant!, id: id!, at: at!, action: action!, commitment: commitment!, prev: prev! }
  return { ...texts, seq: Number(seq), entry: entry!, hash: hash!, detail, details, key: key ?? null }
}

/** An entry's line from what it was read as, when it has exactly the members of version 1. */
export function lineOf({ entry, hash, detail, detail_key: key, ...others }: Members): Line | undefined {
  if (!isMembers(entry) || Object.keys(entry).sort().join() !== entryMembers) return undefined
  const { v, seq, target, ...rest } = entry
  const texts = rest as { [name: string]: string } & Pick<Line, "tenant" | "id" | "at">
  if (
    v !== 1 ||
    typeof seq !== "number" ||
    !Number.isSafeInteger(seq) ||
    !(target === null || typeof target === "string") ||
    !Object.values(rest).every((one) => typeof one === "string") ||
    Object.keys(others).length > 0 ||
    typeof hash !== "string" ||
    detail === undefined
  )
    return undefined
  const { tenant, id, at, action = "", commitment = "", prev = "" } = texts
  const spelled = { entry: canonical(entry), details: canonical(detail) }
  return { tenant, id, at, action, commitment, prev, seq, hash, detail, key, ...spelled }
}

/** A line of canonical JSON: that of an entry, or whatever else it is; undefined when it is none. */
export function readLine(bytes: Buffer): { usual: Line } | { usual: undefined; value: Members } | undefined {
  if (!isUtf8(bytes)) return undefined
  const text = bytes.toString("utf8")
  try {
    const usual = usualLine(text)
    if (usual) return { usual }
    const value = JSON.parse(text) as Json
    return isMembers(value) && canonical(value) === text ? { usual: undefined, value } : undefined
  } catch {
    return undefined
  }
}
