import type { TenantId } from "#core/ids"
import type { Db } from "#worker/db/commit"
import { sealedColumns, type SealedColumn } from "#worker/db/sealed"
import { sealedColumn } from "#worker/db/sso"
import { SecretUnreadable, type Place, type Vault } from "#worker/secrets/vault"
import { secretPlace as auditPlace } from "#worker/services/audit/webhook"
import { secretPlace as budgetPlace } from "#worker/services/budgets/shape"
import { secretPlace as credentialPlace } from "#worker/services/credentials/shape"
import { credentialsPlace } from "#worker/services/providers/shape"
import { secretPlace as ssoPlace } from "#worker/services/sso/shape"
import { secretPlace as triggerPlace } from "#worker/services/triggers/shape"

/** A tenant's secrets lie in its own database, and one in the control database. */
type Keeping = { tenant: TenantId; db: Db; control: Db; vault: Vault; ring: string }

/** Where each column's secrets lie. */
const places: Record<keyof typeof sealedColumns, (tenant: string, row: string) => Place> = {
  llm_providers: credentialsPlace,
  credentials: credentialPlace,
  triggers: triggerPlace,
  budgets: budgetPlace,
  audit_webhooks: auditPlace,
}

const mostAtOnce = 50

/** How many secrets were sealed anew, and how many cannot be read. */
export type Resealed = { moved: number; unreadable: number }

/** Seals every secret of a tenant under its newest key that lies under an older one. */
export async function resealAll(keeping: Keeping): Promise<Resealed> {
  const all: Resealed = { moved: 0, unreadable: 0 }
  for (const name of Object.keys(places) as (keyof typeof places)[]) {
    const { moved, unreadable } = await resealColumn(keeping, sealedColumns[name], places[name])
    all.moved += moved
    all.unreadable += unreadable
  }
  const { tenant, control } = keeping
  const sso = await resealColumn({ ...keeping, db: control }, sealedColumn(tenant), ssoPlace)
  return { moved: all.moved + sso.moved, unreadable: all.unreadable + sso.unreadable }
}

async function resealColumn(
  keeping: Keeping,
  column: SealedColumn,
  placeOf: (tenant: string, row: string) => Place,
): Promise<Resealed> {
  const { tenant, db } = keeping
  const all: Resealed = { moved: 0, unreadable: 0 }
  for (let after = ""; ;) {
    const rows = await column.page(db, after, mostAtOnce)
    const sealed = await Promise.all(
      rows.map(async (row) => [row, await anew(keeping, placeOf(tenant, row.id), row.sealed)] as const),
    )
    const moving = sealed.flatMap(([row, now]) => (typeof now === "string" ? [{ ...row, anew: now }] : []))
    await column.reseal(db, moving)
    all.moved += moving.length
    all.unreadable += sealed.filter(([, now]) => now === null).length
    if (rows.length < mostAtOnce) return all
    after = rows.at(-1)!.id
  }
}

/** The secret under the newest key; undefined when it lies there, null when it cannot be read: one must not hold up the others. */
async function anew(
  { tenant, vault, ring }: Keeping,
  place: Place,
  sealed: string,
): Promise<string | null | undefined> {
  try {
    if (await vault.isNewest(tenant, ring, sealed)) return undefined
    return await vault.seal(ring, place, await vault.open(ring, place, sealed))
  } catch (error) {
    if (error instanceof SecretUnreadable) return null
    throw error
  }
}
