import type { Budget } from "#core/contract/budgets"

export type Point = { x: number; y: number }

/** The lines of a burn-down, each coordinate from 0 to 1; y grows downwards, 0 is the whole limit and 1 is nothing left. */
export type BurnDown = {
  /** What was left, from the beginning until now. */
  left: Point[]
  /** What will be left if it goes on like that. */
  ahead: Point[]
  now: number
}

const between = (n: number): number => Math.min(1, Math.max(0, n))

/** Undefined for budgets that no time runs against. */
export function burnDownOf({ state, limit_micros }: Budget, now: number): BurnDown | undefined {
  if (!state?.began_at || !state.resets_at || limit_micros === 0) return undefined
  const [from, until] = [Date.parse(state.began_at), Date.parse(state.resets_at)]
  const x = (at: number): number => between((at - from) / (until - from))
  const y = (spent: number): number => between(spent / limit_micros)
  let spent = 0
  const left: Point[] = [{ x: 0, y: 0 }]
  for (const point of state.points) {
    const at = Date.parse(point.at)
    left.push({ x: x(at), y: y(spent) })
    spent += point.spent_micros
    left.push({ x: Math.min(x(at + 3_600_000), x(now)), y: y(spent) })
  }
  const here = { x: x(now), y: y(state.spent_micros) }
  left.push(here)
  const exhausted = state.forecast?.exhausted_at
  const ahead = exhausted
    ? [here, { x: x(Date.parse(exhausted)), y: 1 }]
    : [here, { x: 1, y: y(state.forecast?.at_end_micros ?? state.spent_micros) }]
  return { left, ahead, now: here.x }
}
