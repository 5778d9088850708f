import type { Agent } from "#core/contract/agents"
import { found } from "#core/errors"
import type { AgentId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as agents from "#worker/db/agents"
import { agentOf } from "./shape.ts"

/** Deletes an agent softly, memories and all. Crews that have it among them say so, and cannot work until it is back. */
export async function removeAgent(ctx: Ctx, id: AgentId): Promise<void> {
  allow(ctx.actor, "agent.edit")
  const row = found(await agents.byId(ctx.db, id), "agent.not_found")
  await commit(
    ctx,
    undefined,
    agents.remove(ctx.db, id, isoTime(ctx.now)),
    audit(ctx, "agent.delete", { target: id, before: { name: row.name } }),
  )
}

/** Brings a deleted agent back as it was. */
export async function restoreAgent(ctx: Ctx, id: AgentId): Promise<{ agent: Agent }> {
  allow(ctx.actor, "agent.edit")
  const row = found(await agents.deletedById(ctx.db, id), "agent.not_found")
  return commit(
    ctx,
    { agent: agentOf(row) },
    agents.restore(ctx.db, id),
    audit(ctx, "agent.restore", { target: id, after: { name: row.name } }),
  )
}
