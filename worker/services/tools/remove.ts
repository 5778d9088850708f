import type { Tool } from "#core/contract/tools"
import { Failure, found } from "#core/errors"
import type { ToolId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import { unveiled } from "#worker/db/shares"
import { usersOfTool } from "#worker/db/tool-users"
import * as tools from "#worker/db/tools"
import { usersSaid } from "#worker/services/in-use"
import { toolOf } from "./shape.ts"

/** Deletes a tool softly, once no agent, crew or flow has it any more. */
export async function removeTool(ctx: Ctx, id: ToolId): Promise<void> {
  allow(ctx.actor, "agent.edit")
  const row = found(await tools.byId(ctx.db, id), "tool.not_found")
  const { agents, crews, flows } = await usersOfTool(ctx.db, id)
  const users = [...agents, ...crews, ...flows]
  if (users.length === 0 && ctx.db.viewer && isUsed(await usersOfTool(unveiled(ctx.db), id)))
    throw new Failure("tool.in_use", {
      detail: "Something that is not shared with you has this tool. Ask an admin of the workspace.",
    })
  if (users.length > 0)
    throw new Failure("tool.in_use", {
      detail: `${usersSaid(users)} ${users.length === 1 ? "has" : "have"} this tool. Take it away there first.`,
      more: { agents, crews, flows },
    })
  await commit(
    ctx,
    undefined,
    tools.remove(ctx.db, id, isoTime(ctx.now)),
    audit(ctx, "tool.delete", { target: id, before: { name: row.name } }),
  )
}

const isUsed = (users: Awaited<ReturnType<typeof usersOfTool>>): boolean =>
  Object.values(users).some((some) => some.length > 0)

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
