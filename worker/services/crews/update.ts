import type { Crew } from "#core/contract/crews"
import type { CrewDraft } from "#core/crew/crew"
import { found } from "#core/errors"
import type { Finding } from "#core/flow/graph"
import type { CrewId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, assertVersion, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as crews from "#worker/db/crews"
import { usableIn } from "#worker/db/shares"
import { agentsOf, assertKnown, findingsOf } from "./references.ts"
import { crewOf, factsOf, versionRow } from "./shape.ts"

type Saved = { crew: Crew; findings: Finding[] }

/** Changes a crew. `was` is the version that the caller read, when it said so. */
export async function updateCrew(
  ctx: Ctx,
  id: CrewId,
  was: number | undefined,
  draft: CrewDraft,
): Promise<Saved> {
  allow(ctx.actor, "agent.edit")
  const row = found(await crews.byId(ctx.db, id), "crew.not_found")
  assertVersion(row.version, was)
  return saveCrew(ctx, row, draft, "crew.update")
}

/** Makes an earlier version the next one. */
export async function rollbackCrew(
  ctx: Ctx,
  id: CrewId,
  was: number | undefined,
  version: number,
): Promise<Saved> {
  allow(ctx.actor, "agent.edit")
  const row = found(await crews.byId(ctx.db, id), "crew.not_found")
  assertVersion(row.version, was)
  const { definition } = found(await crews.versionOf(ctx.db, id, version), "crew.version_not_found")
  return saveCrew(ctx, row, definition, "crew.rollback")
}

async function saveCrew(ctx: Ctx, row: crews.CrewRow, draft: CrewDraft, action: string): Promise<Saved> {
  const known = await agentsOf({ ...ctx, db: usableIn(ctx.db) }, draft)
  await assertKnown(ctx, draft, known)
  const change = { ...crews.columnsOf(draft), updated_at: isoTime(ctx.now) }
  const saved = { ...row, ...change, version: row.version + 1 }
  return commit(
    ctx,
    { crew: crewOf(saved), findings: findingsOf(draft, known) },
    crews.save(ctx.db, row.id, row.version, change),
    crews.insertVersion(versionRow(saved, ctx)),
    audit(ctx, action, { target: row.id, before: factsOf(row), after: factsOf(saved) }),
  )
}
