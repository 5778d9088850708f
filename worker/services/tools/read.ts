import type { toolsApi } from "#core/contract/tools"
import { pageInfo, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import { found } from "#core/errors"
import type { ToolId } from "#core/ids"
import { differences } from "#core/json-diff"
import { builtinTools } from "#core/tool/builtin/all"
import { scaffolds } from "#core/tool/scaffold"
import type { ToolDraft } from "#core/tool/tool"
import { allow, type Ctx } from "#worker/context"
import { callsOf } from "#worker/db/tool-calls"
import { usersOfTool } from "#worker/db/tool-users"
import * as tools from "#worker/db/tools"
import { toolOf } from "./shape.ts"

/** A page of the tenant's tools, and those that every tenant has. */
export async function listTools(
  ctx: Ctx,
  query: QueryOf<typeof toolsApi.list>,
): Promise<ReplyOf<typeof toolsApi.list>> {
  allow(ctx.actor, "agent.read")
  const { rows, total } = await tools.list(ctx.db, query)
  const builtin = builtinTools.map(({ definition: { id, name, description, input_schema, risk } }) => ({
    id,
    name,
    description,
    input_schema,
    risk,
  }))
  return { tools: rows.map(toolOf), builtin, total, page_info: pageInfo(query.page, query.limit, total) }
}

export async function getTool(ctx: Ctx, id: ToolId): Promise<ReplyOf<typeof toolsApi.get>> {
  allow(ctx.actor, "agent.read")
  const tool = toolOf(found(await tools.byId(ctx.db, id), "tool.not_found"))
  return { tool, used_by: await usersOfTool(ctx.db, id) }
}

export async function listToolVersions(ctx: Ctx, id: ToolId): Promise<ReplyOf<typeof toolsApi.versions>> {
  allow(ctx.actor, "agent.read")
  found(await tools.byId(ctx.db, id), "tool.not_found")
  return { versions: await tools.versionsOf(ctx.db, id) }
}

/** Who called a tool, and how it went. */
export async function listInvocations(
  ctx: Ctx,
  id: ToolId,
  query: QueryOf<typeof toolsApi.invocations>,
): Promise<ReplyOf<typeof toolsApi.invocations>> {
  allow(ctx.actor, "execution.read")
  found(await tools.byId(ctx.db, id), "tool.not_found")
  const { rows, total } = await callsOf(ctx.db, id, query)
  // What has not ended is in no index.
  const invocations = rows.flatMap(({ status, ...row }) => (status === "unset" ? [] : [{ ...row, status }]))
  return { invocations, total, page_info: pageInfo(query.page, query.limit, total) }
}

/** A tool as it was. */
export async function getToolVersion(
  ctx: Ctx,
  id: ToolId,
  number: number,
): Promise<ReplyOf<typeof toolsApi.version>> {
  allow(ctx.actor, "agent.read")
  const { version, created_by, created_at, definition } = await versionOf(ctx, id, number)
  return { version: { version, created_by, created_at, tool: definition } }
}

/** What differs between two versions. */
export async function diffTool(
  ctx: Ctx,
  id: ToolId,
  from: number,
  to: number,
): Promise<ReplyOf<typeof toolsApi.diff>> {
  allow(ctx.actor, "agent.read")
  const as = async (number: number): Promise<ToolDraft> => (await versionOf(ctx, id, number)).definition
  return { changes: differences(await as(from), await as(to)) }
}

async function versionOf(ctx: Ctx, id: ToolId, number: number): Promise<tools.ToolVersionRow> {
  found(await tools.byId(ctx.db, id), "tool.not_found")
  return found(await tools.versionOf(ctx.db, id, number), "tool.version_not_found")
}

/** Programs to begin a tool with; they work as they are. */
export function listScaffolds(ctx: Ctx): Promise<ReplyOf<typeof toolsApi.scaffolds>> {
  allow(ctx.actor, "agent.read")
  return Promise.resolve({ scaffolds: scaffolds.map((one) => ({ ...one })) })
}
