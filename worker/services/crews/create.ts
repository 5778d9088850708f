import type { Crew } from "#core/contract/crews"
import type { CrewDraft } from "#core/crew/crew"
import type { Finding } from "#core/flow/graph"
import { audit } from "#worker/audit/record"
import { allow, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as crews from "#worker/db/crews"
import { usableIn } from "#worker/db/shares"
import { agentsOf, assertKnown, findingsOf } from "./references.ts"
import { crewOf, factsOf, newCrewRow, versionRow } from "./shape.ts"

/** Creates a crew with its first version. One may be unfinished: what keeps it from working comes back as findings. */
export async function createCrew(ctx: Ctx, draft: CrewDraft): Promise<{ crew: Crew; findings: Finding[] }> {
  allow(ctx.actor, "agent.edit")
  const known = await agentsOf({ ...ctx, db: usableIn(ctx.db) }, draft)
  await assertKnown(ctx, draft, known)
  const row = newCrewRow(ctx, draft)
  return commit(
    ctx,
    { crew: crewOf(row), findings: findingsOf(draft, known) },
    crews.insert(row),
    crews.insertVersion(versionRow(row, ctx)),
    audit(ctx, "crew.create", { target: row.id, after: factsOf(row) }),
  )
}
