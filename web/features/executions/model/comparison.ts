import type { debuggingApi, StepDifference } from "#core/contract/debugging"
import type { ReplyOf } from "#core/contract/endpoint"

/** Two executions, compared. */
export type Diff = ReplyOf<typeof debuggingApi.diff>

/** A line of the comparison: the execution as a whole, or a step of it. */
export type ComparedRow = { is: "whole"; change: "same" | "changed" } | { is: "step"; step: StepDifference }

export type Counts = Record<StepDifference["change"], number>

/** How many steps differ, and how. */
export function countChanges(steps: readonly StepDifference[]): Counts {
  const counts: Counts = { same: 0, changed: 0, only_left: 0, only_right: 0 }
  for (const { change } of steps) counts[change]++
  return counts
}

type RowOptions = { only: boolean; words: string; titleOf: (step: StepDifference) => string }

/** What is listed: all of it, or what differs; the whole comes first. */
export function comparedRows(
  steps: readonly StepDifference[],
  differences: StepDifference["differences"],
  { only, words, titleOf }: RowOptions,
): ComparedRow[] {
  const wanted = words.trim().toLowerCase()
  const found = steps.filter(
    (step) =>
      !(only && step.change === "same") &&
      (wanted === "" ||
        step.key.toLowerCase().includes(wanted) ||
        titleOf(step).toLowerCase().includes(wanted) ||
        step.differences.some(({ path }) => path.toLowerCase().includes(wanted))),
  )
  const whole: ComparedRow[] =
    wanted !== "" || (only && differences.length === 0)
      ? []
      : [{ is: "whole", change: differences.length > 0 ? "changed" : "same" }]
  return [...whole, ...found.map((step): ComparedRow => ({ is: "step", step }))]
}

export const keyOfRow = (row: ComparedRow): string => (row.is === "whole" ? "" : row.step.key)

export const changeOfRow = (row: ComparedRow): StepDifference["change"] =>
  row.is === "whole" ? row.change : row.step.change

/** The next row that differs, in one direction; the same place when there is none. */
export function nextDifference(rows: readonly ComparedRow[], from: number, step: 1 | -1): number {
  for (let at = from + step; at >= 0 && at < rows.length; at += step)
    if (changeOfRow(rows[at]!) !== "same") return at
  return from
}

/** "+1.2 s", "−$0.01", or nothing where both are alike. */
export function sayDelta(left: number | null, right: number | null, say: (size: number) => string): string {
  if (left === null || right === null || left === right) return ""
  return `${right > left ? "+" : "−"}${say(Math.abs(right - left))}`
}
