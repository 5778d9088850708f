import type { Budget } from "#core/governor/budget"
import type { TenantId } from "#core/ids"
import type { Book } from "#durable/governor/messages"
import { BoundedCache } from "#worker/cache"
import * as budgets from "#worker/db/budgets"
import type { Db } from "#worker/db/commit"

/**
 * How long an isolate goes by the book that it has read: for so long calls pass by a budget that is new, where no other bears them.
 * A change of one that is known holds at once, for the governor goes by the newest book that anybody has shown it.
 */
const lifeMs = 5_000
const mostTenants = 1_000

const known = new BoundedCache<TenantId, Book>(mostTenants)

type Asking = { tenant: { id: TenantId }; db: Db; now: number }

/** The tenant's budgets that count now. Most tenants have none, and pay no hop for that. */
export async function bookOf({ tenant, db, now }: Asking): Promise<Book> {
  const kept = known.get(tenant.id, now)
  if (kept) return kept
  const book = await readBook(db)
  known.set(tenant.id, book, now + lifeMs)
  return book
}

export async function readBook(db: Db): Promise<Book> {
  const { revision, rows } = await budgets.book(db)
  return { revision, budgets: rows.map(budgetOf) }
}

const budgetOf = ({
  id,
  name,
  scope,
  target_id,
  limit_micros,
  period,
  mode,
  version,
}: budgets.BudgetRow): Budget => ({
  id,
  name,
  scope,
  target_id,
  limit_micros,
  period,
  mode,
  version,
})

/** Called by every verb that changes a budget. */
export const forgetBook = (tenant: TenantId): void => known.delete(tenant)
