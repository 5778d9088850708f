import type { AgentDraft } from "#core/agent/agent"
import { agentExamples } from "#core/agent/examples"
import type { agentsApi } from "#core/contract/agents"
import { pageInfo, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import { found } from "#core/errors"
import type { AgentId } from "#core/ids"
import { differences } from "#core/json-diff"
import { reachOf } from "#core/access/shares"
import { allow, type Ctx } from "#worker/context"
import * as agents from "#worker/db/agents"
import { agentOf } from "./shape.ts"

/** A page of the tenant's agents. */
export async function listAgents(
  ctx: Ctx,
  query: QueryOf<typeof agentsApi.list>,
): Promise<ReplyOf<typeof agentsApi.list>> {
  allow(ctx.actor, "agent.read")
  const { rows, total } = await agents.list(ctx.db, query)
  const summaries = rows.map(({ model, llm_provider_id, ...row }) => ({
    ...row,
    ...(model === null ? {} : { model }),
    ...(llm_provider_id === null ? {} : { llm_provider_id }),
  }))
  return { agents: summaries, total, page_info: pageInfo(query.page, query.limit, total) }
}

/** An agent with the crews that it is in. */
export async function getAgent(ctx: Ctx, id: AgentId): Promise<ReplyOf<typeof agentsApi.get>> {
  allow(ctx.actor, "agent.read")
  const [row, crews] = await Promise.all([agents.byId(ctx.db, id), agents.crewsOf(ctx.db, id)])
  return { agent: agentOf(found(row, "agent.not_found")), crews, reach: reachOf(ctx.actor, "agent.edit") }
}

/** Agents to begin with; they need no vendor. */
export function listAgentExamples(ctx: Ctx): ReplyOf<typeof agentsApi.examples> {
  allow(ctx.actor, "agent.read")
  return { examples: agentExamples.map((one) => ({ ...one })) }
}

export async function listAgentVersions(ctx: Ctx, id: AgentId): Promise<ReplyOf<typeof agentsApi.versions>> {
  allow(ctx.actor, "agent.read")
  found(await agents.byId(ctx.db, id), "agent.not_found")
  return { versions: await agents.versionsOf(ctx.db, id) }
}

/** An agent as it was. */
export async function getAgentVersion(
  ctx: Ctx,
  id: AgentId,
  number: number,
): Promise<ReplyOf<typeof agentsApi.version>> {
  allow(ctx.actor, "agent.read")
  const { version, created_by, created_at, definition } = await versionOf(ctx, id, number)
  return { version: { version, created_by, created_at, agent: definition } }
}

/** What differs between two versions. */
export async function diffAgent(
  ctx: Ctx,
  id: AgentId,
  from: number,
  to: number,
): Promise<ReplyOf<typeof agentsApi.diff>> {
  allow(ctx.actor, "agent.read")
  const as = async (number: number): Promise<AgentDraft> => (await versionOf(ctx, id, number)).definition
  return { changes: differences(await as(from), await as(to)) }
}

async function versionOf(ctx: Ctx, id: AgentId, number: number): Promise<agents.AgentVersionRow> {
  found(await agents.byId(ctx.db, id), "agent.not_found")
  return found(await agents.versionOf(ctx.db, id, number), "agent.version_not_found")
}
