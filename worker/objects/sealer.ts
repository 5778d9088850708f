import type { TenantId } from "#core/ids"
import type { SealerPorts } from "#durable/sealer/ports"
import { signAs } from "#worker/audit/sign"
import { randomBytes } from "#worker/context"
import * as entries from "#worker/db/audit"
import type { Db } from "#worker/db/commit"
import { slotOf } from "#worker/db/identities"
import { controlDb, tenantDb } from "#worker/db/tenant"
import type { Env } from "#worker/env"
import { postCheckpoint } from "#worker/services/audit/webhook"

/** What a tenant's sealer is given: the entries that wait in both databases, and a hand that signs. */
export const sealerPorts = (env: Env): SealerPorts => ({
  async waiting(tenant, most) {
    const dbs = await bothOf(env, tenant)
    if (!dbs) return undefined
    const [here, there] = await Promise.all([
      entries.waitingHere(dbs.db, most),
      entries.waitingInControl(dbs.control, tenant, most),
    ])
    return [...here, ...there].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, most)
  },
  async keep(tenant, sealed) {
    const dbs = await bothOf(env, tenant)
    if (!dbs) return
    const [here, there] = [
      sealed.filter(({ place }) => place === "tenant"),
      sealed.filter(({ place }) => place === "control"),
    ]
    if (here.length > 0) await entries.number(dbs.db, here)
    if (there.length > 0) await entries.bringOver(dbs.db, dbs.control, there)
  },
  sign: (name, text) => signAs(env, name, text),
  async post(tenant, checkpoint) {
    const slot = await slotOf(await controlDb(env), tenant)
    return slot === undefined ? { is: "nobody" } : postCheckpoint(env, { id: tenant, slot }, checkpoint)
  },
  chance: randomBytes,
  now: () => Date.now(),
})

async function bothOf(env: Env, tenant: TenantId): Promise<{ db: Db; control: Db } | undefined> {
  const control = await controlDb(env)
  const slot = await slotOf(control, tenant)
  return slot === undefined ? undefined : { db: await tenantDb(env, slot), control }
}
