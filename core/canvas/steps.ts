import { partsOf, together, type Operation, type SingleOperation } from "./operation.ts"
import { spared, type Written } from "./registers.ts"

/** One edit of a step. While the server has not given it its place, its inverse is made anew whenever others come before it. */
export type StepPart = { inverse: Operation | undefined; isPlaced: boolean }

/** What a person did as one: a drag is many edits, and one step. */
export type Step = { parts: StepPart[]; group: string | undefined }

const mostSteps = 500

/** What one person can take back, newest last: their own edits only, and of these only what nobody has worked over since. */
export class Steps {
  private readonly steps: Step[] = []

  get isEmpty(): boolean {
    return !this.steps.some(({ parts }) => parts.some(({ inverse }) => inverse !== undefined))
  }

  /** Adds an edit; one of the same group as the newest step joins it. */
  push(part: StepPart, group?: string): void {
    const top = this.steps.at(-1)
    if (group !== undefined && top?.group === group) top.parts.push(part)
    else this.steps.push({ parts: [part], group })
    if (this.steps.length > mostSteps) this.steps.shift()
  }

  /** Takes the newest step off that still has something to take back. */
  pop(): Operation | undefined {
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      const inverses = step.parts.toReversed().flatMap(({ inverse }) => inverse ?? [])
      const operation = together(withoutOverwritten(inverses.flatMap(partsOf)))
      if (operation) return operation
    }
    return undefined
  }

  /** Nothing joins the newest step any more. */
  close(): void {
    const top = this.steps.at(-1)
    if (top) top.group = undefined
  }

  clear(): void {
    this.steps.length = 0
  }

  drop(part: StepPart): void {
    for (const step of this.steps) step.parts = step.parts.filter((one) => one !== part)
  }

  /** Others have written this: it is no longer taken back. */
  spare(written: Written): void {
    for (const { parts } of this.steps)
      for (const part of parts)
        if (part.isPlaced && part.inverse) part.inverse = spared(part.inverse, written)
  }
}

/** Of many writes of one property only the last one counts: a drag is then taken back by one move. */
function withoutOverwritten(operations: readonly SingleOperation[]): SingleOperation[] {
  const later = new Set<string>()
  const isLast = (register: string): boolean => !later.has(register) && Boolean(later.add(register))
  const kept: SingleOperation[] = []
  for (const one of operations.toReversed()) {
    if (one.type === "move") {
      const moves = one.moves.filter(({ id }) => isLast(id)).toReversed()
      if (moves.length > 0) kept.push({ ...one, moves })
    } else if (one.type !== "set" || isLast(`${one.node} ${one.field}`)) kept.push(one)
    // What comes back or is put elsewhere has its place by that; what is before it still counts.
    if (one.type === "add" || one.type === "nest" || one.type === "remove") later.clear()
  }
  return kept.toReversed()
}
