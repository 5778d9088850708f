/** Undo and redo over immutable snapshots; unchanged parts are shared between them, so a step costs what it changed. */
export type History<T> = {
  past: readonly T[]
  present: T
  future: readonly T[]
  /** What the last change was about, and when: changes that follow with the same tag join it. */
  last: { tag: string; at: number } | null
}

const mostSteps = 200
/** Keystrokes in one field within this time undo together. */
const joinsWithinMs = 1_000

export const begin = <T>(present: T): History<T> => ({ past: [], present, future: [], last: null })

/** A new present. Without a tag each change is a step of its own. */
export function change<T>(history: History<T>, next: T, about: { tag?: string; at: number }): History<T> {
  if (Object.is(next, history.present)) return history
  const last = about.tag === undefined ? null : { tag: about.tag, at: about.at }
  const joins =
    last !== null &&
    history.past.length > 0 &&
    history.last?.tag === last.tag &&
    last.at - history.last.at <= joinsWithinMs
  const past = joins ? history.past : [...history.past, history.present].slice(-mostSteps)
  return { past, present: next, future: [], last }
}

export function undo<T>(history: History<T>): History<T> {
  const previous = history.past.at(-1)
  if (previous === undefined) return history
  return {
    past: history.past.slice(0, -1),
    present: previous,
    future: [history.present, ...history.future],
    last: null,
  }
}

export function redo<T>(history: History<T>): History<T> {
  const next = history.future[0]
  if (next === undefined) return history
  return {
    past: [...history.past, history.present],
    present: next,
    future: history.future.slice(1),
    last: null,
  }
}

export const canUndo = (history: History<unknown>): boolean => history.past.length > 0
export const canRedo = (history: History<unknown>): boolean => history.future.length > 0
