import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Malformed, Reader, Writer } from "./bytes.ts"
import { readOperation, writeOperation } from "./codec.ts"
import { readDown, readUp, writeDown, writeTold, writeUp } from "./frame.ts"
import { Operation } from "./operation.ts"
import { Refs } from "./refs.ts"
import { anyOperation } from "#test/kit/canvas/any"
import { fromUtf8, toUtf8 } from "./utf8.ts"

const ids = Array.from({ length: 500 }, (_, i) => `node_${i}`)

const coded = (operation: Operation, refs = new Refs(ids)): Uint8Array => {
  const to = new Writer()
  writeOperation(to, operation, refs)
  return to.done()
}

describe("an operation in bytes", () => {
  it("is the same operation when it is read", () => {
    fc.assert(
      fc.property(anyOperation(ids.slice(0, 20)), (operation) => {
        const parsed = Operation.parse(operation)
        const refs = new Refs(ids.slice(0, 10))
        const read = readOperation(new Reader(coded(parsed, refs)), refs)
        expect(Operation.parse(read)).toEqual(parsed)
      }),
    )
  })

  it("takes 25 bytes at most where people drag and write short values, with all that goes with it", () => {
    const refs = new Refs(ids)
    const edits = Array.from({ length: 200 }, (_, i): { counter: number; operation: Operation } => ({
      counter: 5_000 + i,
      operation:
        i % 5 === 0
          ? { type: "set", node: ids[(i * 7) % 500]!, field: "label", value: "Summarise" }
          : { type: "move", moves: [{ id: ids[(i * 13) % 500]!, x: i * 24.5, y: -i * 8 }] },
    }))
    const up = edits.map((edit) => writeUp({ edits: [edit] }, refs).length)
    const down = edits.map(({ counter, operation }) => {
      const to = new Writer()
      writeTold(to, { client: 250, counter, operation }, refs)
      return writeDown(100_000, 1, to.done(), []).length
    })
    const mean = (list: number[]) => list.reduce((sum, one) => sum + one, 0) / list.length
    // A client's frame has 6 bytes of WebSocket around it, a server's 2.
    expect(mean(up) + 6).toBeLessThanOrEqual(25)
    expect(mean(down) + 2).toBeLessThanOrEqual(25)
  })

  it("is refused when it is cut off anywhere, and nothing else breaks", () => {
    const bytes = coded({ type: "nest", moves: [{ id: "node_1", parent_id: "strange", x: 0.1, y: 2 }] })
    for (let length = 0; length < bytes.length; length++)
      expect(() => readOperation(new Reader(bytes.subarray(0, length)), new Refs(ids))).toThrow(Malformed)
  })

  it("that nobody could mean is refused, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const refs = new Refs(ids)
        try {
          readUp(bytes, refs)
        } catch (error) {
          expect(error).toBeInstanceOf(Malformed)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})

describe("a frame", () => {
  it("with an edit that cannot be read still has those beside it", () => {
    const refs = new Refs(ids)
    const move = (x: number): Operation => ({ type: "move", moves: [{ id: "node_3", x, y: 0 }] })
    const bytes = writeUp({ edits: [1, 2, 3].map((n) => ({ counter: n, operation: move(n) })) }, refs)
    const broken = bytes.slice()
    // The flags, how many, then for each edit a step, its length and itself: the second one's code becomes one that there is not.
    const length = bytes[3]!
    broken[4 + length + 2] = 99
    const { edits } = readUp(broken, refs)
    expect(edits.map(({ counter, operation }) => [counter, operation === undefined])).toEqual([
      [1, false],
      [2, true],
      [3, false],
    ])
  })

  it("tells edits in their places and who is where", () => {
    const refs = new Refs(["a"])
    const edits = new Writer()
    const add: Operation = {
      type: "add",
      nodes: [{ id: "b", type: "note", position: { x: 0, y: 0 }, data: {} }],
      edges: [],
    }
    writeTold(edits, { client: 4, counter: 9, operation: add }, refs)
    refs.note(add)
    const move: Operation = { type: "move", moves: [{ id: "b", x: 1, y: 2 }] }
    writeTold(edits, { client: 5, counter: 1, operation: move }, refs)
    const presence = readUp(
      writeUp({ edits: [], presence: { cursor: { x: 3, y: 4 } } }, refs),
      refs,
    ).presence!
    const frame = writeDown(17, 2, edits.done(), [{ client: 5, bytes: [presence.bytes] }])
    const theirs = new Refs(["a"])
    expect(readDown(frame, theirs)).toEqual({
      first: 17,
      edits: [
        { client: 4, counter: 9, operation: add },
        { client: 5, counter: 1, operation: move },
      ],
      people: [{ client: 5, presence: { cursor: { x: 3, y: 4 } } }],
    })
    expect(theirs.numberOf("b")).toBe(1)
  })
})

describe("UTF-8 by hand", () => {
  it("is what everybody else's is", () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 30 })
          .map((units) => String.fromCharCode(...units)),
        (text) => {
          expect([...toUtf8(text)]).toEqual([...new TextEncoder().encode(text)])
          expect(fromUtf8(new TextEncoder().encode(text))).toBe(text.toWellFormed())
        },
      ),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        let expected: string | undefined
        try {
          expected = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
        } catch {
          expected = undefined
        }
        expect(fromUtf8(bytes)).toBe(expected)
      }),
      { numRuns: 1_000 },
    )
  })
})
