import type { AgentDraft, AgentOverrides } from "#core/agent/agent"
import type { TurnState } from "#core/chat/turn-state"
import type { Ctx } from "#worker/context"
import * as agents from "#worker/db/agents"
import { unveiled } from "#worker/db/shares"
import type { Wanted } from "./models.ts"

/** Whether what is being said is the answer, come what may: then its words can be passed on as they come. */
export type IsAnswer = (state: TurnState) => boolean

const never: IsAnswer = () => false

type Speaks = Pick<AgentDraft, "tool_ids"> & {
  config: Pick<AgentDraft["config"], "output_schema" | "guardrails" | "memory">
}

/** Whoever has nothing to call and nothing to keep to says its answer in its first turn. */
const speaksAtOnce = ({ tool_ids, config }: Speaks): boolean =>
  tool_ids.length === 0 &&
  config.guardrails.length === 0 &&
  config.output_schema === undefined &&
  !config.memory

/**
 * An agent without tools, memory, guardrails and schema speaks for itself; of a sequential crew the one who does the last task, under the
 * same conditions. A manager, a judge or a member with tools may always find that it was only thinking.
 */
export async function answerOf(ctx: Ctx, wanted: Exclude<Wanted, { is: "model" }>): Promise<IsAnswer> {
  if (wanted.is === "agent") return speaksAtOnce(wanted.row.definition) ? () => true : never
  const { collaboration_pattern, tasks, agents: members, config } = wanted.row.definition
  const last = tasks.at(-1)
  const member = members.find(({ position }) => position === last?.position)
  if (
    collaboration_pattern !== "sequential" ||
    config.memory ||
    config.delegation?.length ||
    !last ||
    !member
  )
    return never
  const { needs_approval, guardrails, output_schema } = last
  const row = await agents.byId(unveiled(ctx.db), member.agent_id)
  if (!row || needs_approval || guardrails.length > 0 || output_schema !== undefined) return never
  return speaksAtOnce(asMember(row.definition, member.overrides)) ? sayingAt(last.id) : never
}

const sayingAt =
  (task: string): IsAnswer =>
  ({ speaker }) =>
    speaker !== undefined && nodesOf(speaker.place).includes(task)

/** An agent as a crew has it: what the crew changes counts. */
const asMember = ({ tool_ids, config }: Speaks, changed: AgentOverrides | undefined): Speaks => ({
  tool_ids: changed?.tool_ids ?? tool_ids,
  config: {
    guardrails: changed?.config?.guardrails ?? config.guardrails,
    output_schema: changed?.config?.output_schema ?? config.output_schema,
    memory: changed?.config?.memory ?? config.memory,
  },
})

/** The nodes that a place is inside of, itself included. */
const nodesOf = (place: string): string[] => place.split("/").map((part) => part.replace(/\[\d+\]$/, ""))
