/** Base64url without padding, in one spelling only: bits that carry nothing must be zero, so no byte can be changed unseen. */

export const encode = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/(?<!=)=+$/, "")

/** The bytes; undefined when the text is not exactly what `encode` would write. */
export function decode(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return undefined
  try {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"))
    const bytes = Uint8Array.from(plain, (sign) => sign.charCodeAt(0))
    return encode(bytes) === text ? bytes : undefined
  } catch {
    return undefined
  }
}

const encoder = new TextEncoder()

export const utf8 = {
  encode: (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(encoder.encode(text)),
}
