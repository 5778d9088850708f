import type { ExecutionId } from "#core/ids"
import { isoTime } from "#worker/context"
import { overdue } from "#worker/db/overdue"
import * as deliveries from "#worker/db/trigger-deliveries"
import type { Env } from "#worker/env"
import { executionStub } from "#worker/stubs"
import type { Site } from "./fire.ts"

/** Executions younger than this look after themselves. */
const quietMs = 60_000
const mostAPage = 100
const mostAtOnce = 10
const mostPages = 50

/**
 * The tenant's round: every execution that should be going on is looked at by its lane, which goes on with it if a lost alarm had
 * left it lying; of each trigger only the newest deliveries are kept.
 */
export async function sweepTenant(env: Env, site: Site): Promise<void> {
  await deliveries.prune(site.db, site.now)
  let last: ExecutionId | "" = ""
  for (let page = 0; page < mostPages; page++) {
    const ids: ExecutionId[] = await overdue(site.db, isoTime(site.now - quietMs), last, mostAPage)
    await pokeAll(env, site, [...ids])
    if (ids.length < mostAPage) return
    last = ids.at(-1)!
  }
}

async function pokeAll(env: Env, { tenant }: Site, ids: ExecutionId[]): Promise<void> {
  const workers = Array.from({ length: Math.min(mostAtOnce, ids.length) }, async () => {
    for (let id = ids.pop(); id; id = ids.pop()) await poke(env, tenant.id, id)
  })
  await Promise.all(workers)
}

async function poke(env: Env, tenant: Site["tenant"]["id"], id: ExecutionId): Promise<void> {
  try {
    await executionStub(env, tenant, id).poke(id)
  } catch (error) {
    console.warn(
      JSON.stringify({ level: "warn", event: "sweep.poke_failed", execution_id: id, error: String(error) }),
    )
  }
}
