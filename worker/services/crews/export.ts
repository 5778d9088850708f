import type { crewsApi } from "#core/contract/crews"
import type { ReplyOf } from "#core/contract/endpoint"
import type { AgentDraft } from "#core/agent/agent"
import { overridden } from "#core/agent/overridden"
import { exportCrewAi, type ExportedAgent } from "#core/crew/crewai-export"
import { found } from "#core/errors"
import { ToolId, type CrewId } from "#core/ids"
import { builtinTool } from "#core/tool/builtin/all"
import { allow, type Ctx } from "#worker/context"
import * as crews from "#worker/db/crews"
import * as providers from "#worker/db/llm-providers"
import * as tools from "#worker/db/tools"
import { agentsOf } from "./references.ts"

/** The crew as CrewAI's files, with what CrewAI has no place for. */
export async function exportCrew(ctx: Ctx, id: CrewId): Promise<ReplyOf<typeof crewsApi.export>> {
  allow(ctx.actor, "agent.read")
  const { definition: draft } = found(await crews.byId(ctx.db, id), "crew.not_found")
  const known = await agentsOf(ctx, draft)
  const agents = new Map<string, ExportedAgent>()
  for (const { position, agent_id, overrides } of draft.agents) {
    const row = known.get(agent_id)
    if (!row || row.deleted_at !== null) continue
    agents.set(position, await exported(ctx, overridden(row.definition, overrides)))
  }
  return exportCrewAi(draft, agents)
}

async function exported(ctx: Ctx, agent: AgentDraft): Promise<ExportedAgent> {
  const ids = agent.tool_ids.flatMap((ref) => ToolId.safeParse(ref).data ?? [])
  const names = new Map<string, string>((await tools.byIds(ctx.db, ids)).map((row) => [row.id, row.name]))
  const { llm_provider_id: provider_id } = agent
  const provider = provider_id === undefined ? undefined : await providers.byId(ctx.db, provider_id)
  return {
    agent,
    provider_type: provider?.provider_type,
    tool_names: agent.tool_ids.flatMap((ref) => builtinTool(ref)?.definition.name ?? names.get(ref) ?? []),
  }
}
