import type { ExecutionId } from "#core/ids"
import { within } from "./within.ts"

/** Those who wait for the end of an execution. */
export class Waiters {
  private readonly waiting = new Map<ExecutionId, Set<() => void>>()

  /** Resolves when the execution ends, or after `ms`. */
  async ended(id: ExecutionId, ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const waiters = this.waiting.get(id) ?? new Set()
    this.waiting.set(id, waiters.add(resolve))
    await within(promise, ms)
    waiters.delete(resolve)
    if (waiters.size === 0) this.waiting.delete(id)
  }

  wake(id: ExecutionId): void {
    for (const wake of this.waiting.get(id) ?? []) wake()
  }
}
