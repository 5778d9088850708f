import { Bot, Users, Workflow, type LucideIcon } from "lucide-react"
import type { ChatSession } from "#core/contract/chat"
import type { Partner } from "#web/api/partners.ts"

export const partnerLook: Record<
  Partner["is"],
  { icon: LucideIcon; word: string; heading: string; tile: string }
> = {
  crew: { icon: Users, word: "Crew", heading: "Crews", tile: "bg-kind-agent-soft text-kind-agent" },
  agent: { icon: Bot, word: "Agent", heading: "Agents", tile: "bg-kind-agent-soft text-kind-agent" },
  flow: { icon: Workflow, word: "Flow", heading: "Flows", tile: "bg-kind-control-soft text-kind-control" },
}

/** What the partner of a chat is. */
export function partnerKind({ crew_id, agent_id }: Pick<ChatSession, "crew_id" | "agent_id">): Partner["is"] {
  if (crew_id !== null) return "crew"
  return agent_id !== null ? "agent" : "flow"
}
