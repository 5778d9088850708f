import { apply } from "#core/canvas/apply"
import { canvasOf, draftOf, stateOf, type Canvas } from "#core/canvas/canvas"
import { operationBetween } from "#core/canvas/diff"
import type { Operation } from "#core/canvas/operation"
import { spared, writtenBy } from "#core/canvas/registers"
import type { FlowDraft } from "#core/contract/flows"
import type { Stepping } from "./trail.ts"

type Desk = {
  canvas: () => Canvas
  /** Answers whether it was taken. */
  edit: (operation: Operation) => boolean
}

/**
 * One state of the draft that the server has put in another's place for this person, as a step of theirs: taken back, what differs
 * between the two is undone, and what others have done since stays.
 */
export function replaced(was: FlowDraft, is: FlowDraft, { canvas, edit }: Desk): Stepping {
  const differs = operationBetween(was, is) !== undefined
  let isDone = true
  const turn = (from: FlowDraft, to: FlowDraft): boolean => {
    const difference = operationBetween(from, to)
    if (!difference) return false
    const now = canvas()
    const copy = canvasOf(stateOf(now))
    apply(copy, difference)
    const whole = operationBetween(draftOf(now), draftOf(copy))
    const since = operationBetween(from, draftOf(now))
    const operation = whole && since ? spared(whole, writtenBy(since, now.nodes)) : whole
    if (!operation || !edit(operation)) return false
    isDone = to === is
    return true
  }
  return {
    undo: () => isDone && turn(is, was),
    redo: () => !isDone && turn(was, is),
    get canUndo() {
      return differs && isDone
    },
    get canRedo() {
      return differs && !isDone
    },
  }
}
