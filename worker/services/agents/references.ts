import type { AgentDraft, AgentOverrides } from "#core/agent/agent"
import { agentFaults } from "#core/agent/validate"
import { Failure, type InputFault } from "#core/errors"
import { ToolId, type ProviderId } from "#core/ids"
import type { ToolRef } from "#core/tool/tool"
import { builtinTool } from "#core/tool/builtin/all"
import type { Ctx } from "#worker/context"
import * as providers from "#worker/db/llm-providers"
import * as tools from "#worker/db/tools"

/** Refuses an agent that could not work, or names what this tenant does not have. */
export async function assertWorkable(ctx: Ctx, draft: AgentDraft): Promise<void> {
  const errors = [...agentFaults(draft), ...(await unknownIn(ctx, draft))]
  if (errors.length > 0) throw new Failure("request.invalid", { errors: errors.slice(0, 50) })
}

type Naming = { llm_provider_id?: ProviderId | undefined; tool_ids?: readonly ToolRef[] | undefined }

/** What an agent, or a crew's overrides of one, names and this tenant does not have. */
export async function unknownIn(ctx: Ctx, named: Naming | AgentOverrides, path = ""): Promise<InputFault[]> {
  const { llm_provider_id, tool_ids = [] } = named
  const provider =
    llm_provider_id === undefined || (await providers.byId(ctx.db, llm_provider_id))
      ? []
      : [{ path: `${path}llm_provider_id`, message: "This model provider does not exist." }]
  return [...provider, ...(await unknownTools(ctx, tool_ids, `${path}tool_ids`))]
}

async function unknownTools(ctx: Ctx, refs: readonly ToolRef[], path: string): Promise<InputFault[]> {
  const ids = refs.flatMap((ref) => ToolId.safeParse(ref).data ?? [])
  const known = new Set<string>(
    (await tools.byIds(ctx.db, ids)).flatMap((row) => (row.deleted_at === null ? [row.id] : [])),
  )
  return refs.flatMap((ref, i) => {
    const at = `${path}.${i}`
    if (refs.indexOf(ref) !== i) return [{ path: at, message: "The agent has this tool already." }]
    return builtinTool(ref) || known.has(ref) ? [] : [{ path: at, message: "This tool does not exist." }]
  })
}
