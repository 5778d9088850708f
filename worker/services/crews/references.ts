import { agentFaults } from "#core/agent/validate"
import type { CrewDraft, CrewMember } from "#core/crew/crew"
import { validateCrew } from "#core/crew/validate"
import { Failure, type InputFault } from "#core/errors"
import { checkTemplate } from "#core/flow/expression/check"
import { error, warning } from "#core/flow/finding"
import type { Finding } from "#core/flow/graph"
import type { Ctx } from "#worker/context"
import * as agents from "#worker/db/agents"
import { unveiled } from "#worker/db/shares"
import { unknownIn } from "#worker/services/agents/references"

/** The agents of a crew's members by id, deleted ones too. */
export const agentsOf = async (ctx: Ctx, { agents: members }: CrewDraft) =>
  new Map(
    (
      await agents.byIds(
        ctx.db,
        members.map((one) => one.agent_id),
      )
    ).map((row) => [row.id, row]),
  )

/**
 * The same for who reads or executes a crew: whoever saved it could use its members, so what is not shared with the reader is there
 * all the same, without a word of what it is.
 */
export async function membersOf(ctx: Ctx, draft: CrewDraft): Promise<Map<string, agents.AgentRow>> {
  const all = await agentsOf({ ...ctx, db: unveiled(ctx.db) }, draft)
  if (!ctx.db.viewer) return all
  const seen = await agentsOf(ctx, draft)
  return new Map([...all].map(([id, row]) => [id, seen.get(row.id) ?? masked(row)]))
}

function masked(row: agents.AgentRow): agents.AgentRow {
  const [name, role, none] = ["An agent that is not shared with you", "", ""]
  const definition = { ...row.definition, name, role, goal: none, backstory: none }
  return { ...row, name, role, definition }
}

/** Refuses a crew that names what this tenant never had, or whose overrides could not work. */
export async function assertKnown(
  ctx: Ctx,
  draft: CrewDraft,
  known: ReadonlyMap<string, agents.AgentRow>,
): Promise<void> {
  const errors: InputFault[] = []
  for (const [i, member] of draft.agents.entries()) {
    const path = `agents.${i}`
    if (!known.has(member.agent_id))
      errors.push({ path: `${path}.agent_id`, message: "This agent does not exist." })
    if (member.overrides) errors.push(...(await overrideFaults(ctx, member.overrides, `${path}.overrides.`)))
  }
  if (errors.length > 0) throw new Failure("request.invalid", { errors: errors.slice(0, 50) })
}

async function overrideFaults(
  ctx: Ctx,
  overrides: NonNullable<CrewMember["overrides"]>,
  path: string,
): Promise<InputFault[]> {
  const { output_schema, guardrails = [] } = overrides.config ?? {}
  return [
    ...agentFaults({ config: { output_schema, guardrails } }, `${path}config`),
    ...(await unknownIn(ctx, overrides, path)),
  ]
}

/** Everything that keeps a crew from working, with what only the tenant's database knows: whether its agents are still there. */
export function findingsOf(draft: CrewDraft, known: ReadonlyMap<string, agents.AgentRow>): Finding[] {
  const members = draft.agents.flatMap(({ agent_id, position }): Finding[] => {
    const at = { node_id: position, path: "agent_id" }
    const agent = known.get(agent_id)
    if (!agent || agent.deleted_at !== null) {
      const name = agent?.name ?? "The agent of this position"
      return [error("crew.deleted_agent", `${name} was deleted. Restore it, or choose another.`, at)]
    }
    const words = wordFindings(agent, position)
    if (agent.status === "active") return words
    return [...words, warning("crew.inactive_agent", `${agent.name} is ${agent.status}.`, at)]
  })
  return [...validateCrew(draft), ...members]
}

/** A member's own words may hold expressions over what the crew is given. */
const wordFindings = ({ name, definition }: agents.AgentRow, position: string): Finding[] =>
  (["role", "goal", "backstory"] as const).flatMap((path) => {
    const fault = checkTemplate(definition[path])
    return fault
      ? [error(fault.code, `${path} of ${name}: ${fault.message}`, { node_id: position, path })]
      : []
  })
