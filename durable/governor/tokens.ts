import { done, refused, type Outcome } from "#core/errors"
import type { Budget } from "#core/governor/budget"
import { isAmount, reserve, type Books } from "#core/governor/ledger"
import { quotaDetail } from "#core/governor/quota"
import type { TokenHold } from "./messages.ts"

/** Under this name tokens stand in the ledger beside the budgets; no budget's id looks like it. */
const tokens = "quota:tokens_per_day"

/** A day's tokens in the ledger of budgets: held before a call is sent and trued up afterwards, by the same rules. */
export function reserveTokens(
  books: Books,
  { id, amount, limit, ttl_ms }: TokenHold,
  at: number,
): Outcome<null> {
  if (!isAmount(amount)) return refused("budget.amount")
  const budget: Budget = {
    id: tokens,
    name: tokens,
    scope: "tenant",
    target_id: null,
    limit_micros: limit,
    period: "day",
    mode: "hard",
    version: 1,
  }
  const ledger: Books = {
    budgets: () => [budget],
    account: (budgetId, account) => books.account(budgetId, account),
    keepAccount: (account) => books.keepAccount(account),
    reservation: (key) => books.reservation(key),
    keepReservation: (reservation) => books.keepReservation(reservation),
    overdue: (now) => books.overdue(now),
  }
  const reserved = reserve(ledger, { id, amount, path: {}, at, expires: at + ttl_ms })
  if (reserved.ok) return done(null)
  const { spent, reserved: held, resets } = reserved.refusal
  // Not worth another try before the day is over: like a budget that is spent.
  return refused(
    "quota.full",
    quotaDetail({ quota: "tokens_per_day", limit, used: spent + held, resets }, at),
  )
}

/** What was used on a day, with what is held. */
export function tokensUsed(books: Books, day: string): number {
  const account = books.account(tokens, day)
  return account ? account.spent + account.reserved : 0
}
