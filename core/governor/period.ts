import type { Budget, BudgetPeriod, SpendPath } from "./budget.ts"

export type Span = {
  /** `2026-11-22`, `2026-11`, or an execution's id. */
  name: string
  /** In ms since 1970; an execution's has no end that is known before. */
  from: number
  until: number | undefined
}

/** The day or month, in UTC, that a time falls into. */
export function spanAt(period: Exclude<BudgetPeriod, "execution">, at: number): Span {
  const [year, month, day] = utc(at)
  return period === "day"
    ? { name: dayName(at), from: Date.UTC(year, month, day), until: Date.UTC(year, month, day + 1) }
    : { name: dayName(at).slice(0, 7), from: Date.UTC(year, month, 1), until: Date.UTC(year, month + 1, 1) }
}

const utc = (at: number): [number, number, number] => {
  const date = new Date(at)
  return [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
}

const dayName = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** In which of a budget's accounts something is entered that is spent at a time. */
export const accountAt = ({ period }: Pick<Budget, "period">, path: SpendPath, at: number): string =>
  period === "execution" ? path.execution_id! : spanAt(period, at).name
