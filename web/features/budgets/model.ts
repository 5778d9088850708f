import type { Budget } from "#core/contract/budgets"
import type { BudgetScope } from "#core/governor/budget"
import { formatMicros } from "#core/money"

export const scopes = {
  tenant: { label: "Everything", help: "All that this workspace spends on models." },
  provider: { label: "Model provider", help: "What calls at one provider cost." },
  crew: { label: "Crew", help: "What a crew's members spend, wherever it works." },
  agent: { label: "Agent", help: "What an agent spends, in crews as well." },
  execution: { label: "Each execution", help: "Every execution has the whole amount for itself." },
} as const satisfies Record<BudgetScope, { label: string; help: string }>

const order = Object.keys(scopes)

/** Root first, then its branches, those that are nearest to their ends on top. */
export const inTree = (budgets: readonly Budget[]): Budget[] =>
  budgets.toSorted((a, b) => order.indexOf(a.scope) - order.indexOf(b.scope) || shareOf(b) - shareOf(a))

export const depthOf = ({ scope }: Budget): 0 | 1 => (scope === "tenant" ? 0 : 1)

/** What of it a budget is, in words. */
export function targetOf({ scope, target_id, target_name }: Budget): string {
  if (target_id === null) return scopes[scope].label
  const name = target_name ?? "deleted"
  return scope === "execution" ? `Each execution of ${name}` : `${scopes[scope].label} ${name}`
}

/** How much of a budget is spent, from 0; without a limit, all of it as soon as anything is. */
export function shareOf({ limit_micros, state }: Budget): number {
  const spent = state?.spent_micros ?? 0
  if (limit_micros === 0) return spent > 0 ? 1 : 0
  return spent / limit_micros
}

/** "42 %": never rounded up to what is not reached. */
export const sayShare = (share: number): string => `${Math.floor(share * 100)} %`

export type Health = "calm" | "near" | "full" | "unknown"

export function healthOf(budget: Budget): Health {
  const { state } = budget
  if (!state) return "unknown"
  if (shareOf(budget) >= 1 || state.refused > 0) return "full"
  return shareOf(budget) >= 0.8 || state.forecast?.exhausted_at ? "near" : "calm"
}

const perWords = { day: "a day", month: "a month", execution: "an execution" } as const

export const sayLimit = ({ limit_micros, period }: Pick<Budget, "limit_micros" | "period">): string =>
  `${formatMicros(limit_micros)} ${perWords[period]}`

const dayTime = new Intl.DateTimeFormat("en", {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZone: "UTC",
})

/** "Nov 22, 14:00 UTC". */
export const sayTime = (at: string): string => `${dayTime.format(new Date(at))} UTC`

/** What is to be expected of a budget, in a sentence; undefined where nothing can be said. */
export function sayForecast({ state, limit_micros }: Budget): string | undefined {
  if (!state?.forecast) return undefined
  const { at_end_micros, exhausted_at } = state.forecast
  if (state.spent_micros >= limit_micros && state.spent_micros > 0) return "Spent"
  if (exhausted_at) return `Spent by ${sayTime(exhausted_at)}`
  return `${formatMicros(at_end_micros)} at the end`
}

export const dollarsOf = (micros: number): number => micros / 1_000_000
export const microsOf = (dollars: number | undefined): number | undefined =>
  dollars === undefined ? undefined : Math.round(dollars * 1_000_000)

/** Addresses in a text, one a line or with commas between. */
export const addressesIn = (text: string): string[] =>
  text
    .split(/[\s,;]+/)
    .map((one) => one.trim())
    .filter(Boolean)
