import type { Tool } from "#core/contract/tools"
import type { ToolDraft } from "#core/tool/tool"
import { audit } from "#worker/audit/record"
import { allow, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as tools from "#worker/db/tools"
import { assertWorkable, factsOf, newToolRow, toolOf, versionRow } from "./shape.ts"

/** Creates a tool with its first version. Its name is the tenant's only one: a model knows tools by their names. */
export async function createTool(ctx: Ctx, draft: ToolDraft): Promise<{ tool: Tool }> {
  allow(ctx.actor, "agent.edit")
  await assertWorkable(ctx, draft)
  const row = newToolRow(ctx, draft)
  return commit(
    ctx,
    { tool: toolOf(row) },
    tools.insert(row),
    tools.insertVersion(versionRow(row, ctx)),
    audit(ctx, "tool.create", { target: row.id, after: factsOf(row) }),
  )
}
