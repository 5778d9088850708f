import * as fc from "fast-check"
import { expect, it } from "vitest"
import { bytesOf, type Piece, Utf8Splitter } from "./utf8.ts"

const cutInto = (bytes: Buffer, sizes: readonly number[]): Piece[] => {
  const splitter = new Utf8Splitter()
  const pieces: (Piece | null)[] = []
  let at = 0
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    pieces.push(splitter.push(bytes.subarray(at, at + size)))
    at += size
  }
  pieces.push(splitter.end())
  return pieces.filter((piece) => piece !== null)
}
const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 })

it("[UT1] text stays text, wherever its bytes are cut", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), sizes, (text, cuts) => {
      const pieces = cutInto(Buffer.from(text, "utf8"), cuts)
      expect(pieces.every((piece) => "d" in piece)).toBe(true)
      expect(pieces.map((piece) => ("d" in piece ? piece.d : "")).join("")).toBe(text)
    }),
  )
})

it("[UT2] bytes that are no text come through unchanged", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), sizes, (raw, cuts) => {
      const bytes = Buffer.from(raw)
      expect(Buffer.concat(cutInto(bytes, cuts).map(bytesOf)).equals(bytes)).toBe(true)
    }),
  )
})

it("[UT3] a character that never comes to its end is told as bytes", () => {
  const splitter = new Utf8Splitter()
  expect(splitter.push(Buffer.from([0x61, 0xe2, 0x82]))).toEqual({ d: "a" })
  expect(splitter.end()).toEqual({ b64: "4oI=" })
  expect(splitter.end()).toBeNull()
})

it("[UT4] a byte order mark is output like any other", () => {
  expect(new Utf8Splitter().push(Buffer.from("\ufeffx"))).toEqual({ d: "\ufeffx" })
})
