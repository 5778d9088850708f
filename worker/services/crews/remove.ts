import type { Crew } from "#core/contract/crews"
import { found } from "#core/errors"
import type { Finding } from "#core/flow/graph"
import type { CrewId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as crews from "#worker/db/crews"
import { agentsOf, findingsOf } from "./references.ts"
import { crewOf } from "./shape.ts"

/** Deletes a crew softly; its agents stay. */
export async function removeCrew(ctx: Ctx, id: CrewId): Promise<void> {
  allow(ctx.actor, "agent.edit")
  const row = found(await crews.byId(ctx.db, id), "crew.not_found")
  await commit(
    ctx,
    undefined,
    crews.remove(ctx.db, id, isoTime(ctx.now)),
    audit(ctx, "crew.delete", { target: id, before: { name: row.name } }),
  )
}

/** Brings a deleted crew back as it was. */
export async function restoreCrew(ctx: Ctx, id: CrewId): Promise<{ crew: Crew; findings: Finding[] }> {
  allow(ctx.actor, "agent.edit")
  const row = found(await crews.deletedById(ctx.db, id), "crew.not_found")
  const findings = findingsOf(row.definition, await agentsOf(ctx, row.definition))
  return commit(
    ctx,
    { crew: crewOf(row), findings },
    crews.restore(ctx.db, id),
    audit(ctx, "crew.restore", { target: id, after: { name: row.name } }),
  )
}
