/** Bytes and their spellings. `core` has neither TextEncoder nor btoa. */

/** A text as UTF-8. A lone surrogate becomes U+FFFD. */
export function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3)
  let length = 0
  for (let i = 0; i < text.length; i++) {
    let point = text.charCodeAt(i)
    if (point >= 0xd800 && point < 0xe000) {
      const whole = text.codePointAt(i)!
      if (whole > 0xffff) i++
      point = whole > 0xffff ? whole : 0xfffd
    }
    if (point < 0x80) bytes[length++] = point
    else {
      if (point < 0x800) bytes[length++] = 0xc0 | (point >> 6)
      else {
        if (point < 0x10000) bytes[length++] = 0xe0 | (point >> 12)
        else {
          bytes[length++] = 0xf0 | (point >> 18)
          bytes[length++] = 0x80 | ((point >> 12) & 63)
        }
        bytes[length++] = 0x80 | ((point >> 6) & 63)
      }
      bytes[length++] = 0x80 | (point & 63)
    }
  }
  return bytes.slice(0, length)
}

const hexDigits = "0123456789abcdef"

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = ""
  for (const byte of bytes) text += hexDigits.charAt(byte >> 4) + hexDigits.charAt(byte & 15)
  return text
}

/** The bytes of lower-case hexadecimal; undefined when it is none. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) return undefined
  return Uint8Array.from({ length: text.length / 2 }, (_, i) =>
    Number.parseInt(text.slice(2 * i, 2 * i + 2), 16),
  )
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/** Base64 with padding, RFC 4648 section 4. */
export function toBase64(bytes: Uint8Array): string {
  let text = ""
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3)
    text += alphabet.charAt(a >> 2) + alphabet.charAt(((a & 3) << 4) | (b >> 4))
    text += i + 1 < bytes.length ? alphabet.charAt(((b & 15) << 2) | (c >> 6)) : "="
    text += i + 2 < bytes.length ? alphabet.charAt(c & 63) : "="
  }
  return text
}

/** The bytes of base64; undefined when it is none, or not the one spelling that these bytes have. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  const plain = text.replace(/(?<!=)=+$/, "")
  const bytes = new Uint8Array(Math.floor((plain.length * 6) / 8))
  let [held, bits, length] = [0, 0, 0]
  for (const digit of plain) {
    held = ((held << 6) | alphabet.indexOf(digit)) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes[length++] = (held >> bits) & 255
  }
  return toBase64(bytes) === text ? bytes : undefined
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i])

/** Several one after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
