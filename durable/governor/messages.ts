import type { Budget, SpendPath } from "#core/governor/budget"
import type { Grant, RatePolicy } from "#core/governor/gcra"
import type { Account } from "#core/governor/ledger"
import type { Micros } from "#core/money"
import type { KeptAlert } from "./alerts.ts"
import type { Spending } from "./store.ts"

/** A tenant's budgets as its database has them. The revision counts up with every change of any. */
export type Book = { revision: number; budgets: Budget[] }

/** An amount to be held until it is known what a call has cost. */
export type Hold = {
  id: string
  amount: Micros
  path: SpendPath
  /** After so long it is given back unsettled. */
  ttl_ms: number
}

export type LeaseAsk = { key: string; policy: RatePolicy; want: number }
export type LeaseGrant = Grant

/** How a budget stands. */
export type Standing = {
  budget_id: string
  /** The period that it is in; of an execution's budget, the dearest execution that is remembered. */
  account: Account
  spending: Spending[]
  /** How many executions are remembered. */
  accounts: number
}

export type History = { accounts: Account[]; alerts: KeptAlert[] }
