import type { Budget, SpendPath } from "#core/governor/budget"
import type { Grant, RatePolicy } from "#core/governor/gcra"
import type { Account } from "#core/governor/ledger"
import type { Head } from "#core/governor/queue"
import type { Quotas } from "#core/governor/quota"
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

/** The limits that lanes keep together. */
export type EntryLimits = Pick<Quotas, "executions_per_day" | "concurrent_executions" | "waiting_executions">

/** Executions of a day that a lane may still begin, and does not. */
export type LeftOver = {
  /** What they were given by. Whoever hears no answer gives them back again, and they are taken back once. */
  grant: number
  day: string
  begins: number
}

/** A lane wants to begin executions, or has some that wait for a place. */
export type EntryAsk = {
  lane: string
  limits: EntryLimits
  /** Given back. */
  left: LeftOver | undefined
  /** How many executions the lane has under way. */
  open: number
  /** How many it wants to take in. */
  wanted: number
  /** How many wait there already. */
  waiting: number
  /** Who is next of those. */
  head: Head | undefined
  /** Whether those that are wanted may wait. */
  may_wait: boolean
}

/** What a lane may do without asking again. */
export type Entered = {
  /** Counts what a lane was given. */
  grant: number
  day: string
  /** After so long it asks anew. */
  for_ms: number
  /** So many executions more may be taken in. */
  begins: number
  /** So many may be under way at once, with those that are already. */
  places: number
  /** So many of those that are taken in may wait for a place. */
  waits: number
}

/** What is used of the quotas that a governor counts. */
export type QuotaUse = Record<keyof EntryLimits | "tokens_per_day", number>

/** Tokens that are held for one call. */
export type TokenHold = { id: string; amount: number; limit: number; ttl_ms: number }
