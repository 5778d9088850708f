import type { Tool } from "#core/contract/tools"
import { found } from "#core/errors"
import type { ToolId } from "#core/ids"
import type { ToolDraft } from "#core/tool/tool"
import { audit } from "#worker/audit/record"
import { allow, assertVersion, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as tools from "#worker/db/tools"
import { assertWorkable, columnsOf, factsOf, toolOf } from "./shape.ts"

/** Changes a tool. `was` is the version that the caller read, when it said so. */
export async function updateTool(
  ctx: Ctx,
  id: ToolId,
  was: number | undefined,
  draft: ToolDraft,
): Promise<{ tool: Tool }> {
  allow(ctx.actor, "agent.edit")
  const row = found(await tools.byId(ctx.db, id), "tool.not_found")
  assertVersion(row.version, was)
  await assertWorkable(ctx, draft)
  const change = { ...columnsOf(draft), updated_at: isoTime(ctx.now) }
  const saved = { ...row, ...change, version: row.version + 1 }
  return commit(
    ctx,
    { tool: toolOf(saved) },
    tools.save(ctx.db, id, row.version, change),
    audit(ctx, "tool.update", { target: id, before: factsOf(row), after: factsOf(saved) }),
  )
}
