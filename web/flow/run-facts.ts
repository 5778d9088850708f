import type { NodeState, Progress } from "#core/execution/state"
import { formatMicros } from "#core/money"
import { sayDuration } from "#web/ui/relative-time.tsx"
import type { StepCounts } from "./step-index.ts"

const number = (count: number): string => count.toLocaleString("en")

const tookOf = ({ started_at: began, finished_at: ended }: NodeState): string | false =>
  began !== undefined && ended !== undefined && sayDuration(Date.parse(ended) - Date.parse(began))

const tokensOf = ({ usage }: NodeState): number => (usage ? usage.input_tokens + usage.output_tokens : 0)

/** How many turns an agent has had, and that a crew is one body, says nothing about how far they have come. */
export const withoutTurns = (node: { type: string } | undefined, run: NodeState): NodeState =>
  node?.type === "agent" || node?.type === "crew" ? { ...run, progress: undefined } : run

/** "37 of 100, 2 failed": how far a map or loop has come. */
export function sayProgress({ total, closed, failed }: Progress): string {
  const done = total === undefined ? number(closed) : `${number(closed)} of ${number(total)}`
  return failed > 0 ? `${done}, ${number(failed)} failed` : done
}

/** "1.2 s · 412 tokens · $0.001273": what a step took, as far as it is known. */
export function factsOf(run: NodeState): string {
  if (run.status === "skipped") return "Skipped"
  const tokens = tokensOf(run)
  return [
    run.progress && sayProgress(run.progress),
    tookOf(run),
    tokens > 0 && `${number(tokens)} tokens`,
    run.cost_micros > 0 && formatMicros(run.cost_micros),
  ]
    .filter(Boolean)
    .join(" · ")
}

/** The same in the width of a node: a ten-thousandth of a dollar is exact enough there. With `counts`, of all its iterations. */
export function briefFactsOf(run: NodeState, counts: StepCounts | undefined): string {
  if (!counts && run.status === "skipped") return "Skipped"
  const tokens = tokensOf(run)
  const dollars = run.cost_micros / 1_000_000
  return [
    counts && sayTally(counts),
    run.progress && sayProgress(run.progress),
    run.http?.status !== undefined && String(run.http.status),
    !counts && tookOf(run),
    tokens > 0 && `${number(tokens)} tok`,
    run.cost_micros > 0 && (dollars < 0.0001 ? "< $0.0001" : `$${dollars.toFixed(dollars < 1 ? 4 : 2)}`),
  ]
    .filter(Boolean)
    .join(" · ")
}

/** "37 times, 2 failed", or "12 of 37" while it goes on. Iterations that went another way do not count. */
function sayTally(counts: StepCounts): string {
  const { succeeded = 0, skipped = 0, failed = 0, cancelled = 0 } = counts
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0) - skipped
  if (all === 0) return "Skipped"
  const ended = succeeded + failed + cancelled
  const times =
    ended === all ? `${number(all)} ${all === 1 ? "time" : "times"}` : `${number(ended)} of ${number(all)}`
  return failed > 0 ? `${times}, ${number(failed)} failed` : times
}
