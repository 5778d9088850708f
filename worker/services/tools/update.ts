import type { Tool } from "#core/contract/tools"
import { found } from "#core/errors"
import type { ToolId } from "#core/ids"
import type { ToolDraft } from "#core/tool/tool"
import { audit } from "#worker/audit/record"
import { allow, assertVersion, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as tools from "#worker/db/tools"
import { assertWorkable, columnsOf, factsOf, toolOf, versionRow } from "./shape.ts"

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
  return saveTool(ctx, row, draft, "tool.update")
}

/** Makes an earlier version the next one. */
export async function rollbackTool(
  ctx: Ctx,
  id: ToolId,
  was: number | undefined,
  version: number,
): Promise<{ tool: Tool }> {
  allow(ctx.actor, "agent.edit")
  const row = found(await tools.byId(ctx.db, id), "tool.not_found")
  assertVersion(row.version, was)
  const { definition } = found(await tools.versionOf(ctx.db, id, version), "tool.version_not_found")
  return saveTool(ctx, row, definition, "tool.rollback")
}

async function saveTool(
  ctx: Ctx,
  row: tools.ToolRow,
  draft: ToolDraft,
  action: string,
): Promise<{ tool: Tool }> {
  await assertWorkable(ctx, draft)
  const change = { ...columnsOf(draft), updated_at: isoTime(ctx.now) }
  const saved = { ...row, ...change, version: row.version + 1 }
  return commit(
    ctx,
    { tool: toolOf(saved) },
    tools.save(ctx.db, row.id, row.version, change),
    tools.insertVersion(versionRow(saved, ctx)),
    audit(ctx, action, { target: row.id, before: factsOf(row), after: factsOf(saved) }),
  )
}
