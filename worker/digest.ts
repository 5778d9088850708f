import { createHash, createHmac, timingSafeEqual } from "node:crypto"

// Synchronous on purpose: the hot path digests a key before it knows whom it serves, and WebCrypto would cost a turn of the loop.

/** SHA-256 in base64url: how secrets and fingerprints are kept. */
export const digestOf = (text: string): string => createHash("sha256").update(text).digest("base64url")

/** The same of bytes. */
export const bytesDigest = (bytes: Uint8Array): string =>
  createHash("sha256").update(bytes).digest("base64url")

/** HMAC-SHA256 under a base64 key, in base64url. */
export const keyedDigest = (key: string, text: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHmac("sha256", Buffer.from(key, "base64")).update(text).digest())

/** Compares secrets by their digests, which have one length, in constant time. */
export const sameSecret = (a: string, b: string): boolean =>
  timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest())

export const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url")
