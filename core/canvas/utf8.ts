/** UTF-8 by hand: `core` runs anywhere and has no TextEncoder by its compiler setting. */

/** Bytes of a text; half a surrogate pair becomes U+FFFD. */
export function toUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3)
  let at = 0
  for (let i = 0; i < text.length; i++) {
    let point = text.charCodeAt(i)
    if (point < 0x80) {
      bytes[at++] = point
      continue
    }
    if (point >= 0xd800 && point <= 0xdfff) {
      point = text.codePointAt(i) ?? 0xfffd
      if (point > 0xffff) i++
      else point = 0xfffd
    }
    if (point < 0x800) bytes[at++] = 0xc0 | (point >> 6)
    else {
      if (point < 0x10000) bytes[at++] = 0xe0 | (point >> 12)
      else {
        bytes[at++] = 0xf0 | (point >> 18)
        bytes[at++] = 0x80 | ((point >> 12) & 0x3f)
      }
      bytes[at++] = 0x80 | ((point >> 6) & 0x3f)
    }
    bytes[at++] = 0x80 | (point & 0x3f)
  }
  return bytes.subarray(0, at)
}

const least = [0, 0, 0x80, 0x800, 0x10000]
const chunk = 4_096

/** The text of bytes; undefined when they are no UTF-8. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  let text = ""
  let units: number[] = []
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at]!
    const length =
      first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0
    if (length === 0 || at + length > bytes.length) return undefined
    let point = length === 1 ? first : first & (0x7f >> length)
    for (let i = 1; i < length; i++) {
      const next = bytes[at + i]!
      if ((next & 0xc0) !== 0x80) return undefined
      point = (point << 6) | (next & 0x3f)
    }
    const isHalf = point >= 0xd800 && point <= 0xdfff
    if (point < least[length]! || point > 0x10ffff || isHalf) return undefined
    if (point > 0xffff) units.push(0xd7c0 + (point >> 10), 0xdc00 | (point & 0x3ff))
    else units.push(point)
    at += length
    if (units.length >= chunk) {
      text += String.fromCharCode(...units)
      units = []
    }
  }
  return text + String.fromCharCode(...units)
}
