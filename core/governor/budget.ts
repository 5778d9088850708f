import type { Micros } from "#core/money"

/** What a budget holds together. `execution` holds each execution by itself, of one flow where it names one. */
export const budgetScopes = ["tenant", "provider", "crew", "agent", "execution"] as const
export type BudgetScope = (typeof budgetScopes)[number]

/** How long a budget counts before it begins anew, in UTC; `execution` for as long as one execution takes. */
export const budgetPeriods = ["day", "month", "execution"] as const
export type BudgetPeriod = (typeof budgetPeriods)[number]

/** `hard` refuses what does not fit; `soft` only tells of it. */
export const budgetModes = ["hard", "soft"] as const
export type BudgetMode = (typeof budgetModes)[number]

/** The most that a budget may be, and any amount that is held or spent at once: a thousand million dollars. */
export const mostMicros: Micros = 1_000_000_000_000_000

/** The parts of a limit, in per cent, at which somebody is told. */
export const alertSteps = [50, 80, 100] as const
export type AlertStep = (typeof alertSteps)[number]

/** A budget as the ledger knows it. */
export type Budget = {
  id: string
  name: string
  scope: BudgetScope
  /** What it is of: a provider, a crew, an agent, or a flow for `execution`; null where the scope says enough. */
  target_id: string | null
  limit_micros: Micros
  period: BudgetPeriod
  mode: BudgetMode
  /** Counts up with every change, so that a late word of an older one is not taken for news. */
  version: number
}

/** What a call is for: every budget that one of these belongs to must bear it. */
export type SpendPath = {
  provider_id?: string | undefined
  crew_id?: string | undefined
  agent_id?: string | undefined
  flow_id?: string | undefined
  execution_id?: string | undefined
}

const targets: Record<BudgetScope, (path: SpendPath) => string | null | undefined> = {
  tenant: () => null,
  provider: (path) => path.provider_id,
  crew: (path) => path.crew_id,
  agent: (path) => path.agent_id,
  execution: (path) => path.flow_id,
}

/** Whether a budget bears what is spent for a path. */
export function bears({ scope, target_id }: Budget, path: SpendPath): boolean {
  if (scope === "execution" && path.execution_id === undefined) return false
  if (scope === "execution" && target_id === null) return true
  return targets[scope](path) === target_id
}

const order = new Map(budgetScopes.map((scope, i) => [scope, i]))

/** The budgets that bear a path, from the root of the tree to its leaves. */
export const pathOf = (budgets: readonly Budget[], path: SpendPath): Budget[] =>
  budgets.filter((one) => bears(one, path)).sort((a, b) => order.get(a.scope)! - order.get(b.scope)!)
