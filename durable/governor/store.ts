import type { Budget } from "#core/governor/budget"
import { relimited, type Account, type Books, type Reservation } from "#core/governor/ledger"
import { accountAt } from "#core/governor/period"
import type { TenantId } from "#core/ids"
import type { Micros } from "#core/money"
import { appointmentsTable } from "#durable/kit/alarms"
import { isMigrated, migrate, type Migration } from "#durable/kit/sqlite"
import type { TenantRef } from "./ports.ts"

const migrations: readonly Migration[] = [
  {
    id: "000_ledger",
    sql: `
      CREATE TABLE tenant (only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL, slot TEXT NOT NULL, revision INTEGER NOT NULL);
      CREATE TABLE budgets (id TEXT PRIMARY KEY, budget TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE accounts (
        budget_id TEXT NOT NULL, account TEXT NOT NULL, spent INTEGER NOT NULL, reserved INTEGER NOT NULL,
        alerted INTEGER NOT NULL, refused INTEGER NOT NULL, touched INTEGER NOT NULL, PRIMARY KEY (budget_id, account)
      ) WITHOUT ROWID;
      CREATE TABLE spending (
        budget_id TEXT NOT NULL, account TEXT NOT NULL, hour INTEGER NOT NULL, spent INTEGER NOT NULL,
        PRIMARY KEY (budget_id, account, hour)
      ) WITHOUT ROWID;
      CREATE TABLE reservations (
        id TEXT PRIMARY KEY, amount INTEGER NOT NULL, accounts TEXT NOT NULL, expires INTEGER NOT NULL, state TEXT NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX reservations_due ON reservations (state, expires);
      CREATE TABLE rates (key TEXT PRIMARY KEY, tat REAL NOT NULL) WITHOUT ROWID;
      CREATE TABLE alerts (
        id TEXT PRIMARY KEY, note TEXT NOT NULL, at INTEGER NOT NULL, ways TEXT, attempts INTEGER NOT NULL, due INTEGER, state TEXT NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX alerts_due ON alerts (due);
      ${appointmentsTable};`,
  },
  {
    id: "001_quotas",
    sql: `
      CREATE TABLE begun (day TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE places (lane TEXT PRIMARY KEY, held INTEGER NOT NULL, told INTEGER NOT NULL) WITHOUT ROWID;`,
  },
  {
    id: "002_waiting",
    sql: `
      ALTER TABLE places ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE places ADD COLUMN share INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE places ADD COLUMN since TEXT NOT NULL DEFAULT '';`,
  },
  {
    id: "003_grants",
    sql: `
      CREATE TABLE grants (
        lane TEXT PRIMARY KEY, count INTEGER NOT NULL, is_back INTEGER NOT NULL, told INTEGER NOT NULL
      ) WITHOUT ROWID;`,
  },
]

const columns = "budget_id, account, spent, reserved, alerted, refused"
type ReservationRow = Omit<Reservation, "accounts"> & { accounts: string }

/** What was spent in one hour of a period; `hour` is its beginning in ms since 1970. */
export type Spending = { hour: number; spent: Micros }

export const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Settled reservations are kept for whoever settles twice; accounts of executions and alerts for the page; periods for their history. */
const keptMs = { reservations: dayMs, executions: 30 * dayMs, spending: 100 * dayMs, periods: 800 * dayMs }

const readReservation = ({ accounts, ...row }: ReservationRow): Reservation => ({
  ...row,
  accounts: JSON.parse(accounts) as Reservation["accounts"],
})

/** A governor's books in SQLite. What is written in one turn is durable as one. */
export class GovernorStore implements Books {
  private readonly sql: SqlStorage
  private readonly now: () => number
  private ready: boolean
  private known: Budget[] | undefined

  constructor(sql: SqlStorage, now: () => number) {
    this.sql = sql
    this.now = now
    this.ready = isMigrated(sql)
    if (this.ready) migrate(sql, migrations)
  }

  get isOpen(): boolean {
    return this.ready
  }

  open(tenant: TenantRef): void {
    if (this.ready) return
    migrate(this.sql, migrations)
    this.sql.exec("INSERT INTO tenant (only, id, slot, revision) VALUES (1, ?, ?, 0)", tenant.id, tenant.slot)
    this.ready = true
  }

  tenant(): TenantRef {
    return this.sql.exec<{ id: TenantId; slot: string }>("SELECT id, slot FROM tenant").one()
  }

  budgets(): readonly Budget[] {
    this.known ??= this.sql
      .exec<{ budget: string }>("SELECT budget FROM budgets")
      .toArray()
      .map((row) => JSON.parse(row.budget) as Budget)
    return this.known
  }

  /** Takes over the tenant's budgets, unless newer ones are known. Accounts of a budget that counts otherwise now begin anew. */
  replace(revision: number, budgets: readonly Budget[]): void {
    const { revision: was } = this.sql.exec<{ revision: number }>("SELECT revision FROM tenant").one()
    if (revision <= was) return
    const before = new Map(this.budgets().map((one) => [one.id, one]))
    this.sql.exec("UPDATE tenant SET revision = ?", revision)
    this.sql.exec("DELETE FROM budgets")
    for (const budget of budgets) {
      this.sql.exec("INSERT INTO budgets (id, budget) VALUES (?, ?)", budget.id, JSON.stringify(budget))
      const old = before.get(budget.id)
      if (old && old.limit_micros !== budget.limit_micros) this.relimit(budget)
    }
    this.known = [...budgets]
  }

  private relimit(budget: Budget): void {
    if (budget.period === "execution") return
    const account = this.account(budget.id, accountAt(budget, {}, this.now()))
    if (account) this.keepAccount(relimited(budget, account))
  }

  account(budgetId: string, account: string): Account | undefined {
    return this.sql
      .exec<Account>(`SELECT ${columns} FROM accounts WHERE budget_id = ? AND account = ?`, budgetId, account)
      .toArray()[0]
  }

  keepAccount({ budget_id, account, spent, reserved, alerted, refused }: Account): void {
    this.sql.exec(
      `INSERT INTO accounts (budget_id, account, spent, reserved, alerted, refused, touched) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET spent = excluded.spent, reserved = excluded.reserved, alerted = excluded.alerted,
         refused = excluded.refused, touched = excluded.touched`,
      budget_id,
      account,
      spent,
      reserved,
      alerted,
      refused,
      this.now(),
    )
  }

  reservation(id: string): Reservation | undefined {
    const [row] = this.sql.exec<ReservationRow>("SELECT * FROM reservations WHERE id = ?", id).toArray()
    return row && readReservation(row)
  }

  keepReservation({ id, amount, accounts, expires, state }: Reservation): void {
    this.sql.exec(
      "INSERT OR REPLACE INTO reservations (id, amount, accounts, expires, state) VALUES (?, ?, ?, ?, ?)",
      id,
      amount,
      JSON.stringify(accounts),
      expires,
      state,
    )
  }

  overdue(now: number): Reservation[] {
    return this.sql
      .exec<ReservationRow>(
        "SELECT * FROM reservations WHERE state = 'open' AND expires <= ? ORDER BY expires LIMIT 1000",
        now,
      )
      .toArray()
      .map(readReservation)
  }

  /** When the next reservation is over; undefined when none is open. */
  nextExpiry(): number | undefined {
    const sql = "SELECT MIN(expires) AS at FROM reservations WHERE state = 'open'"
    return this.sql.exec<{ at: number | null }>(sql).one().at ?? undefined
  }

  /** Adds to what was spent in this hour, for the line on the page. */
  spend({ accounts }: Reservation, actual: Micros): void {
    if (actual === 0) return
    const hour = Math.floor(this.now() / hourMs) * hourMs
    for (const { budget_id, account } of accounts) {
      this.sql.exec(
        `INSERT INTO spending (budget_id, account, hour, spent) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET spent = spent + excluded.spent`,
        budget_id,
        account,
        hour,
        actual,
      )
    }
  }

  spending(budgetId: string, account: string): Spending[] {
    return this.sql
      .exec<Spending>(
        "SELECT hour, spent FROM spending WHERE budget_id = ? AND account = ? ORDER BY hour",
        budgetId,
        account,
      )
      .toArray()
  }

  /** A budget's accounts: the latest first, or the dearest. */
  accounts(budgetId: string, by: "latest" | "dearest", most: number): Account[] {
    // Periods by their names; the ids of executions do not say which came last.
    const latest = "CASE WHEN account LIKE 'exec%' THEN touched END DESC, account DESC"
    const order = by === "latest" ? latest : "spent + reserved DESC, account DESC"
    return this.sql
      .exec<Account>(
        `SELECT ${columns} FROM accounts WHERE budget_id = ? ORDER BY ${order} LIMIT ?`,
        budgetId,
        most,
      )
      .toArray()
  }

  countAccounts(budgetId: string): number {
    const sql = "SELECT COUNT(*) AS count FROM accounts WHERE budget_id = ?"
    return this.sql.exec<{ count: number }>(sql, budgetId).one().count
  }

  tat(key: string): number | undefined {
    return this.sql.exec<{ tat: number }>("SELECT tat FROM rates WHERE key = ?", key).toArray()[0]?.tat
  }

  keepTat(key: string, tat: number): void {
    this.sql.exec("INSERT OR REPLACE INTO rates (key, tat) VALUES (?, ?)", key, tat)
  }

  /** Forgets what nobody asks for any more. */
  sweep(now: number): void {
    const day = new Date(now - keptMs.periods).toISOString().slice(0, 10)
    this.sql.exec("DELETE FROM reservations WHERE state <> 'open' AND expires < ?", now - keptMs.reservations)
    this.sql.exec("DELETE FROM rates WHERE tat < ?", now)
    this.sql.exec("DELETE FROM spending WHERE hour < ?", now - keptMs.spending)
    this.sql.exec(
      "DELETE FROM accounts WHERE account LIKE 'exec%' AND reserved = 0 AND touched < ?",
      now - keptMs.executions,
    )
    this.sql.exec("DELETE FROM accounts WHERE account < ? AND reserved = 0", day)
    this.sql.exec("DELETE FROM alerts WHERE due IS NULL AND at < ?", now - keptMs.spending)
  }
}
