import type { AgentDraft } from "#core/agent/agent"
import type { Agent } from "#core/contract/agents"
import { actorId } from "#core/access/roles"
import { newId, type AgentId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { isoTime, type Ctx } from "#worker/context"
import type { Statement } from "#worker/db/commit"
import * as agents from "#worker/db/agents"

/** An agent as the contract shows it. */
export function agentOf(row: agents.AgentRow): Agent {
  const { id, definition, version, created_by, created_at, updated_at } = row
  return { id, ...definition, version, created_by, created_at, updated_at }
}

/** What the audit log keeps of an agent: what it is called and may do, not its words. */
export const factsOf = ({ definition, version }: agents.AgentRow) => ({
  name: definition.name,
  model: definition.model,
  llm_provider_id: definition.llm_provider_id,
  tool_ids: definition.tool_ids,
  limits: definition.config.limits,
  status: definition.status,
  version,
})

export function newAgentRow(ctx: Ctx, draft: AgentDraft): agents.AgentRow {
  const at = isoTime(ctx.now)
  return {
    id: newId<AgentId>("agent", ctx.now, ctx.chance),
    ...agents.columnsOf(draft),
    version: 1,
    created_by: actorId(ctx.actor),
    created_at: at,
    updated_at: at,
    deleted_at: null,
  }
}

/** A version as it is kept for good. */
export const versionRow = (
  { id, version, definition, updated_at }: agents.AgentRow,
  ctx: Ctx,
): agents.AgentVersionRow => ({
  agent_id: id,
  version,
  definition,
  created_by: actorId(ctx.actor),
  created_at: updated_at,
})

/** What writes a new agent: the row, its first version, and the entry that says so. */
export const creation = (ctx: Ctx, row: agents.AgentRow): [Statement, Statement, Statement] => [
  agents.insert(row),
  agents.insertVersion(versionRow(row, ctx)),
  audit(ctx, "agent.create", { target: row.id, after: factsOf(row) }),
]
