import { done, Failure, refused } from "#core/errors"
import type { EntryPort } from "#durable/execution/entry-port"
import { tenantDb } from "#worker/db/tenant"
import type { Env } from "#worker/env"
import { governorStub } from "#worker/stubs"
import { quotasOf } from "./limits.ts"
import { assertRoom } from "./storage.ts"

/** Counts a tenant's executions at its governor, unless nothing limits them. */
export const entryPort = (env: Env): EntryPort => ({
  enter: async (tenant, ask) => {
    const db = await tenantDb(env, tenant.slot)
    const limits = await quotasOf(env, tenant, db)
    try {
      // Those that were taken in may begin.
      if (ask.wanted > 0) await assertRoom(env, tenant, db)
    } catch (error) {
      if (error instanceof Failure) return refused(error.code, error.more)
      throw error
    }
    const { executions_per_day, concurrent_executions, waiting_executions } = limits
    if (executions_per_day === null && concurrent_executions === null)
      return done({ grant: 0, day: "", for_ms: 5_000, begins: Infinity, places: Infinity, waits: 0 })
    return governorStub(env, tenant.id).enter(tenant, {
      ...ask,
      limits: { executions_per_day, concurrent_executions, waiting_executions },
    })
  },
  leave: (tenant, { lane, left, open }) => governorStub(env, tenant.id).leave(tenant, lane, left, open),
})
