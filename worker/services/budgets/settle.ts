import { Failure, unwrap } from "#core/errors"
import type { ModelUsage } from "#core/llm/event"
import { randomBytes } from "#worker/context"
import { digestOf } from "#worker/digest"
import type { Held } from "#worker/llm/held"
import type { TenantGovernor } from "#worker/stubs"

/** A call that is given up just at its end is still settled in time. */
export const graceMs = 60_000
const settlings = [0, 100, 500]

/** What a hold is known by. */
export const newHold = (): string => `hold_${digestOf(String.fromCharCode(...randomBytes(24)))}`

/** Enters what a call came to, at its first word and no other; nothing when nothing came of it. */
export function enterOnce(
  governor: () => TenantGovernor,
  id: string,
  actualOf: (usage: ModelUsage) => number,
  after: ((work: Promise<unknown>) => void) | undefined,
): Held["settle"] {
  let settled: Promise<void> | undefined
  return (usage) => {
    settled ??= enter(governor, id, usage ? actualOf(usage) : 0)
    after?.(settled)
    return settled
  }
}

/** May be told again and again, for it is entered once. What cannot be told at all is given back when its time is over. */
async function enter(governor: () => TenantGovernor, id: string, actual: number): Promise<void> {
  for (const wait of settlings) {
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    try {
      unwrap(await governor().settle(id, actual))
      return
    } catch (error) {
      console.warn("budgets: a call could not be settled", { id, error: String(error) })
      if (isOverloaded(error)) return
    }
  }
}

const isOverloaded = (error: unknown): boolean =>
  error instanceof Error && "overloaded" in error && error.overloaded === true

/** What stands for a governor that cannot be asked. */
export function unavailable(error: unknown): Failure {
  console.error("budgets: the governor cannot be asked", { error: String(error) })
  return new Failure("governor.unavailable")
}
