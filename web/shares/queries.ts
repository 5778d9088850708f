import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { sharesApi, type SharingDraft, type SharingReply } from "#core/contract/shares"
import type { AgentId, CrewId, FlowId } from "#core/ids"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"

/** What is shared. */
export type Shared = { is: "flow"; id: FlowId } | { is: "crew"; id: CrewId } | { is: "agent"; id: AgentId }

function read(what: Shared, signal: AbortSignal): Promise<SharingReply> {
  switch (what.is) {
    case "flow":
      return call(sharesApi.flow, { params: { flow_id: what.id }, signal })
    case "crew":
      return call(sharesApi.crew, { params: { crew_id: what.id }, signal })
    case "agent":
      return call(sharesApi.agent, { params: { agent_id: what.id }, signal })
  }
}

function write(what: Shared, body: SharingDraft, onto: number): Promise<SharingReply> {
  const sent = { body, headers: { "if-match": `"v${onto}"` } }
  switch (what.is) {
    case "flow":
      return call(sharesApi.shareFlow, { params: { flow_id: what.id }, ...sent })
    case "crew":
      return call(sharesApi.shareCrew, { params: { crew_id: what.id }, ...sent })
    case "agent":
      return call(sharesApi.shareAgent, { params: { agent_id: what.id }, ...sent })
  }
}

export const sharingQuery = (what: Shared) =>
  queryOptions({
    queryKey: queryKeys.shares(what.id),
    queryFn: ({ signal }) => read(what, signal),
    // Others share too: a dialog begins with what is so now.
    staleTime: 0,
  })

/** Writes the shares over the version that was read. */
export function useShare(what: Shared) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ body, onto }: { body: SharingDraft; onto: number }) => write(what, body, onto),
    onSuccess: (reply) => queries.setQueryData(sharingQuery(what).queryKey, reply),
  })
}
