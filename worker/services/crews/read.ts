import type { crewsApi } from "#core/contract/crews"
import { pageInfo, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import type { CrewDraft } from "#core/crew/crew"
import { crewExamples } from "#core/crew/examples"
import { found } from "#core/errors"
import type { CrewId } from "#core/ids"
import { differences } from "#core/json-diff"
import { reachOf } from "#core/access/shares"
import { allow, type Ctx } from "#worker/context"
import * as crews from "#worker/db/crews"
import { findingsOf, membersOf } from "./references.ts"
import { crewOf } from "./shape.ts"

/** A page of the tenant's crews. */
export async function listCrews(
  ctx: Ctx,
  query: QueryOf<typeof crewsApi.list>,
): Promise<ReplyOf<typeof crewsApi.list>> {
  allow(ctx.actor, "agent.read")
  const { rows, total } = await crews.list(ctx.db, query)
  return { crews: rows, total, page_info: pageInfo(query.page, query.limit, total) }
}

/** A crew with its agents' names and what keeps it from working. */
export async function getCrew(ctx: Ctx, id: CrewId): Promise<ReplyOf<typeof crewsApi.get>> {
  allow(ctx.actor, "agent.read")
  const row = found(await crews.byId(ctx.db, id), "crew.not_found")
  const known = await membersOf(ctx, row.definition)
  const agents = [...known.values()].map(({ id, name, role, deleted_at }) => ({
    id,
    name,
    role,
    is_deleted: deleted_at !== null,
  }))
  return {
    crew: crewOf(row),
    findings: findingsOf(row.definition, known),
    agents,
    reach: reachOf(ctx.actor, "agent.edit"),
  }
}

/** Crews to begin with, one of each pattern; they need no vendor. */
export function listCrewExamples(ctx: Ctx): ReplyOf<typeof crewsApi.examples> {
  allow(ctx.actor, "agent.read")
  return {
    examples: crewExamples.map(({ id, crew, sample_input }) => ({
      id,
      name: crew.name,
      description: crew.description,
      sample_input,
    })),
  }
}

export async function listCrewVersions(ctx: Ctx, id: CrewId): Promise<ReplyOf<typeof crewsApi.versions>> {
  allow(ctx.actor, "agent.read")
  found(await crews.byId(ctx.db, id), "crew.not_found")
  return { versions: await crews.versionsOf(ctx.db, id) }
}

/** A crew as it was. */
export async function getCrewVersion(
  ctx: Ctx,
  id: CrewId,
  number: number,
): Promise<ReplyOf<typeof crewsApi.version>> {
  allow(ctx.actor, "agent.read")
  const { version, created_by, created_at, definition } = await versionOf(ctx, id, number)
  return { version: { version, created_by, created_at, crew: definition } }
}

/** What differs between two versions. */
export async function diffCrew(
  ctx: Ctx,
  id: CrewId,
  from: number,
  to: number,
): Promise<ReplyOf<typeof crewsApi.diff>> {
  allow(ctx.actor, "agent.read")
  const as = async (number: number): Promise<CrewDraft> => (await versionOf(ctx, id, number)).definition
  return { changes: differences(await as(from), await as(to)) }
}

async function versionOf(ctx: Ctx, id: CrewId, number: number): Promise<crews.CrewVersionRow> {
  found(await crews.byId(ctx.db, id), "crew.not_found")
  return found(await crews.versionOf(ctx.db, id, number), "crew.version_not_found")
}
