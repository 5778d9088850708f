import * as z from "zod"
import { AgentOverrides } from "#core/agent/agent"
import { AgentId } from "#core/ids"
import { JsonValue } from "../graph.ts"
import { common, errorHandle, firstLine, out, stringsIn, type Kind } from "./kind.ts"

export const AgentData = z.strictObject({
  agent_id: AgentId.meta({ title: "Agent" }),
  task: z.string().min(1, { error: "Say what is to be done" }).max(200_000).meta({
    title: "Task",
    description: "What the agent is to do; may hold expressions",
  }),
  history: JsonValue.optional().meta({
    title: "What was said before",
    description:
      "An expression that makes a list of messages, each with role (user or assistant) and content",
  }),
  overrides: AgentOverrides.optional().meta({
    title: "Changes",
    description: "What is different about the agent here",
  }),
  ...common,
})
export type AgentData = z.infer<typeof AgentData>

/** By what a frozen graph keeps an agent: with changes of its own it is another one. */
export const agentKey = ({ agent_id, overrides }: { agent_id: string; overrides?: unknown }): string =>
  overrides === undefined ? agent_id : `${agent_id} ${JSON.stringify(overrides)}`

export const agent: Kind = {
  type: "agent",
  title: "Agent",
  summary: "Gives an agent a task; it thinks, uses its tools and answers",
  family: "agents",
  icon: "bot",
  act: "scope",
  data: AgentData,
  takesInput: true,
  handles: () => [out, errorHandle],
  expressions: (data) => [...stringsIn(data["task"], "task"), ...stringsIn(data["history"], "history")],
  substance: (data) => firstLine(data["task"]) || "No task yet",
}
