import type { ExecutionId } from "#core/ids"

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/** An execution's id without its prefix and lane is a ULID, 128 bits: as many as a trace id has, the last 80 random. */
export function traceIdOf(id: ExecutionId): string {
  let bits = 0n
  for (const digit of id.slice(7)) bits = (bits << 5n) | BigInt(crockford.indexOf(digit))
  return BigInt.asUintN(128, bits).toString(16).padStart(32, "0")
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
  return hex(one) + hex(other)
}

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, "0")
