import type { Budget } from "#core/governor/budget"
import type { Account, Books, Reservation } from "#core/governor/ledger"

/** A ledger in memory. */
export class PaperBooks implements Books {
  readonly all: Budget[]
  readonly accounts = new Map<string, Account>()
  readonly reservations = new Map<string, Reservation>()

  constructor(budgets: Budget[]) {
    this.all = budgets
  }

  budgets = () => this.all
  account = (id: string, account: string) => this.accounts.get(`${id} ${account}`)
  keepAccount = (one: Account) => void this.accounts.set(`${one.budget_id} ${one.account}`, one)
  reservation = (id: string) => this.reservations.get(id)
  keepReservation = (one: Reservation) => void this.reservations.set(one.id, one)
  overdue = (now: number) =>
    [...this.reservations.values()].filter((one) => one.state === "open" && one.expires <= now)
}
