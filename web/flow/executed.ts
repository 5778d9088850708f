import { linkOptions } from "@tanstack/react-router"

/** What an execution executes: mostly a flow; an agent or a crew by itself when somebody tries one or talks with it. */
export function executedAt(id: string) {
  if (id.startsWith("agent_"))
    return { noun: "Agent", link: linkOptions({ to: "/agents/$agentId", params: { agentId: id } }) }
  if (id.startsWith("crew_"))
    return { noun: "Crew", link: linkOptions({ to: "/crews/$crewId", params: { crewId: id } }) }
  return { noun: "Flow", link: linkOptions({ to: "/flows/$flowId", params: { flowId: id } }) }
}
