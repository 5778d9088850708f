import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { sharesApi, type SharingDraft, type SharingReply } from "#core/contract/shares"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"

/** What is shared. */
export type Shared = { is: "flow" | "crew" | "agent"; id: string }

type Sent = { body: SharingDraft; headers: Record<string, string> }
type Doors = {
  read: (id: string, signal: AbortSignal) => Promise<SharingReply>
  write: (id: string, sent: Sent) => Promise<SharingReply>
}

const doors: Record<Shared["is"], Doors> = {
  flow: {
    read: (flow_id, signal) => call(sharesApi.flow, { params: { flow_id }, signal }),
    write: (flow_id, sent) => call(sharesApi.shareFlow, { params: { flow_id }, ...sent }),
  },
  crew: {
    read: (crew_id, signal) => call(sharesApi.crew, { params: { crew_id }, signal }),
    write: (crew_id, sent) => call(sharesApi.shareCrew, { params: { crew_id }, ...sent }),
  },
  agent: {
    read: (agent_id, signal) => call(sharesApi.agent, { params: { agent_id }, signal }),
    write: (agent_id, sent) => call(sharesApi.shareAgent, { params: { agent_id }, ...sent }),
  },
}

export const sharingQuery = ({ is, id }: Shared) =>
  queryOptions({
    queryKey: queryKeys.shares(id),
    queryFn: ({ signal }) => doors[is].read(id, signal),
    // Others share too: a dialog begins with what is so now.
    staleTime: 0,
  })

/** Writes the shares over the version that was read. */
export function useShare(what: Shared) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ body, onto }: { body: SharingDraft; onto: number }) =>
      doors[what.is].write(what.id, { body, headers: { "if-match": `"v${onto}"` } }),
    onSuccess: (reply) => queries.setQueryData(sharingQuery(what).queryKey, reply),
  })
}
