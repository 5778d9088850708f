import type { ExecutionId } from "#core/ids"

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/**
 * An execution's id without its prefix and lane is a ULID, 128 bits: as many as a trace id has, the last 80 random. Its first two
 * letters are a byte, and each eight after them forty bits.
 */
export function traceIdOf(id: ExecutionId): string {
  let hex = digits(id, 7, 9, 2)
  for (let from = 9; from < 33; from += 8) hex += digits(id, from, from + 8, 10)
  return hex
}

function digits(id: string, from: number, until: number, length: number): string {
  let number = 0
  for (let i = from; i < until; i++) number = number * 32 + crockford.indexOf(id[i]!)
  return number.toString(16).padStart(length, "0")
}

/**
 * 16 hex digits from what was done: two 32-bit hashes after cyrb53 (public domain), each letter stirred into both. They need to
 * be spread, not secret.
 */
export function spanIdOf(what: string): string {
  let one = 0xdeadbeef
  let other = 0x41c6ce57
  for (let i = 0; i < what.length; i++) {
    const code = what.charCodeAt(i)
    one = Math.imul(one ^ code, 2_654_435_761)
    other = Math.imul(other ^ code, 1_597_334_677)
  }
  one = Math.imul(one ^ (one >>> 16), 2_246_822_507) ^ Math.imul(other ^ (other >>> 13), 3_266_489_909)
  other = Math.imul(other ^ (other >>> 16), 2_246_822_507) ^ Math.imul(one ^ (one >>> 13), 3_266_489_909)
  return hexOf(one) + hexOf(other)
}

const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"))

const hexOf = (word: number): string =>
  bytes[word >>> 24]! + bytes[(word >>> 16) & 255]! + bytes[(word >>> 8) & 255]! + bytes[word & 255]!
