import type { BodyIn } from "#core/contract/endpoint"
import { agentsApi, type Agent } from "#core/contract/agents"
import { crewsApi, type Crew } from "#core/contract/crews"
import { toolsApi, type Tool } from "#core/contract/tools"
import { AgentId } from "#core/ids"
import { call } from "./api.ts"
import { unique } from "./tenants.ts"

export type AgentBody = BodyIn<typeof agentsApi.create>
export type CrewBody = BodyIn<typeof crewsApi.create>
export type ToolBody = Extract<BodyIn<typeof toolsApi.create>, { kind: "http" }>

export const agentDraft = (more: Partial<AgentBody> = {}): AgentBody => ({
  name: unique("Agent"),
  role: "who reads",
  goal: "Say what it holds.",
  ...more,
})

export const toolDraft = (more: Partial<ToolBody> = {}): ToolBody => ({
  name: unique("shop").replaceAll("-", "_"),
  description: "Looks up an order by its number.",
  kind: "http",
  input_schema: { type: "object", properties: { order: { type: "string" } }, required: ["order"] },
  execution_config: { url: "https://api.example.com/orders/{{ input.order }}" },
  ...more,
})

export const newAgent = async (token: string, more: Partial<AgentBody> = {}): Promise<Agent> =>
  (await call(agentsApi.create, { token, body: agentDraft(more) })).agent

export const newTool = async (token: string, more: Partial<ToolBody> = {}): Promise<Tool> =>
  (await call(toolsApi.create, { token, body: toolDraft(more) })).tool

/** A crew of two that can work: one reads, one writes. */
export const crewDraft = (reader: string, writer: string, more: Partial<CrewBody> = {}): CrewBody => ({
  name: unique("Crew"),
  collaboration_pattern: "sequential",
  agents: [
    { agent_id: AgentId.parse(reader), position: "reader" },
    { agent_id: AgentId.parse(writer), position: "writer" },
  ],
  tasks: [
    { id: "read", description: "Read {{ input.text }}", position: "reader" },
    { id: "write", description: "Summarise {{ tasks.read }}", position: "writer" },
  ],
  ...more,
})

export async function newCrew(token: string, more: Partial<CrewBody> = {}): Promise<Crew> {
  const [reader, writer] = [await newAgent(token), await newAgent(token)]
  return (await call(crewsApi.create, { token, body: crewDraft(reader.id, writer.id, more) })).crew
}
