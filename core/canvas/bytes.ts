import { fromUtf8, toUtf8 } from "./utf8.ts"

/** Bytes that do not say what they should. */
export class Malformed extends Error {}

/** Writes small numbers and short texts into few bytes. */
export class Writer {
  private bytes = new Uint8Array(64)
  private view = new DataView(this.bytes.buffer)
  private at = 0

  get length(): number {
    return this.at
  }

  private room(more: number): void {
    const needed = this.at + more
    if (needed <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2))
    larger.set(this.bytes.subarray(0, this.at))
    this.bytes = larger
    this.view = new DataView(larger.buffer)
  }

  byte(value: number): this {
    this.room(1)
    this.bytes[this.at++] = value
    return this
  }

  /** A whole number from 0 to 2^53 - 1, seven bits a byte. */
  count(value: number): this {
    this.room(8)
    let rest = value
    while (rest > 0x7f) {
      this.bytes[this.at++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.bytes[this.at++] = rest
    return this
  }

  /** A coordinate: quarters of a pixel in few bytes, anything finer in nine. */
  coordinate(value: number): this {
    const quarters = value * 4
    if (Number.isInteger(quarters) && Math.abs(quarters) < 2 ** 40 && !Object.is(value, -0)) {
      const folded = quarters < 0 ? -quarters * 2 - 1 : quarters * 2
      return this.count(folded * 2)
    }
    this.count(1)
    this.room(8)
    this.view.setFloat64(this.at, value, true)
    this.at += 8
    return this
  }

  raw(value: Uint8Array): this {
    this.room(value.length)
    this.bytes.set(value, this.at)
    this.at += value.length
    return this
  }

  blob(value: Uint8Array): this {
    return this.count(value.length).raw(value)
  }

  text(value: string): this {
    return this.blob(toUtf8(value))
  }

  /** A value as JSON; nothing at all is told by an empty text. */
  json(value: unknown): this {
    return this.text(value === undefined ? "" : JSON.stringify(value))
  }

  /** What was written so far, as bytes of their own. */
  done(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.at)
  }
}

/** Reads what a Writer wrote; throws Malformed where it ends too soon or says nonsense. */
export class Reader {
  private readonly bytes: Uint8Array
  private at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  get isDone(): boolean {
    return this.at >= this.bytes.length
  }

  get place(): number {
    return this.at
  }

  byte(): number {
    const value = this.bytes[this.at]
    if (value === undefined) throw new Malformed("it ends too soon")
    this.at++
    return value
  }

  count(): number {
    let value = 0
    for (let scale = 1; scale < 2 ** 53; scale *= 0x80) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) break
        return value
      }
    }
    throw new Malformed("a number is too large")
  }

  /** How many things follow; each takes a byte at least, so that more than there are bytes is nonsense. */
  many(): number {
    const value = this.count()
    if (value > this.bytes.length - this.at) throw new Malformed("it ends too soon")
    return value
  }

  coordinate(): number {
    const folded = this.count()
    if (folded === 1) {
      const view = new DataView(this.raw(8).slice().buffer)
      return view.getFloat64(0, true)
    }
    if (folded % 2 === 1) throw new Malformed("a coordinate is neither short nor long")
    const half = folded / 2
    return (half % 2 === 1 ? -(half + 1) / 2 : half / 2) / 4
  }

  raw(length: number): Uint8Array {
    if (length > this.bytes.length - this.at) throw new Malformed("it ends too soon")
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  blob(): Uint8Array {
    return this.raw(this.count())
  }

  text(): string {
    const text = fromUtf8(this.blob())
    if (text === undefined) throw new Malformed("a text is not UTF-8")
    return text
  }

  json(): unknown {
    const text = this.text()
    if (text === "") return undefined
    try {
      return JSON.parse(text) as unknown
    } catch {
      throw new Malformed("a value is not JSON")
    }
  }
}
