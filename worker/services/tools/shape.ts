import { actorId } from "#core/access/roles"
import type { Tool } from "#core/contract/tools"
import { Failure, type InputFault } from "#core/errors"
import { newId, type CredentialId, type ToolId } from "#core/ids"
import { credentialsOf, type ToolDraft } from "#core/tool/tool"
import { builtinTool } from "#core/tool/builtin/all"
import { toolFaults } from "#core/tool/validate"
import { isoTime, type Ctx } from "#worker/context"
import * as credentials from "#worker/db/credentials"
import * as flows from "#worker/db/flows"
import { usableIn } from "#worker/db/shares"
import type * as tools from "#worker/db/tools"

/** A tool as the contract shows it. */
export const toolOf = ({
  id,
  definition,
  version,
  created_by,
  created_at,
  updated_at,
}: tools.ToolRow): Tool => ({
  ...definition,
  id,
  version,
  created_by,
  created_at,
  updated_at,
})

/** What the audit log keeps of a tool: what it may do and with whose secret. */
export const factsOf = ({ definition, version }: tools.ToolRow) => ({
  name: definition.name,
  kind: definition.kind,
  risk: definition.risk,
  needs_approval: definition.needs_approval,
  ...reachOf(definition),
  version,
})

/** What a tool reaches, by its kind: never what it sends, nor its program. */
function reachOf(draft: ToolDraft) {
  const credential_ids = credentialsOf(draft)
  const sent = credential_ids.length > 0 ? { credential_ids } : {}
  switch (draft.kind) {
    case "http":
      return { method: draft.execution_config.method, url: draft.execution_config.url, ...sent }
    case "openapi": {
      const { method, server_url, path } = draft.execution_config
      return { method, url: `${server_url.replace(/\/$/, "")}${path}`, ...sent }
    }
    case "mcp":
      return { url: draft.execution_config.url, tool_name: draft.execution_config.tool_name, ...sent }
    case "container": {
      const { runtime, egress, env } = draft.execution_config
      return { runtime, egress, env: Object.keys(env), ...sent }
    }
    case "flow":
      return { ...draft.execution_config }
    case "isolate":
      return {}
    default:
      return draft satisfies never
  }
}

export function newToolRow(ctx: Ctx, draft: ToolDraft): tools.ToolRow {
  const at = isoTime(ctx.now)
  return {
    id: newId<ToolId>("tool", ctx.now, ctx.chance),
    ...columnsOf(draft),
    version: 1,
    created_by: actorId(ctx.actor),
    created_at: at,
    updated_at: at,
    deleted_at: null,
  }
}

/** A version as it is kept for good. */
export const versionRow = (
  { id, version, definition, updated_at }: tools.ToolRow,
  ctx: Ctx,
): tools.ToolVersionRow => ({
  tool_id: id,
  version,
  definition,
  created_by: actorId(ctx.actor),
  created_at: updated_at,
})

/** What every write of a definition brings up to date with it. */
export const columnsOf = (definition: ToolDraft) => ({
  definition,
  name: definition.name,
  description: definition.description,
})

/** Refuses a tool that could not work, or names what this tenant does not have. */
export async function assertWorkable(ctx: Ctx, draft: ToolDraft): Promise<void> {
  const errors = await workFaults(ctx, draft)
  if (errors.length > 0) throw new Failure("request.invalid", { errors: errors.slice(0, 50) })
}

/** Everything that keeps a tool from working, or that it names and this tenant does not have. */
export async function workFaults(ctx: Ctx, draft: ToolDraft): Promise<InputFault[]> {
  const errors = toolFaults(draft)
  if (builtinTool(`builtin:${draft.name}`))
    errors.push({ path: "name", message: "A tool that every tenant has is called so. Choose another name." })
  errors.push(...(await unknownIn(ctx, draft)))
  return errors
}

/** What a tool names and this tenant does not have. */
async function unknownIn(ctx: Ctx, draft: ToolDraft): Promise<InputFault[]> {
  const places = Object.entries(draft.credentials ?? {}).map(([name, id]): [string, CredentialId] => [
    `credentials.${name}`,
    id,
  ])
  if ("credential_id" in draft.execution_config && draft.execution_config.credential_id !== undefined)
    places.push(["execution_config.credential_id", draft.execution_config.credential_id])
  const errors: InputFault[] = []
  for (const [path, id] of places)
    if (!(await credentials.byId(ctx.db, id)))
      errors.push({ path, message: "These credentials do not exist." })
  if (draft.kind === "flow" && !(await flows.byId(usableIn(ctx.db), draft.execution_config.flow_id)))
    errors.push({ path: "execution_config.flow_id", message: "This flow does not exist." })
  return errors
}
