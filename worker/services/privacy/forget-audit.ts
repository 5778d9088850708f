import { scrubbedDetail, type Scrub } from "#core/privacy/scrub"
import type { Db } from "#worker/db/commit"
import * as erase from "#worker/db/erase"
import type { Site } from "#worker/services/triggers/fire"

/** Rows of one statement's parameter: D1 takes 2 MB, and a detail has 8 KiB at most. */
const mostRows = 100

/**
 * Takes out of the audit log what names a person or, where that is wished, what they wrote. The entries stay: who (by the id), what, when.
 * Says how many were changed. This is the one place that touches entries after they were written.
 */
export async function forgetAudit(site: Site, control: Db, scrub: Scrub, isAlone: boolean): Promise<number> {
  const words = [scrub.email, ...(scrub.name === "" ? [] : [JSON.stringify(scrub.name)])]
  const names = [...scrub.names]
  // Entries of a person who has no other tenant may stand in no tenant at all.
  const inControl = await erase.auditNaming(control, names, words, isAlone ? undefined : site.tenant.id)
  const inTenant = await erase.auditNaming(site.db, names, words, undefined)
  return (await rewrite(control, inControl, scrub)) + (await rewrite(site.db, inTenant, scrub))
}

async function rewrite(db: Db, rows: readonly erase.AuditRow[], scrub: Scrub): Promise<number> {
  const changed = rows
    .map((row) => ({ id: row.id, was: row.detail, detail: scrubbedDetail(row, scrub) }))
    .filter(({ was, detail }) => was !== detail)
  for (let i = 0; i < changed.length; i += mostRows)
    await erase.rewriteAudit(db, changed.slice(i, i + mostRows))
  return changed.length
}
