import type { AgentDraft } from "#core/agent/agent"
import type { Agent } from "#core/contract/agents"
import { audit } from "#worker/audit/record"
import { allow, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as agents from "#worker/db/agents"
import { assertWorkable } from "./references.ts"
import { agentOf, factsOf, newAgentRow, versionRow } from "./shape.ts"

/** Creates an agent with its first version. */
export async function createAgent(ctx: Ctx, draft: AgentDraft): Promise<{ agent: Agent }> {
  allow(ctx.actor, "agent.edit")
  await assertWorkable(ctx, draft)
  const row = newAgentRow(ctx, draft)
  return commit(
    ctx,
    { agent: agentOf(row) },
    agents.insert(row),
    agents.insertVersion(versionRow(row, ctx)),
    audit(ctx, "agent.create", { target: row.id, after: factsOf(row) }),
  )
}
