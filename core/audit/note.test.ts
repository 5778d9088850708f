import { createPrivateKey, sign, verify, createPublicKey } from "node:crypto"
import { describe, expect, it } from "vitest"
import { fromBase64, toBase64, toHex, utf8 } from "./bytes.ts"
import {
  checkpointText,
  noteOf,
  originOf,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  signatureBy,
  verifierKey,
} from "./note.ts"

const isSigned = (publicKey: Uint8Array, text: string, signature: Uint8Array): boolean =>
  verify(
    null,
    utf8(text),
    createPublicKey({
      key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(publicKey).toString("base64url") },
      format: "jwk",
    }),
    signature,
  )

/** The note and the key of golang.org/x/mod/sumdb/note's documentation and tests. */
const peter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
const published =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
  "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

describe("a signed note", () => {
  it("is read as it is published, and its signature holds", () => {
    const key = parseVerifierKey(peter)!
    expect(key.name).toBe("PeterNeumann")
    expect(verifierKey(key)).toBe(peter)
    const note = parseNote(published)!
    expect(note.text).toMatch(/^If you think .* is\.\n$/s)
    const signature = signatureBy(note, key)!
    expect(isSigned(key.publicKey, note.text, signature)).toBe(true)
    expect(isSigned(key.publicKey, note.text.replace("answer", "Answer"), signature)).toBe(false)
    expect(noteOf(note.text, key, signature)).toBe(published)
  })

  it("is refused when it is none", () => {
    for (const text of [
      "",
      "a\n",
      "a\n\nb\n",
      published.slice(0, -1),
      published.replace("— ", "- "),
      "a\n\n— n AAAA\n",
    ])
      expect([text, parseNote(text)]).toEqual([text, undefined])
    for (const key of ["", peter.replace("c7", "c8"), peter.replace("+ARpc", "+ApRc"), "a b+c74f20a3+AAAA"])
      expect([key, parseVerifierKey(key)]).toEqual([key, undefined])
  })

  it("says nothing by another's key", () => {
    const key = parseVerifierKey(peter)!
    const note = parseNote(published)!
    expect(signatureBy(note, { ...key, name: "Peter" })).toBeUndefined()
    expect(signatureBy(note, { ...key, publicKey: key.publicKey.toReversed() })).toBeUndefined()
  })
})

describe("a checkpoint", () => {
  it("is written and read, signed with the key of RFC 8032, test 1", () => {
    const d = Buffer.from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "hex")
    const x = Buffer.from("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "hex")
    const jwk = { kty: "OKP", crv: "Ed25519", d: d.toString("base64url"), x: x.toString("base64url") }
    const root = fromBase64("u1ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")!
    const checkpoint = { origin: originOf("tenant_1"), size: 17, root, time: "2026-11-22T12:00:00.000Z" }
    const text = checkpointText(checkpoint)
    expect(text).toBe(`edgecrew/audit/tenant_1\n17\n${toBase64(root)}\ntime 2026-11-22T12:00:00.000Z\n`)
    const signature = sign(null, utf8(text), createPrivateKey({ key: jwk, format: "jwk" }))
    const key = { name: originOf("tenant_1"), publicKey: new Uint8Array(x) }
    const note = parseNote(noteOf(text, key, signature))!
    expect(parseCheckpoint(note.text)).toEqual(checkpoint)
    expect(toHex(signatureBy(note, key)!)).toBe(signature.toString("hex"))
  })

  it("is refused when a line is missing, or one too many", () => {
    const text = checkpointText({ origin: "o", size: 1, root: new Uint8Array(32), time: "t" })
    expect(parseCheckpoint(text)).toBeDefined()
    for (const other of [
      text.slice(0, -1),
      `${text}more\n`,
      text.replace("\n1\n", "\n01\n"),
      text.replace("AAA=", "AA=="),
    ])
      expect([other, parseCheckpoint(other)]).toEqual([other, undefined])
  })
})
