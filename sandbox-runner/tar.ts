/**
 * Reads the tar stream that comes out of a sandbox. Its bytes are the program's own words, so nothing in it is believed: regular
 * files with plain relative paths are taken into memory, within caps, and nothing is ever written, followed or linked.
 */
export interface TarCaps {
  files: number
  /** All files together. */
  bytes: number
}

export interface TarFile {
  path: string
  bytes: Buffer
}

export interface TarContents {
  files: TarFile[]
  /** Entries that are no regular file or have no plain path: links, devices, `..`, the same path again. */
  refused: number
  /** Why reading stopped before the end, or null. What was whole until then is in `files`. */
  problem: string | null
}

const block = 512
const maxMetaBytes = 65_536
const maxPath = 500
/** Directories, links and refused entries cost the reader time too. */
const entriesPerFile = 16

type Entry = { kind: "file" | "skip" | "pax" | "longname"; path: string; size: number }

/** Fed chunk by chunk; after the first fault it takes no more. */
export class TarReader {
  readonly #caps: TarCaps
  readonly #files = new Map<string, Buffer>()
  #refused = 0
  #problem: string | null = null
  #ended = false
  #begun = false
  #entries = 0
  #taken = 0
  #head: Buffer = Buffer.alloc(0)
  #entry: Entry | undefined
  #body: Buffer[] = []
  #left = 0
  #padding = 0
  #nextPath: string | null | undefined

  constructor(caps: TarCaps) {
    this.#caps = caps
  }

  push(chunk: Buffer): void {
    this.#begun ||= chunk.length > 0
    let rest = chunk
    while (rest.length > 0 && this.#problem === null && !this.#ended) {
      if (this.#left > 0) rest = this.#takeBody(rest)
      else if (this.#padding > 0) {
        const skipped = Math.min(this.#padding, rest.length)
        this.#padding -= skipped
        rest = rest.subarray(skipped)
      } else rest = this.#takeHead(rest)
    }
  }

  /** What was read; call it once, when the stream has ended. */
  end(): TarContents {
    if (this.#problem === null && this.#begun && !this.#ended) this.#problem = "the archive breaks off"
    const files = [...this.#files].map(([path, bytes]) => ({ path, bytes }))
    return { files, refused: this.#refused, problem: this.#problem }
  }

  #takeBody(chunk: Buffer): Buffer {
    const part = chunk.subarray(0, this.#left)
    // A copy: a small file must not keep the whole chunk that it came in.
    if (this.#entry?.kind !== "skip") this.#body.push(Buffer.from(part))
    this.#left -= part.length
    if (this.#left === 0) this.#finish()
    return chunk.subarray(part.length)
  }

  #takeHead(chunk: Buffer): Buffer {
    const part = chunk.subarray(0, block - this.#head.length)
    this.#head = Buffer.concat([this.#head, part])
    if (this.#head.length === block) {
      const head = this.#head
      this.#head = Buffer.alloc(0)
      this.#begin(head)
    }
    return chunk.subarray(part.length)
  }

  #begin(head: Buffer): void {
    if (head.every((byte) => byte === 0)) {
      this.#ended = true
      return
    }
    if (!hasChecksum(head)) return this.#stop("the archive is not well-formed")
    const size = octal(head.subarray(124, 136))
    if (size === undefined) return this.#stop("the archive holds a size that is no number")
    if (++this.#entries > this.#caps.files * entriesPerFile + 64)
      return this.#stop("the archive has too many entries")
    const entry = this.#judge(head, size)
    if (entry === undefined) return
    this.#entry = entry
    this.#body = []
    this.#left = size
    this.#padding = (block - (size % block)) % block
    if (size === 0) this.#finish()
  }

  #judge(head: Buffer, size: number): Entry | undefined {
    const type = String.fromCharCode(head[156] ?? 0)
    if (type === "x" || type === "L" || type === "g" || type === "K") {
      if (size > maxMetaBytes) return this.#stop("the archive has a path that is too long")
      return { kind: type === "x" ? "pax" : type === "L" ? "longname" : "skip", path: "", size }
    }
    const path = this.#nextPath === undefined ? plainPath(nameOf(head)) : this.#nextPath
    this.#nextPath = undefined
    if (type === "5") return { kind: "skip", path: "", size }
    if ((type !== "0" && type !== "\0") || path === null || this.#files.has(path)) {
      this.#refused++
      return { kind: "skip", path: "", size }
    }
    if (this.#files.size >= this.#caps.files)
      return this.#stop(`there are more than ${this.#caps.files} files`)
    if (this.#taken + size > this.#caps.bytes)
      return this.#stop(`the files are larger than ${this.#caps.bytes} bytes`)
    this.#taken += size
    return { kind: "file", path, size }
  }

  #finish(): void {
    const entry = this.#entry
    this.#entry = undefined
    const body = Buffer.concat(this.#body)
    this.#body = []
    if (entry?.kind === "file") this.#files.set(entry.path, body)
    else if (entry?.kind === "longname") this.#nextPath = plainPath(untilNul(body))
    else if (entry?.kind === "pax") this.#readPax(body)
  }

  #readPax(body: Buffer): void {
    const records = paxRecords(body)
    // A size of its own would make our count of the following bytes another one than the writer's.
    if (records === undefined || records.has("size")) return this.#stop("the archive is not well-formed")
    const path = records.get("path")
    if (path !== undefined) this.#nextPath = plainPath(path)
  }

  #stop(problem: string): undefined {
    this.#problem = problem
  }
}

function hasChecksum(head: Buffer): boolean {
  const told = octal(head.subarray(148, 156))
  let sum = 8 * 32
  for (let at = 0; at < block; at++) if (at < 148 || at >= 156) sum += head[at] ?? 0
  return told === sum
}

/** An octal field; the binary form of large numbers is none, nothing here is that large. */
function octal(field: Buffer): number | undefined {
  const text = untilNul(field).toString("latin1").trim()
  return /^[0-7]{1,11}$/.test(text) ? Number.parseInt(text, 8) : undefined
}

function untilNul(field: Buffer): Buffer {
  const end = field.indexOf(0)
  return end === -1 ? field : field.subarray(0, end)
}

function nameOf(head: Buffer): Buffer {
  const name = untilNul(head.subarray(0, 100))
  const isPosix = head.subarray(257, 263).toString("latin1") === "ustar\0"
  const prefix = isPosix ? untilNul(head.subarray(345, 500)) : Buffer.alloc(0)
  return prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from("/"), name])
}

/** A relative path of plain parts, or null. */
function plainPath(raw: Buffer): string | null {
  if (raw.length > maxPath * 4) return null
  let text: string
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw)
  } catch {
    return null
  }
  const path = text.replace(/^(?:\.\/)+/, "")
  // oxlint-disable-next-line no-control-regex -- control signs are what is refused
  if (path === "" || path.length > maxPath || /[\u0000-\u001f\u007f\\]/.test(path)) return null
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..") ? path : null
}

/** `length key=value\n` records of a pax header, by key; undefined when it is none. */
function paxRecords(body: Buffer): Map<string, Buffer> | undefined {
  const records = new Map<string, Buffer>()
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(32, at)
    const digits = space === -1 ? "" : body.subarray(at, space).toString("latin1")
    const length = /^\d{1,6}$/.test(digits) ? Number(digits) : 0
    const equals = body.indexOf(61, space)
    const end = at + length
    if (length === 0 || end > body.length || equals === -1 || equals >= end || body[end - 1] !== 10)
      return undefined
    records.set(body.subarray(space + 1, equals).toString("latin1"), body.subarray(equals + 1, end - 1))
    at = end
  }
  return records
}
