import type { AgentDraft } from "#core/agent/agent"
import type { Agent } from "#core/contract/agents"
import { found } from "#core/errors"
import type { AgentId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, assertVersion, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as agents from "#worker/db/agents"
import { assertWorkable } from "./references.ts"
import { agentOf, factsOf, versionRow } from "./shape.ts"

/** Changes an agent. `was` is the version that the caller read, when it said so. */
export async function updateAgent(
  ctx: Ctx,
  id: AgentId,
  was: number | undefined,
  draft: AgentDraft,
): Promise<{ agent: Agent }> {
  allow(ctx.actor, "agent.edit")
  const row = found(await agents.byId(ctx.db, id), "agent.not_found")
  assertVersion(row.version, was)
  return saveAgent(ctx, row, draft, "agent.update")
}

/** Makes an earlier version the next one. */
export async function rollbackAgent(
  ctx: Ctx,
  id: AgentId,
  was: number | undefined,
  version: number,
): Promise<{ agent: Agent }> {
  allow(ctx.actor, "agent.edit")
  const row = found(await agents.byId(ctx.db, id), "agent.not_found")
  assertVersion(row.version, was)
  const { definition } = found(await agents.versionOf(ctx.db, id, version), "agent.version_not_found")
  return saveAgent(ctx, row, definition, "agent.rollback")
}

async function saveAgent(
  ctx: Ctx,
  row: agents.AgentRow,
  draft: AgentDraft,
  action: string,
): Promise<{ agent: Agent }> {
  await assertWorkable(ctx, draft)
  const change = { ...agents.columnsOf(draft), updated_at: isoTime(ctx.now) }
  const saved = { ...row, ...change, version: row.version + 1 }
  return commit(
    ctx,
    { agent: agentOf(saved) },
    agents.save(ctx.db, row.id, row.version, change),
    agents.insertVersion(versionRow(saved, ctx)),
    audit(ctx, action, { target: row.id, before: factsOf(row), after: factsOf(saved) }),
  )
}
