export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A piece of a string at a time: a call takes no million arguments. */
const piece = 0x8000

/** Bytes as a string of one sign each. */
export function binaryOf(bytes: Uint8Array): string {
  let text = ""
  for (let at = 0; at < bytes.length; at += piece)
    text += String.fromCharCode(...bytes.subarray(at, at + piece))
  return text
}

/** Base64 with padding (RFC 4648 §4). */
export const base64Of = (bytes: Uint8Array): string => btoa(binaryOf(bytes))
