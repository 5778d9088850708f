import { crewsApi } from "#core/contract/crews"
import { call } from "./api.ts"
import { pairs } from "./crewai/pairs.ts"
import { shopDocument } from "./openapi.ts"
import { agentDraft, crewDraft, newAgent, newTool, toolDraft } from "./definitions.ts"

/** One of what makes up a crew. */
export type CrewWorld = Record<"agent_id" | "crew_id" | "tool_id" | "memory_id" | "example_id", string>

export async function newCrewWorld(token: string): Promise<CrewWorld> {
  const [tool, reader, writer] = [await newTool(token), await newAgent(token), await newAgent(token)]
  const { crew } = await call(crewsApi.create, { token, body: crewDraft(reader.id, writer.id) })
  return {
    agent_id: reader.id,
    crew_id: crew.id,
    tool_id: tool.id,
    memory_id: "mem_01JD0000000000000000000000",
    // An example is nobody's: those who ask for others' things are to find none.
    example_id: "nothing",
  }
}

const ulid = "01JD0000000000000000000000"

export const nobody: CrewWorld = {
  agent_id: `agent_${ulid}`,
  crew_id: `crew_${ulid}`,
  tool_id: `tool_${ulid}`,
  memory_id: `mem_${ulid}`,
  example_id: "nothing",
}

/** A whole and right request body for each route of agents, crews and tools that takes one. */
export const crewBodies: Record<string, (world: CrewWorld) => unknown> = {
  "PUT /crews/:crew_id/shares": () => ({ access: "role", shares: [] }),
  "PUT /agents/:agent_id/shares": () => ({ access: "role", shares: [] }),
  "PUT /flows/:flow_id/shares": () => ({ access: "role", shares: [] }),
  "POST /agents": () => agentDraft(),
  "PUT /agents/:agent_id": () => agentDraft(),
  "POST /agents/:agent_id/rollback": () => ({ version: 1 }),
  "POST /agents/:agent_id/test": () => ({ task: "Summarise this: all is well.", draft: agentDraft() }),
  "POST /tools": () => toolDraft(),
  "PUT /tools/:tool_id": () => toolDraft(),
  "POST /tools/:tool_id/invoke": () => ({ input: {} }),
  "POST /tools/import/openapi": () => ({ document: shopDocument() }),
  // Nobody is asked: the address is a reserved one.
  "POST /tools/import/mcp": () => ({ url: "https://mcp.shop.example/mcp" }),
  "POST /tools/:tool_id/rollback": () => ({ version: 1 }),
  // Unfinished: what a body names of a tenant is refused before the rest is looked at.
  "POST /crews": ({ agent_id }) => crewDraft(agent_id, agent_id, { agents: [] }),
  "PUT /crews/:crew_id": ({ agent_id }) => crewDraft(agent_id, agent_id, { agents: [] }),
  "POST /crews/:crew_id/rollback": () => ({ version: 1 }),
  "POST /crews/:crew_id/test": () => ({ input: { text: "All is well." } }),
  "POST /crews/import": () => ({ name: "Imported", collaboration_pattern: "sequential", ...pairs.report }),
}

export const crewQueries: Record<string, () => Record<string, string>> = {
  "GET /agents/:agent_id/diff": () => ({ from: "1", to: "1" }),
  "GET /tools/:tool_id/diff": () => ({ from: "1", to: "1" }),
  "GET /crews/:crew_id/diff": () => ({ from: "1", to: "1" }),
}
