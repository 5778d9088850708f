import type { Budget } from "#core/contract/budgets"
import { formatMicros } from "#core/money"
import { cn } from "#web/ui/cn.ts"
import { useNow } from "#web/ui/use-now.ts"
import { burnDownOf, type Point } from "./burn-down-line.ts"
import { healthOf, sayForecast, type Health } from "./model.ts"

const pathOf = (points: readonly Point[]): string =>
  points
    .map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${(x * 100).toFixed(2)} ${(y * 100).toFixed(2)}`)
    .join("")

const tones: Record<Health, string> = {
  calm: "text-succeeded",
  near: "text-waiting",
  full: "text-failed",
  unknown: "text-muted",
}

/**
 * What is left of a budget as its period goes by: the whole line is what was, the broken one what will be, and the dotted one what an
 * even pace would be. Small, it stands in a row; large, in the budget's own view.
 */
export function BurnDown({ budget, large = false }: { budget: Budget; large?: boolean }) {
  const now = useNow(60_000)
  const lines = burnDownOf(budget, now)
  if (!lines) return large ? null : <span className="text-muted">–</span>
  const { state } = budget
  const said = `${formatMicros(state?.left_micros ?? 0)} of ${formatMicros(budget.limit_micros)} left. ${sayForecast(budget) ?? ""}`
  return (
    <svg
      role="img"
      aria-label={said}
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      className={cn("block w-full overflow-visible", large ? "h-40" : "h-5", tones[healthOf(budget)])}
    >
      {large &&
        [0, 0.5, 1].map((y) => <Line key={y} d={`M0 ${y * 100}L100 ${y * 100}`} className="text-line" />)}
      <Line d="M0 0L100 100" className="text-muted" dash="1 4" />
      {large && <Line d={`M${lines.now * 100} 0L${lines.now * 100} 100`} className="text-line-strong" />}
      <path d={`${pathOf(lines.left)}L${lines.now * 100} 100L0 100Z`} className="fill-current opacity-10" />
      <Line d={pathOf(lines.left)} width={large ? 2 : 1.5} />
      <Line d={pathOf(lines.ahead)} dash="4 3" width={large ? 2 : 1.5} />
    </svg>
  )
}

type LineProps = { d: string; className?: string; dash?: string; width?: number }

const Line = ({ d, className, dash, width = 1 }: LineProps) => (
  <path
    d={d}
    fill="none"
    stroke="currentColor"
    strokeWidth={width}
    strokeDasharray={dash}
    strokeLinejoin="round"
    vectorEffect="non-scaling-stroke"
    className={className}
  />
)
