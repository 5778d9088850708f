import type { Tool } from "#core/contract/tools"
import { Failure } from "#core/errors"
import type { ToolDraft } from "#core/tool/tool"
import { builtinTool } from "#core/tool/builtin/all"
import { toolFaults } from "#core/tool/validate"
import type { Ctx } from "#worker/context"
import * as credentials from "#worker/db/credentials"
import type { ToolRow } from "#worker/db/tools"

/** A tool as the contract shows it. */
export const toolOf = ({ id, definition, version, created_by, created_at, updated_at }: ToolRow): Tool => ({
  ...definition,
  id,
  version,
  created_by,
  created_at,
  updated_at,
})

/** What the audit log keeps of a tool: what it may do and with whose secret. */
export const factsOf = ({ definition, version }: ToolRow) => ({
  name: definition.name,
  kind: definition.kind,
  risk: definition.risk,
  needs_approval: definition.needs_approval,
  method: definition.execution_config.method,
  url: definition.execution_config.url,
  credential_id: definition.execution_config.credential_id,
  version,
})

/** What every write of a definition brings up to date with it. */
export const columnsOf = (definition: ToolDraft) => ({
  definition,
  name: definition.name,
  description: definition.description,
})

/** Refuses a tool that could not work, or names what this tenant does not have. */
export async function assertWorkable(ctx: Ctx, draft: ToolDraft): Promise<void> {
  const errors = toolFaults(draft)
  if (builtinTool(`builtin:${draft.name}`))
    errors.push({ path: "name", message: "A tool that every tenant has is called so. Choose another name." })
  const { credential_id } = draft.execution_config
  if (credential_id !== undefined && !(await credentials.byId(ctx.db, credential_id)))
    errors.push({ path: "execution_config.credential_id", message: "These credentials do not exist." })
  if (errors.length > 0) throw new Failure("request.invalid", { errors: errors.slice(0, 50) })
}
