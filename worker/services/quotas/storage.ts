import type { Capability } from "#core/access/capabilities"
import type { Endpoint } from "#core/contract/endpoint"
import { Failure } from "#core/errors"
import { quotaDetail } from "#core/governor/quota"
import type { TenantId } from "#core/ids"
import { BoundedCache } from "#worker/cache"
import type { Db } from "#worker/db/commit"
import * as quotas from "#worker/db/quotas"
import type { Env } from "#worker/env"
import { artifactFolder } from "#worker/services/executions/artifacts"
import { quotasOf } from "./limits.ts"

/** How much a tenant may add between two looks at what it has. */
const lifeMs = 30_000
/** A page has a thousand files; beyond so many pages what is used is said to be at least so much. */
const mostPages = 20
const known = new BoundedCache<TenantId, number>(1_000)

/** Whoever has all the room that there is can still sign in, read, stop and delete. */
const adding: ReadonlySet<Endpoint["needs"]> = new Set<Capability>([
  "flow.edit",
  "agent.edit",
  "chat.write",
  "trigger.edit",
])

type Tenant = { id: TenantId; slot: string }

/** Whether a request may add something that is kept. */
export const adds = ({ method, needs }: Pick<Endpoint, "method" | "needs">): boolean =>
  method === "POST" && adding.has(needs)

/** Refuses whoever would add something to a tenant that has all the room that there is. */
export async function assertRoom(env: Env, tenant: Tenant, db: Db): Promise<void> {
  const { storage_bytes: limit } = await quotasOf(env, tenant, db)
  if (limit === null) return
  const now = Date.now()
  const used = known.get(tenant.id, now) ?? (await bytesUsed(env, tenant, db))
  known.set(tenant.id, used, now + lifeMs)
  if (used >= limit)
    throw new Failure(
      "quota.full",
      quotaDetail({ quota: "storage_bytes", limit, used, resets: undefined }, now),
    )
}

/** The bytes of a tenant's database and of the files that its executions left. */
export async function bytesUsed(env: Env, { id }: Tenant, db: Db): Promise<number> {
  const [database, files] = await Promise.all([
    quotas.databaseBytes(db),
    fileBytes(env.BLOBS, artifactFolder(id)),
  ])
  return database + files
}

async function fileBytes(bucket: R2Bucket, prefix: string): Promise<number> {
  let sum = 0
  let cursor: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const list = await bucket.list({ prefix, ...(cursor === undefined ? {} : { cursor }) })
    for (const { size } of list.objects) sum += size
    if (!list.truncated) break
    cursor = list.cursor
  }
  return sum
}

export const forgetRoom = (tenant: TenantId): void => known.delete(tenant)
