import { queryOptions } from "@tanstack/react-query"
import { agentsApi } from "#core/contract/agents"
import { crewsApi } from "#core/contract/crews"
import { flowsApi } from "#core/contract/flows"
import type { AgentId, CrewId, FlowId } from "#core/ids"
import { call } from "./call.ts"
import { queryKeys } from "./query-keys.ts"

/** Whom one can talk with. */
export type Partner = { name: string; note: string } & (
  | { is: "agent"; id: AgentId }
  | { is: "crew"; id: CrewId }
  | { is: "flow"; id: FlowId }
)

/** What a body says of a partner. */
export function partnerBody(partner: Partner): { agent_id?: AgentId; crew_id?: CrewId; flow_id?: FlowId } {
  switch (partner.is) {
    case "agent":
      return { agent_id: partner.id }
    case "crew":
      return { crew_id: partner.id }
    case "flow":
      return { flow_id: partner.id }
    default:
      return partner satisfies never
  }
}

const most = 30

/** Agents, crews and published flows whose name fits, those changed last first. */
export const partnersQuery = (search: string) =>
  queryOptions({
    queryKey: [...queryKeys.partners, search],
    queryFn: async ({ signal }): Promise<Partner[]> => {
      const query = { limit: most, sort: "-updated_at", ...(search ? { search } : {}) }
      const [{ agents }, { crews }, { flows }] = await Promise.all([
        call(agentsApi.list, { query, signal }),
        call(crewsApi.list, { query, signal }),
        call(flowsApi.list, { query: { ...query, published: "true" }, signal }),
      ])
      return [
        ...crews.map((one) => ({
          is: "crew" as const,
          id: one.id,
          name: one.name,
          note: one.description || `${one.member_count} members, ${one.collaboration_pattern}`,
        })),
        ...agents
          .filter(({ status }) => status !== "archived")
          .map((one) => ({ is: "agent" as const, id: one.id, name: one.name, note: one.role })),
        ...flows.map((one) => ({ is: "flow" as const, id: one.id, name: one.name, note: one.description })),
      ]
    },
    staleTime: 30_000,
  })
