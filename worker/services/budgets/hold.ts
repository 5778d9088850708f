import { Failure, unwrap } from "#core/errors"
import { mostMicros, pathOf, type SpendPath } from "#core/governor/budget"
import type { TenantId } from "#core/ids"
import type { ModelCall } from "#core/llm/call"
import { cost, type Price } from "#core/llm/price"
import { wholeUsage } from "#core/llm/usage"
import type { Micros } from "#core/money"
import type { Book } from "#durable/governor/messages"
import type { ModelChoice } from "#durable/execution/ports"
import type { Db } from "#worker/db/commit"
import type { Env } from "#worker/env"
import type { Held } from "#worker/llm/held"
import { usualMostTokens, worstCost } from "#worker/llm/worst"
import { governorStub } from "#worker/stubs"
import { bookOf } from "./book.ts"
import { enterOnce, graceMs, newHold, unavailable } from "./settle.ts"

/** Machines of the tenant's own: where nobody states a price they cost nothing. */
const ownMachines: ReadonlySet<string> = new Set(["builtin", "ollama", "vllm"])

type Spender = {
  env: Env
  tenant: { id: TenantId; slot: string }
  db: Db
  /** What the call is for, beside its provider. */
  path: SpendPath
  /** How long the call may take. */
  total_ms: number
  /** Keeps work alive when nobody waits for the answer any more. */
  after: ((work: Promise<unknown>) => void) | undefined
}

/**
 * Holds for each request what it may cost at most, on every budget that bears it, before it is sent; settles it by what it has cost. A
 * tenant without budgets, and a call that costs nothing, make no hop. Where the governor cannot be asked, nothing is spent.
 */
export const holder =
  (spender: Spender) =>
  async (choice: ModelChoice, call: ModelCall): Promise<Held | undefined> => {
    const book = await bookOrFail(spender)
    const bearing = pathOf(book.budgets, { ...spender.path, provider_id: choice.provider_id })
    const isHard = bearing.some(({ mode }) => mode === "hard")
    if (bearing.length === 0) return undefined
    const { price } = choice
    if (!price) {
      if (!isHard || ownMachines.has(choice.provider_type)) return undefined
      throw unpriced(choice)
    }
    const limited = {
      ...call,
      max_tokens: call.max_tokens ?? usualMostTokens(choice.provider_type, choice.model),
    }
    const amount = worstCost(limited, price)
    if (amount === 0) return undefined
    const id = newHold()
    await reserve(spender, book, choice, id, amount)
    // A soft budget refuses nothing, so it shortens nothing either, and what a vendor counts is what it counts.
    return isHard
      ? { call: limited, settle: settling(spender, id, price, amount) }
      : { call, settle: settling(spender, id, price, mostMicros) }
  }

async function bookOrFail({ tenant, db }: Spender): Promise<Book> {
  try {
    return await bookOf({ tenant, db, now: Date.now() })
  } catch (error) {
    throw unavailable(error)
  }
}

async function reserve(
  { env, tenant, path, total_ms }: Spender,
  book: Book,
  { provider_id }: ModelChoice,
  id: string,
  amount: Micros,
): Promise<void> {
  const hold = { id, amount, path: { ...path, provider_id }, ttl_ms: total_ms + graceMs }
  // Once: an object that has too much to do is not asked again, and whoever is refused here has spent nothing.
  const outcome = await governorStub(env, tenant.id)
    .reserve(tenant, book, hold)
    .catch((error: unknown) => Promise.reject(unavailable(error)))
  unwrap(outcome)
}

const settling = ({ env, tenant, after }: Spender, id: string, price: Price, most: Micros): Held["settle"] =>
  // More than was held is more than the vendor was told that it may say: that is not for us to pay.
  enterOnce(
    () => governorStub(env, tenant.id),
    id,
    (usage) => Math.min(most, cost(wholeUsage(usage), price)),
    after,
  )

const unpriced = ({ provider_type, model }: ModelChoice): Failure =>
  new Failure("budget.unpriced", {
    detail: `Nobody has stated what ${model} of ${provider_type} costs, so a hard budget cannot hold it. State its price at the provider (0 if it costs nothing), or make the budget soft.`,
  })
