import { actorId } from "#core/access/roles"
import type { Tool } from "#core/contract/tools"
import { newId, type ToolId } from "#core/ids"
import type { ToolDraft } from "#core/tool/tool"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as tools from "#worker/db/tools"
import { assertWorkable, columnsOf, factsOf, toolOf } from "./shape.ts"

/** Creates a tool. Its name is the tenant's only one: a model knows tools by their names. */
export async function createTool(ctx: Ctx, draft: ToolDraft): Promise<{ tool: Tool }> {
  allow(ctx.actor, "agent.edit")
  await assertWorkable(ctx, draft)
  const at = isoTime(ctx.now)
  const row: tools.ToolRow = {
    id: newId<ToolId>("tool", ctx.now, ctx.chance),
    ...columnsOf(draft),
    version: 1,
    created_by: actorId(ctx.actor),
    created_at: at,
    updated_at: at,
    deleted_at: null,
  }
  return commit(
    ctx,
    { tool: toolOf(row) },
    tools.insert(row),
    audit(ctx, "tool.create", { target: row.id, after: factsOf(row) }),
  )
}
