import { queryOptions } from "@tanstack/react-query"
import { flowsApi } from "#core/contract/flows"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"

/** The flow that is opened, with what the server finds wrong with it. */
export const flowQuery = (id: string) =>
  queryOptions({
    queryKey: [...queryKeys.flow(id), "editor"],
    queryFn: ({ signal }) => call(flowsApi.get, { params: { flow_id: id }, signal }),
    // Opening always asks anew; once open, the canvas keeps the draft up to date itself.
    gcTime: 0,
    staleTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
