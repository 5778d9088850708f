import type { AgentDefinition, AgentDraft, AgentOverrides } from "#core/agent/agent"
import { overridden } from "#core/agent/overridden"
import type { CrewDefinition, CrewDraft } from "#core/crew/crew"
import { validateCrew } from "#core/crew/validate"
import { ToolId, type AgentId, type CrewId } from "#core/ids"
import { builtinTool } from "#core/tool/builtin/all"
import type { ToolDefinition, ToolRef } from "#core/tool/tool"
import type { Ctx } from "#worker/context"
import * as agents from "#worker/db/agents"
import * as tools from "#worker/db/tools"

/** Says why an execution cannot begin; it never returns. */
export type Refuse = (message: string) => never

/** An agent with what a node or a crew changes of it, and its tools as they are now. */
export async function agentDefinition(
  ctx: Ctx,
  { id, version }: { id: AgentId; version: number },
  draft: AgentDraft,
  refuse: Refuse,
): Promise<AgentDefinition> {
  const { status, tool_ids, ...rest } = draft
  if (status === "archived") refuse(`The agent ${draft.name} is archived.`)
  const granted = await Promise.all(tool_ids.map((ref) => toolDefinition(ctx, ref, draft.name, refuse)))
  const names = granted.map((one) => one.name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) refuse(`The agent ${draft.name} has two tools that are named ${twice}.`)
  return { ...rest, agent_id: id, version, tools: granted }
}

async function toolDefinition(
  ctx: Ctx,
  ref: ToolRef,
  agent: string,
  refuse: Refuse,
): Promise<ToolDefinition> {
  return storedTool(ctx, ref, () =>
    refuse(`A tool of the agent ${agent} does not exist any more. Take it away, or bring it back.`),
  )
}

/** A tool that this tenant has, or everybody, as it is now. */
export async function storedTool(ctx: Ctx, ref: ToolRef, refuse: Refuse): Promise<ToolDefinition> {
  const known = builtinTool(ref)
  if (known) return known.definition
  const id = ToolId.safeParse(ref).data
  const row = id === undefined ? undefined : await tools.byId(ctx.db, id)
  if (!id || !row) return refuse("The tool does not exist. Choose another, or bring it back.")
  return { id, version: row.version, ...row.definition }
}

/** An agent that this tenant has, as it is now. */
export async function storedAgent(
  ctx: Ctx,
  id: AgentId,
  overrides: AgentOverrides | undefined,
  refuse: Refuse,
): Promise<AgentDefinition> {
  const row = (await agents.byId(ctx.db, id)) ?? refuse("The agent does not exist.")
  return agentDefinition(ctx, row, overridden(row.definition, overrides), refuse)
}

/** A crew with every member as it is now, if it can work. `overrides` are by position, after the crew's own. */
export async function crewDefinition(
  ctx: Ctx,
  { id, version }: { id: CrewId; version: number },
  draft: CrewDraft,
  overrides: Record<string, AgentOverrides>,
  refuse: Refuse,
): Promise<CrewDefinition> {
  const [fault] = validateCrew(draft).filter((one) => one.severity === "error")
  if (fault) refuse(`The crew ${draft.name} cannot work: ${fault.message}`)
  const { agents: members, ...rest } = draft
  const rows = new Map(
    (
      await agents.byIds(
        ctx.db,
        members.map((one) => one.agent_id),
      )
    ).map((row) => [row.id, row]),
  )
  const defined = await Promise.all(
    members.map(async ({ position, agent_id, overrides: own }) => {
      const row = rows.get(agent_id)
      if (!row || row.deleted_at !== null)
        return refuse(`The agent at ${position} in the crew ${draft.name} does not exist any more.`)
      const changed = overridden(overridden(row.definition, own), overrides[position])
      return { position, agent: await agentDefinition(ctx, row, changed, refuse) }
    }),
  )
  return { ...rest, crew_id: id, version, members: defined }
}
