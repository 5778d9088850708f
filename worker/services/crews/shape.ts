import type { Crew } from "#core/contract/crews"
import type { CrewDraft } from "#core/crew/crew"
import { actorId } from "#core/access/roles"
import { newId, type CrewId } from "#core/ids"
import { isoTime, type Ctx } from "#worker/context"
import * as crews from "#worker/db/crews"

/** A crew as the contract shows it. */
export function crewOf(row: crews.CrewRow): Crew {
  const { id, definition, version, created_by, created_at, updated_at } = row
  return { id, ...definition, version, created_by, created_at, updated_at }
}

/** What the audit log keeps of a crew: who is in it and how it works, not its words. */
export const factsOf = ({ definition, version, task_count }: crews.CrewRow) => ({
  name: definition.name,
  collaboration_pattern: definition.collaboration_pattern,
  agents: definition.agents.map(({ position, agent_id }) => ({ position, agent_id })),
  tasks: task_count,
  version,
})

export function newCrewRow(ctx: Ctx, draft: CrewDraft): crews.CrewRow {
  const at = isoTime(ctx.now)
  return {
    id: newId<CrewId>("crew", ctx.now, ctx.chance),
    ...crews.columnsOf(draft),
    version: 1,
    created_by: actorId(ctx.actor),
    created_at: at,
    updated_at: at,
    deleted_at: null,
  }
}

/** A version as it is kept for good. */
export const versionRow = (
  { id, version, definition, updated_at }: crews.CrewRow,
  ctx: Ctx,
): crews.CrewVersionRow => ({
  crew_id: id,
  version,
  definition,
  created_by: actorId(ctx.actor),
  created_at: updated_at,
})
