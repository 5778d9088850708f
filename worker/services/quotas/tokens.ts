import { unwrap } from "#core/errors"
import type { TenantId } from "#core/ids"
import type { ModelCall } from "#core/llm/call"
import type { ModelChoice } from "#durable/execution/ports"
import type { Db } from "#worker/db/commit"
import type { Env } from "#worker/env"
import type { Held } from "#worker/llm/held"
import { usualMostTokens, worstTokens } from "#worker/llm/worst"
import { governorStub } from "#worker/stubs"
import { enterOnce, graceMs, newHold, unavailable } from "#worker/services/budgets/settle"
import { quotasOf } from "./limits.ts"

type Spender = {
  env: Env
  tenant: { id: TenantId; slot: string }
  db: Db
  /** How long the call may take. */
  total_ms: number
  /** Keeps work alive when nobody waits for the answer any more. */
  after: ((work: Promise<unknown>) => void) | undefined
}

/** Holds the tokens that a request may take at most of the tenant's day, and enters what it took. Without a limit there is no hop. */
export const tokenHolder =
  ({ env, tenant, db, total_ms, after }: Spender) =>
  async (choice: ModelChoice, call: ModelCall): Promise<Held | undefined> => {
    const { tokens_per_day: limit } = await quotasOf(env, tenant, db)
    if (limit === null) return undefined
    const max_tokens = call.max_tokens ?? usualMostTokens(choice.provider_type, choice.model)
    const limited = { ...call, max_tokens }
    const amount = worstTokens(limited)
    const id = newHold()
    const outcome = await governorStub(env, tenant.id)
      .reserveTokens(tenant, { id, amount, limit, ttl_ms: total_ms + graceMs })
      .catch((error: unknown) => Promise.reject(unavailable(error)))
    unwrap(outcome)
    const settle = enterOnce(
      () => governorStub(env, tenant.id),
      id,
      (usage) => Math.min(amount, usage.input_tokens + usage.output_tokens),
      after,
    )
    return { call: limited, settle }
  }

type Hold = (choice: ModelChoice, call: ModelCall) => Promise<Held | undefined>

/** Holds by one and then by the other; what the first holds is given back when the other refuses. */
export const holdBoth =
  (first: Hold, second: Hold): Hold =>
  async (choice, call) => {
    const one = await first(choice, call)
    if (!one) return second(choice, call)
    try {
      const other = await second(choice, one.call)
      if (!other) return one
      return {
        call: other.call,
        settle: async (usage) => void (await Promise.all([one.settle(usage), other.settle(usage)])),
      }
    } catch (error) {
      await one.settle(undefined)
      throw error
    }
  }
