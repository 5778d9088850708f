import { erasure as action } from "#core/audit/entry"
import { runsOf } from "#core/audit/runs"
import type { Actor } from "#core/access/roles"
import type { ErasureId, UserId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow } from "#worker/context"
import { commit, type Db } from "#worker/db/commit"
import * as erase from "#worker/db/erase"
import type { Env } from "#worker/env"
import type { Site } from "#worker/services/triggers/fire"
import { ask, sealerStub } from "#worker/stubs"

const system: Actor = { is: "system" }

/** What an erasure tells of one batch stays below the 8,192 characters that a detail may have. */
const mostEntries = 400
/** Others write while this goes on: what came meanwhile is sealed, and looked at, once more. */
const rounds = 5

/** Whose details go. */
export type Forgotten = {
  erasure: ErasureId
  user: UserId
  /** The ids under which the person acted. */
  names: readonly string[]
  email: string
  name: string
  /** The person has no other tenant: entries that stand in none are theirs too. */
  isAlone: boolean
}

/**
 * Destroys the details, and their keys, of the entries of a tenant's audit log that a person wrote or that hold their name or
 * address. What is sealed of an entry stays: who (by the id), what, to what, when; so the chain does, and `privacy.erase` behind
 * it says which details are gone (docs/audit-format.md, section 2). Says how many.
 */
export async function forgetAudit(
  env: Env,
  site: Site,
  control: Db,
  { erasure, user, names, email, name, isAlone }: Forgotten,
): Promise<number> {
  allow(system, "user.edit")
  const words = wordsOf(email, name)
  if (isAlone) await commit({ db: control }, undefined, erase.blankHomeless(names, words))
  let count = 0
  for (let round = 0; round < rounds; round++) {
    // Only what is sealed can lose its details: before, its commitment would be that of their absence.
    await ask(sealerStub(env, site.tenant.id).signNow(site.tenant.id))
    const found = await erase.auditNaming(site.db, names, words)
    const places = found.flatMap(({ seq }) => seq ?? [])
    for (let i = 0; i < places.length; i += mostEntries)
      await destroy(site, { erasure, user }, places.slice(i, i + mostEntries))
    count += places.length
    if (places.length === found.length) return count
  }
  throw new Error("the audit log was written faster than it could be sealed")
}

/** In one batch: no details are gone without an entry that says so. */
async function destroy(
  site: Site,
  { erasure, user }: Pick<Forgotten, "erasure" | "user">,
  places: readonly number[],
): Promise<void> {
  const by = { ...site, actor: { is: "system" } as const }
  const after = { erasure, entries: runsOf(places), count: places.length }
  const told = audit(by, action, { target: user, after }, true)
  await commit(site, undefined, erase.destroyDetails(places), told)
}

/**
 * What to look for in details, as JSON spells it. A name of several words is found in any text; one of a single word may be a word
 * of the language, and is found where it is all that a text says.
 */
function wordsOf(email: string, name: string): string[] {
  const spelled = JSON.stringify(name)
  const named = /\s/.test(name) ? spelled.slice(1, -1) : spelled
  return [JSON.stringify(email).slice(1, -1), ...(name.trim() === "" ? [] : [named])]
}
