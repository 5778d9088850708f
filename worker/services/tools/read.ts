import type { toolsApi } from "#core/contract/tools"
import { pageInfo, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import { found } from "#core/errors"
import type { ToolId } from "#core/ids"
import { builtinTools } from "#core/tool/builtin/all"
import { allow, type Ctx } from "#worker/context"
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
  return { tool: toolOf(found(await tools.byId(ctx.db, id), "tool.not_found")) }
}
