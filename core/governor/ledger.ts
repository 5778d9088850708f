import { formatMicros, type Micros } from "#core/money"
import { alertSteps, mostMicros, pathOf, type AlertStep, type Budget, type SpendPath } from "./budget.ts"
import { accountAt, spanAt } from "./period.ts"

/** What stands in one budget's account of one period. Whole micro-USD; never below zero. */
export type Account = {
  budget_id: string
  account: string
  spent: Micros
  reserved: Micros
  /** The highest step that has been told of. */
  alerted: 0 | AlertStep
  /** Calls that were refused. */
  refused: number
}

/** An amount that is held on every account of a path until it is known what was spent. */
export type Reservation = {
  id: string
  amount: Micros
  accounts: { budget_id: string; account: string }[]
  /** In ms since 1970; afterwards it is given back. */
  expires: number
  /** What it came to: `open` holds its amount, the others hold nothing any more. */
  state: "open" | "settled" | "expired"
}

/** Where a ledger is kept. All of it is synchronous: between a look and an entry nobody else comes. */
export interface Books {
  budgets(): readonly Budget[]
  account(budgetId: string, account: string): Account | undefined
  keepAccount(account: Account): void
  reservation(id: string): Reservation | undefined
  keepReservation(reservation: Reservation): void
  /** The open reservations whose time is over. */
  overdue(now: number): readonly Reservation[]
}

/** Somebody is to be told that a budget has come to a step of its limit, or that it refused a call for the first time in a period. */
export type Alert = {
  budget: Budget
  account: string
  kind: "threshold" | "refused"
  percent: AlertStep
  spent: Micros
}

export type Refusal = {
  budget: Budget
  /** What is left of it beside what others hold. */
  left: Micros
  spent: Micros
  reserved: Micros
  asked: Micros
  /** When it begins anew, in ms since 1970; undefined for one of an execution. */
  resets: number | undefined
}

export type Reserved = { ok: true; alerts: Alert[] } | { ok: false; refusal: Refusal; alerts: Alert[] }

/** A whole amount that can be held and added without losing a micro-dollar. */
export const isAmount = (amount: number): boolean =>
  Number.isSafeInteger(amount) && amount >= 0 && amount <= mostMicros

type Wanted = { id: string; amount: Micros; path: SpendPath; at: number; expires: number }

/**
 * Holds an amount on every budget that bears the path, or on none of them. The same id asked for again holds nothing more. Throws a
 * RangeError for what is no amount.
 */
export function reserve(books: Books, { id, amount, path, at, expires }: Wanted): Reserved {
  if (!isAmount(amount)) throw new RangeError(`${amount} is no amount of micro-USD`)
  if (books.reservation(id)) return { ok: true, alerts: [] }
  const held = pathOf(books.budgets(), path).map((budget) => ({
    budget,
    account: open(books, budget, path, at),
  }))
  const full = held.find(({ budget, account }) => !fits(budget, account, amount))
  if (full) return refuse(books, full, amount, at)
  for (const { account } of held) books.keepAccount({ ...account, reserved: account.reserved + amount })
  const accounts = held.map(({ account: { budget_id, account } }) => ({ budget_id, account }))
  books.keepReservation({ id, amount, accounts, expires, state: "open" })
  return { ok: true, alerts: [] }
}

function open(books: Books, budget: Budget, path: SpendPath, at: number): Account {
  const account = accountAt(budget, path, at)
  return books.account(budget.id, account) ?? emptyAccount(budget.id, account)
}

export const emptyAccount = (budget_id: string, account: string): Account => ({
  budget_id,
  account,
  spent: 0,
  reserved: 0,
  alerted: 0,
  refused: 0,
})

/** A soft budget has room for everything but what could no longer be counted. */
function fits({ mode, limit_micros }: Budget, { spent, reserved }: Account, amount: Micros): boolean {
  const sum = spent + reserved + amount
  return Number.isSafeInteger(sum) && (mode === "soft" || amount === 0 || sum <= limit_micros)
}

type Held = { budget: Budget; account: Account }

function refuse(books: Books, { budget, account }: Held, asked: Micros, at: number): Reserved {
  const { spent, reserved } = account
  books.keepAccount({ ...account, refused: account.refused + 1 })
  const alert: Alert = { budget, account: account.account, kind: "refused", percent: 100, spent }
  const refusal = {
    budget,
    left: Math.max(0, budget.limit_micros - spent - reserved),
    spent,
    reserved,
    asked,
    resets: budget.period === "execution" ? undefined : spanAt(budget.period, at).until,
  }
  return { ok: false, refusal, alerts: account.refused === 0 ? [alert] : [] }
}

export type Settled = { ok: boolean; alerts: Alert[] }

/**
 * Enters what was really spent and gives back what was held. Once: a second word is not heard. One that comes after its time is entered
 * all the same, for the money is gone; then nothing is held any more that could be given back. `ok` is false for an id that is not known.
 */
export function settle(books: Books, id: string, actual: Micros): Settled {
  if (!isAmount(actual)) throw new RangeError(`${actual} is no amount of micro-USD`)
  const reservation = books.reservation(id)
  if (!reservation) return { ok: false, alerts: [] }
  if (reservation.state === "settled") return { ok: true, alerts: [] }
  const budgets = new Map(books.budgets().map((one) => [one.id, one]))
  const alerts: Alert[] = []
  for (const { budget_id, account: name } of reservation.accounts) {
    const account = books.account(budget_id, name)
    // Its budget was deleted meanwhile, with all of its accounts.
    if (!account) continue
    const entered = { ...release(account, reservation), spent: added(account.spent, actual) }
    const budget = budgets.get(budget_id)
    const step = budget && stepOf(budget, entered)
    if (step) alerts.push({ budget, account: name, kind: "threshold", percent: step, spent: entered.spent })
    books.keepAccount({ ...entered, alerted: step ?? entered.alerted })
  }
  books.keepReservation({ ...reservation, state: "settled" })
  return { ok: true, alerts }
}

const release = (account: Account, { state, amount }: Reservation): Account =>
  state === "open" ? { ...account, reserved: Math.max(0, account.reserved - amount) } : account

/** What can no longer be counted stays at the most that can. */
const added = (a: Micros, b: Micros): Micros => Math.min(a + b, Number.MAX_SAFE_INTEGER)

/** The highest step that is newly reached: whoever is past two at once is told of the higher one. */
const stepOf = (budget: Budget, account: Account): AlertStep | undefined =>
  alertSteps.findLast((step) => step > account.alerted && isPast(budget, account, step))

const isPast = ({ limit_micros }: Budget, { spent }: Account, step: AlertStep): boolean =>
  spent > 0 && BigInt(spent) * 100n >= BigInt(limit_micros) * BigInt(step)

/** An account under another limit: steps that it is no longer past are told of again, and none that it is past already. */
export const relimited = (budget: Budget, account: Account): Account => ({
  ...account,
  alerted: alertSteps.findLast((step) => isPast(budget, account, step)) ?? 0,
})

/** Gives back what was held by reservations whose time is over; answers how many they were. */
export function expire(books: Books, now: number): number {
  const overdue = books.overdue(now)
  for (const reservation of overdue) {
    for (const { budget_id, account: name } of reservation.accounts) {
      const account = books.account(budget_id, name)
      if (account) books.keepAccount(release(account, reservation))
    }
    books.keepReservation({ ...reservation, state: "expired" })
  }
  return overdue.length
}

/** A refusal in words that say what to do. */
export function refusalWords({ budget, left, asked, resets }: Refusal): string {
  const { name, limit_micros, period } = budget
  const per = period === "execution" ? "an execution" : `a ${period}`
  const anew = resets === undefined ? "" : `, wait until it begins anew at ${new Date(resets).toISOString()}`
  return (
    `This call may cost up to ${formatMicros(asked)}; the budget "${name}" of ${formatMicros(limit_micros)} ${per} has ${formatMicros(left)} left. ` +
    `Raise it${anew}, or ask for fewer tokens (max_tokens).`
  )
}
