import type { TenantId } from "#core/ids"
import * as executions from "#worker/db/executions"
import { tenantDb } from "#worker/db/tenant"
import type { Env } from "#worker/env"
import { executionStub } from "#worker/stubs"

const atOnce = 20
const pageRows = 500

/**
 * Lets the executions of a tenant go on that were paused. One that is not reached, or that another isolate still takes for paused, looks
 * for itself within a minute.
 */
export async function goOn(env: Env, tenant: TenantId, slot: string): Promise<void> {
  const db = await tenantDb(env, slot)
  for (let after = ""; ;) {
    const ids = await executions.goingOnAfter(db, after, pageRows)
    for (let i = 0; i < ids.length; i += atOnce)
      await Promise.allSettled(ids.slice(i, i + atOnce).map((id) => executionStub(env, tenant, id).poke(id)))
    after = ids.at(-1) ?? ""
    if (ids.length < pageRows) return
  }
}
