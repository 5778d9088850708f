import { hash as digest } from "node:crypto"
import { closeSync, openSync, readSync } from "node:fs"
import { lineOf, readLine, type Line } from "./lines.ts"
import { hmac, isMembers, parseCheckpoint, parseKey, Tree } from "./sums.ts"
import type { Checkpoint, Json, Key, Members } from "./sums.ts"

/** What is wrong, and with which entry; `upTo` when it may be any of several. `seq` is 0 for the file itself. */
export type Finding = { seq: number; upTo?: number; says: string }

export type Verdict = {
  tenant: string
  /** How many entries the file has, and how many the checkpoint at its end is over. */
  entries: number
  size: number
  checkpoints: number
  /** Details that were erased, and those of them that the erasures do not name one by one. */
  erased: number
  unnamed: number
  /** Entries that say that they are older than the one before them by more than ten minutes. */
  late: number
  verifierKey: string
  /** Whether the key was given to the verifier. One that only the file names proves nothing of who signed. */
  isKeyKnown: boolean
  findings: Finding[]
  /** Findings there were beyond those listed. */
  more: number
}

export type Options = {
  /** The verifier key that checkpoints must be signed with. */
  key?: string
  /** Checkpoints that left the system earlier: the log must still have them as its beginning. */
  checkpoints?: readonly string[]
}

const mostFindings = 100
const mostLine = 8_388_608
const noHash = "0".repeat(64)
const lateMs = 600_000

/** Reads an export line by line, and finds what does not hold. */
export class Verifier {
  readonly #options: Options
  readonly #tree = new Tree()
  readonly #findings: Finding[] = []
  readonly #earlier: Checkpoint[] = []
  readonly #erased: number[] = []
  readonly #erasures: { by: number; entries: [number, number][] | undefined }[] = []
  #more = 0
  #tenant: string | undefined
  #key: Key | undefined
  #keyText = ""
  #entries = 0
  #checkpoints = 0
  #size: number | undefined
  #late = 0
  #at = 0
  /** The last entry's place and hash; the hash is unknown behind an entry that is not what it was. */
  #seq = 0
  #hash: string | undefined = noHash
  /** Whether the tree is still that of all entries: behind a fault no root can be expected to fit. */
  #isWhole = true
  #checked = 0

  constructor(options: Options = {}) {
    this.#options = options
  }

  line(bytes: Buffer): void {
    const read = readLine(bytes)
    if (!read) return this.#broken("is no line of canonical JSON")
    if (this.#size !== undefined) return this.#broken("stands behind the end of the file")
    if (this.#tenant === undefined) return this.#header(read.usual ? undefined : read.value["header"])
    if (read.usual) return this.#entry(read.usual)
    const { value } = read
    if ("entry" in value) {
      const line = lineOf(value)
      return line ? this.#entry(line) : this.#broken("is no entry of version 1")
    }
    if ("checkpoint" in value) {
      this.#checkpoint(value["checkpoint"], "checkpoint")
      return
    }
    if (isMembers(value["end"])) return this.#end(value["end"])
    this.#broken("is nothing that an export has")
  }

  verdict(): Verdict {
    const tenant = this.#tenant ?? ""
    if (this.#tenant === undefined) this.#find(0, "The file is empty.")
    else if (this.#size === undefined)
      this.#find(
        this.#seq + 1,
        `The file is cut off behind entry ${this.#seq}: it does not say where it ends.`,
      )
    for (const { size } of this.#earlier.filter(({ size }) => size > this.#seq))
      this.#find(this.#seq + 1, `An earlier checkpoint is over ${size} entries: the log has lost some.`, size)
    const unnamed = this.#judgeErasures()
    return {
      tenant,
      entries: this.#entries,
      size: this.#size ?? 0,
      checkpoints: this.#checkpoints,
      erased: this.#erased.length,
      unnamed,
      late: this.#late,
      verifierKey: this.#keyText,
      isKeyKnown: this.#options.key !== undefined,
      findings: this.#findings,
      more: this.#more,
    }
  }

  #find(seq: number, says: string, upTo?: number): void {
    if (this.#findings.length >= mostFindings) this.#more++
    else this.#findings.push(upTo === undefined || upTo === seq ? { seq, says } : { seq, upTo, says })
  }

  /** A line that is not what it should be stands where the next entry was. */
  #broken(says: string): void {
    this.#find(this.#seq + 1, `What follows entry ${this.#seq} ${says}.`)
    this.#isWhole = false
  }

  #header(header: Json | undefined): void {
    if (
      !isMembers(header) ||
      typeof header["tenant"] !== "string" ||
      header["format"] !== "edgecrew-audit/1"
    ) {
      this.#tenant = ""
      return this.#find(0, "The file does not begin as an export of version 1 does.")
    }
    this.#tenant = header["tenant"]
    const { verifier_key: named } = header
    this.#keyText = this.#options.key ?? (typeof named === "string" ? named : "")
    this.#key = parseKey(this.#keyText)
    if (!this.#key) this.#find(0, "The verifier key is none of Ed25519.")
    else if (this.#key.name !== this.#origin) this.#find(0, "The verifier key is another log's.")
    if (named !== this.#keyText) this.#find(0, "The file names another key than you do.")
    for (const note of this.#options.checkpoints ?? []) {
      const earlier = parseCheckpoint(note, this.#origin, this.#key)
      if (earlier?.isSigned) this.#earlier.push(earlier)
      else this.#find(0, "An earlier checkpoint is not this log's, or not signed with its key.")
    }
  }

  get #origin(): string {
    return `edgecrew/audit/${this.#tenant}`
  }

  #entry(line: Line): void {
    const { seq, hash } = line
    this.#entries++
    this.#place(seq)
    if (line.tenant !== this.#tenant) this.#find(seq, `Entry ${seq} is another tenant's.`)
    if (this.#hash !== undefined && line.prev !== this.#hash) {
      this.#find(
        Math.max(1, seq - 1),
        `Entry ${seq} does not follow on the one before it: one of them was changed.`,
        seq,
      )
      this.#isWhole = false
    }
    const own = digest("sha256", line.entry)
    if (own !== hash) this.#find(seq, `Entry ${seq} was changed: its hash is not its own.`)
    this.#details(line)
    if (line.action === "privacy.erase") this.#erasures.push({ by: seq, entries: namedIn(line.detail) })
    const at = Date.parse(line.at)
    if (at < this.#at - lateMs) this.#late++
    this.#at = at
    this.#seq = Math.max(seq, this.#seq)
    this.#hash = own === hash ? hash : undefined
    if (own !== hash) this.#isWhole = false
    if (this.#isWhole) this.#tree.append(hash)
    this.#compareEarlier(seq)
  }

  /** Numbers go up by one. */
  #place(seq: number): void {
    const expected = this.#seq + 1
    if (seq === expected) return
    this.#isWhole = false
    this.#hash = undefined
    if (seq < expected) return this.#find(seq, `Entry ${seq} stands behind entry ${this.#seq}.`)
    const missing = seq - expected
    const says = missing === 1 ? `Entry ${expected} is missing.` : `${missing} entries are missing.`
    this.#find(expected, says, seq - 1)
  }

  #details({ seq, id, commitment, detail, details, key }: Line): void {
    if (key === null && detail === null) {
      this.#erased.push(seq)
      return
    }
    const isKey = typeof key === "string" && /^[0-9a-f]{64}$/.test(key)
    if (!isKey || hmac(key, `{"detail":${details},"id":${JSON.stringify(id)}}`) !== commitment)
      this.#find(seq, `The details of entry ${seq} were changed.`)
  }

  #compareEarlier(seq: number): void {
    for (const { size, root } of this.#earlier) {
      if (size !== seq || !this.#isWhole || root === this.#tree.root()) continue
      this.#find(this.#checked + 1, `Entries up to ${size} are not those of the earlier checkpoint.`, size)
      this.#isWhole = false
    }
  }

  #checkpoint(note: Json | undefined, what: string): Checkpoint | undefined {
    const found = typeof note === "string" ? parseCheckpoint(note, this.#origin, this.#key) : undefined
    if (!found) {
      this.#broken(`is no ${what} of this log`)
      return undefined
    }
    const { size, root, isSigned } = found
    this.#checkpoints++
    if (!isSigned) this.#find(size, `The ${what} over ${size} entries is not signed with the log's key.`)
    if (this.#isWhole && size !== this.#seq)
      this.#find(
        this.#checked + 1,
        `The ${what} over ${size} entries stands behind entry ${this.#seq}.`,
        Math.max(size, this.#seq),
      )
    else if (this.#isWhole && root !== this.#tree.root()) {
      this.#find(this.#checked + 1, `Entries up to ${size} are not those that were signed.`, size)
      this.#isWhole = false
    } else if (this.#isWhole && isSigned) this.#checked = size
    return found
  }

  #end(end: Members): void {
    this.#size = typeof end["size"] === "number" ? end["size"] : -1
    const behind = this.#seq
    const found =
      this.#isWhole && this.#size === behind ? this.#checkpoint(end["checkpoint"], "end") : this.#lost(end)
    if (found && found.size !== this.#size)
      this.#find(behind + 1, "The end says another size than its checkpoint.")
  }

  /** An end that cannot fit any more still says how many entries there were, when it is signed. */
  #lost(end: Members): Checkpoint | undefined {
    const note = end["checkpoint"]
    const found = typeof note === "string" ? parseCheckpoint(note, this.#origin, this.#key) : undefined
    if (!found?.isSigned) this.#find(this.#seq + 1, "The end is not signed with the log's key.")
    else if (found.size > this.#seq)
      this.#find(this.#seq + 1, `The file is cut: ${found.size} entries were signed.`, found.size)
    else if (found.size < this.#seq) this.#find(found.size + 1, "Entries stand behind the end.", this.#seq)
    return found
  }

  /** Details may be gone when a later erasure says so. Says how many are that no erasure names. */
  #judgeErasures(): number {
    let unnamed = 0
    for (const seq of this.#erased) {
      const later = this.#erasures.filter(({ by }) => by > seq)
      if (later.some(({ entries }) => entries?.some(([first, last]) => first <= seq && seq <= last))) continue
      if (later.some(({ entries }) => entries === undefined)) unnamed++
      else this.#find(seq, `The details of entry ${seq} are gone, and no erasure says so.`)
    }
    return unnamed
  }
}

/** The entries that an erasure names, in `detail.after.entries`: numbers, or pairs of the first and the last of several. */
function namedIn(detail: Json): [number, number][] | undefined {
  const after = isMembers(detail) ? detail["after"] : undefined
  const entries = isMembers(after) ? after["entries"] : undefined
  if (!Array.isArray(entries)) return undefined
  return entries.flatMap((one): [number, number][] => {
    const [first, last] = Array.isArray(one) ? one : [one, one]
    return typeof first === "number" && typeof last === "number" ? [[first, last]] : []
  })
}

/** Checks a file, reading a mebibyte at a time. Throws when it cannot be read. */
export function verifyFile(path: string, options: Options = {}): Verdict {
  const verifier = new Verifier(options)
  const file = path === "-" ? 0 : openSync(path, "r")
  const chunk = Buffer.alloc(1_048_576)
  let rest: Buffer = Buffer.alloc(0)
  for (;;) {
    const length = readSync(file, chunk)
    if (length === 0) break
    const bytes =
      rest.length > 0 ? Buffer.concat([rest, chunk.subarray(0, length)]) : chunk.subarray(0, length)
    let from = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      verifier.line(bytes.subarray(from, end))
      from = end + 1
    }
    rest = Buffer.from(bytes.subarray(from))
    if (rest.length > mostLine) throw new Error("a line is longer than 8 MiB")
  }
  if (rest.length > 0) verifier.line(rest)
  if (file !== 0) closeSync(file)
  return verifier.verdict()
}
