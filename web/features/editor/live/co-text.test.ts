import { expect, it } from "vitest"
import * as Y from "yjs"
import { spliced } from "#core/canvas/delta"
import { shifted } from "../model/shifted.ts"
import { CoText } from "./co-text.ts"

/** People who write one text; what they say reaches the others when the line lets it through. */
function people(start: string) {
  const first = new Y.Doc()
  first.getText("text").insert(0, start)
  const state = Y.encodeStateAsUpdate(first)
  const waiting: { by: number; update: Uint8Array }[] = []
  const all: CoText[] = []
  const join = (): CoText => {
    const number = all.length
    const one = new CoText(
      1,
      state,
      (update) => waiting.push({ by: number, update }),
      () => undefined,
    )
    all.push(one)
    return one
  }
  const meet = () => {
    for (const { by, update } of waiting.splice(0))
      for (const [i, one] of all.entries()) if (i !== by) one.take(update)
  }
  return { join, meet }
}

it("merges what two write at once, also when one of them was away", () => {
  const { join, meet } = people("Say hello")
  const [ada, ben] = [join(), join()]
  ada.write("Please. Say hello")
  ben.write("Say hello, and be kind")
  ben.write("Say hello, and be very kind")
  expect([ada.value, ben.value]).toEqual(["Please. Say hello", "Say hello, and be very kind"])
  meet()
  expect(ada.value).toBe("Please. Say hello, and be very kind")
  expect(ben.value).toBe(ada.value)
})

it("takes back one's own typing and leaves the other's", () => {
  const { join, meet } = people("one two")
  const [ada, ben] = [join(), join()]
  ada.write("one and two")
  meet()
  ben.write("one and two three")
  meet()
  expect(ada.undo()).toBe(true)
  meet()
  expect([ada.value, ben.value]).toEqual(["one two three", "one two three"])
  expect(ada.undo()).toBe(false)
  expect(ada.redo()).toBe(true)
  meet()
  expect(ben.value).toBe("one and two three")
})

it("tells what came in as a change of what was there, and marks places that move with it", () => {
  const { join, meet } = people("ab")
  const [ada, ben] = [join(), join()]
  let shown = ada.value
  const owns: boolean[] = []
  ada.follow(({ delta, isOwn }) => {
    shown = spliced(shown, delta)
    owns.push(isOwn)
  })
  const mark = ada.markAt(1)
  ben.write("x😀ab")
  meet()
  ada.write("x😀aba")
  expect([shown, owns]).toEqual([ada.value, [false, true]])
  expect(ada.offsetOf(mark)).toBe(4)
  expect(ada.offsetOf(new Uint8Array([9, 9, 9]))).toBeUndefined()
})

it("moves a caret with the words around it", () => {
  expect(shifted(3, ["ab"])).toBe(5)
  expect(shifted(3, [3, "ab"])).toBe(3)
  expect(shifted(3, [1, -4])).toBe(1)
  expect(shifted(3, [5, -2])).toBe(3)
  expect(shifted(3, [1, -1, "xyz"])).toBe(5)
})
