import { expect, it } from "vitest"
import { Trail, type Stepping } from "./trail.ts"

function thing(steps: number): Stepping & { at: number; spare(): void } {
  let [at, most] = [steps, steps]
  return {
    get at() {
      return at
    },
    get canUndo() {
      return at > 0
    },
    get canRedo() {
      return at < most
    },
    undo: () => at > 0 && (at -= 1) >= 0,
    redo: () => at < most && Boolean((at += 1)),
    spare: () => ([at, most] = [0, 0]),
  }
}

it("takes back the last of all, and does it again, in the order in which they were done", () => {
  const [canvas, text] = [thing(2), thing(1)]
  const trail = new Trail(canvas)
  trail.did()
  trail.did(text)
  trail.did()
  trail.undo()
  expect([canvas.at, text.at]).toEqual([1, 1])
  trail.undo()
  expect([canvas.at, text.at]).toEqual([1, 0])
  trail.redo()
  trail.redo()
  expect([canvas.at, text.at]).toEqual([2, 1])
  expect(trail.canRedo).toBe(false)
})

it("passes over what others have written over, and over what was taken back in its own field", () => {
  const [canvas, text] = [thing(1), thing(1)]
  const trail = new Trail(canvas)
  trail.did()
  trail.did(text)
  text.undo()
  trail.wentBack(text)
  trail.undo()
  expect(canvas.at).toBe(0)
  trail.redo()
  trail.redo()
  expect([canvas.at, text.at]).toEqual([1, 1])
  text.spare()
  trail.undo()
  expect([canvas.at, trail.canUndo]).toEqual([0, false])
})
