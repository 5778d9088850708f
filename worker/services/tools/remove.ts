import type { Tool } from "#core/contract/tools"
import { Failure, found } from "#core/errors"
import type { ToolId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as tools from "#worker/db/tools"
import { toolOf } from "./shape.ts"

/** Deletes a tool softly, once no agent has it any more. */
export async function removeTool(ctx: Ctx, id: ToolId): Promise<void> {
  allow(ctx.actor, "agent.edit")
  const row = found(await tools.byId(ctx.db, id), "tool.not_found")
  const agents = await tools.agentsOf(ctx.db, id)
  if (agents.length > 0) {
    const shown = agents.slice(0, 3).map(({ name }) => `“${name}”`)
    const rest = agents.length > shown.length ? ` and ${agents.length - shown.length} more` : ""
    throw new Failure("tool.in_use", {
      detail: `${shown.join(", ")}${rest} ${agents.length === 1 ? "has" : "have"} this tool. Take it away there first.`,
      more: { agents },
    })
  }
  await commit(
    ctx,
    undefined,
    tools.remove(ctx.db, id, isoTime(ctx.now)),
    audit(ctx, "tool.delete", { target: id, before: { name: row.name } }),
  )
}

/** Brings a deleted tool back, unless another has its name by now. */
export async function restoreTool(ctx: Ctx, id: ToolId): Promise<{ tool: Tool }> {
  allow(ctx.actor, "agent.edit")
  const row = found(await tools.deletedById(ctx.db, id), "tool.not_found")
  return commit(
    ctx,
    { tool: toolOf(row) },
    tools.restore(ctx.db, id),
    audit(ctx, "tool.restore", { target: id, after: { name: row.name } }),
  )
}
