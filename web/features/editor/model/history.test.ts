import * as fc from "fast-check"
import { expect, it } from "vitest"
import { begin, canRedo, canUndo, change, redo, undo, type History } from "./history.ts"

const step = (history: History<number>, next: number, at: number, tag?: string) =>
  change(history, next, { at, ...(tag === undefined ? {} : { tag }) })

it("goes back and forth over what was done", () => {
  const done = step(step(begin(0), 1, 0), 2, 10)
  expect(undo(done).present).toBe(1)
  expect(undo(undo(done)).present).toBe(0)
  expect(redo(undo(undo(done))).present).toBe(1)
  expect(redo(redo(undo(undo(done)))).present).toBe(2)
})

it("forgets what was undone once something else is done", () => {
  const changed = step(undo(step(begin(0), 1, 0)), 5, 10)
  expect(canRedo(changed)).toBe(false)
  expect(undo(changed).present).toBe(0)
})

it("takes a burst of typing in one field back at once, and not what came before", () => {
  let history = step(begin(0), 1, 0)
  for (const [i, value] of [2, 3, 4].entries()) history = step(history, value, 100 + i * 300, "prompt")
  expect(undo(history).present).toBe(1)
})

it("parts typing after a pause, in another field, and after an undo", () => {
  const pause = step(step(begin(0), 1, 0, "prompt"), 2, 1_500, "prompt")
  expect(undo(pause).present).toBe(1)
  const other = step(step(begin(0), 1, 0, "prompt"), 2, 100, "system")
  expect(undo(other).present).toBe(1)
  const undone = undo(step(step(begin(0), 1, 0), 2, 50, "prompt"))
  expect(undo(step(undone, 3, 100, "prompt")).present).toBe(1)
})

it("is no step when nothing changed", () => {
  const history = begin(7)
  expect(step(history, 7, 0)).toBe(history)
  expect(canUndo(history)).toBe(false)
  expect(undo(history)).toBe(history)
  expect(redo(history)).toBe(history)
})

it("keeps the last 200 steps", () => {
  let history = begin(0)
  for (let i = 1; i <= 500; i++) history = step(history, i, i * 10_000)
  for (let i = 0; i < 1_000 && canUndo(history); i++) history = undo(history)
  expect(history.present).toBe(300)
})

it("comes back to the same present after as many redos as undos", () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 30 }), fc.nat(30), (values, back) => {
      const done = values.reduce((history, value, i) => step(history, value, i * 10_000), begin(-1))
      let history = done
      let steps = 0
      for (; steps < back && canUndo(history); steps++) history = undo(history)
      for (; steps > 0; steps--) history = redo(history)
      expect(history.present).toBe(done.present)
      expect(history.past).toEqual(done.past)
    }),
  )
})
