import { createHash, createHmac, randomBytes } from "node:crypto"
import { describe, expect, it } from "vitest"
import { fromBase64, fromHex, toBase64, toHex, utf8 } from "./bytes.ts"
import { hmacSha256, sha256 } from "./sha256.ts"

describe("SHA-256", () => {
  it.each([
    // FIPS 180-4's examples (NIST CSRC, SHA256.pdf) and the long message of RFC 6234.
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
    ["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
  ])("of the published messages", (message, digest) => {
    expect(toHex(sha256(utf8(message)))).toBe(digest)
  })

  it("is the platform's at every length around its blocks", () => {
    for (let length = 0; length < 200; length++) {
      const bytes = randomBytes(length)
      expect(toHex(sha256(bytes))).toBe(createHash("sha256").update(bytes).digest("hex"))
    }
  })
})

describe("HMAC-SHA256", () => {
  it.each([
    // RFC 4231, test cases 1, 2, 3, 4 and 6.
    [
      "0b".repeat(20),
      toHex(utf8("Hi There")),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ],
    [
      toHex(utf8("Jefe")),
      toHex(utf8("what do ya want for nothing?")),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    ["aa".repeat(20), "dd".repeat(50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"],
    [
      "0102030405060708090a0b0c0d0e0f10111213141516171819",
      "cd".repeat(50),
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
    ],
    [
      "aa".repeat(131),
      toHex(utf8("Test Using Larger Than Block-Size Key - Hash Key First")),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ],
  ])("of the published keys and messages", (key, message, mac) => {
    expect(toHex(hmacSha256(fromHex(key)!, fromHex(message)!))).toBe(mac)
  })

  it("is the platform's", () => {
    for (const length of [0, 1, 63, 64, 65, 500]) {
      const [key, message] = [randomBytes(32), randomBytes(length)]
      expect(toHex(hmacSha256(key, message))).toBe(createHmac("sha256", key).update(message).digest("hex"))
    }
  })
})

describe("bytes", () => {
  it("are spelled as the platform spells them", () => {
    for (let length = 0; length < 70; length++) {
      const bytes = new Uint8Array(randomBytes(length))
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"))
      expect(fromBase64(toBase64(bytes))).toEqual(bytes)
      expect(fromHex(toHex(bytes))).toEqual(bytes)
    }
    for (const text of ["", "abc", "Grüße", "€", "😀", "a\ud800b", "\udc00"])
      expect(utf8(text)).toEqual(new TextEncoder().encode(text))
  })

  it("have one spelling", () => {
    for (const text of ["A", "AA", "AA=", "AB==", "AAB=", "A===", "A\n==", "AA==AA=="])
      expect([text, fromBase64(text)]).toEqual([text, undefined])
    for (const text of ["0", "0G", "AB", " 00"]) expect([text, fromHex(text)]).toEqual([text, undefined])
  })
})
