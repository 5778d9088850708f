import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import type { QueryIn } from "#core/contract/endpoint"
import { executionsApi } from "#core/contract/executions"
import { toolsApi } from "#core/contract/tools"
import type { ExecutionId, ToolId } from "#core/ids"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"

export type CallStatus = NonNullable<NonNullable<QueryIn<typeof toolsApi.invocations>>["status"]>

const pageSize = 50
/** Who looks at the list sees calls come; the further one has scrolled, the dearer it is to look for them. */
const everyMs = 3_000

export const invocationsQuery = (id: ToolId, status: CallStatus | undefined) =>
  infiniteQueryOptions({
    queryKey: [...queryKeys.toolInvocations(id), status ?? "all"],
    queryFn: ({ pageParam, signal }) =>
      call(toolsApi.invocations, {
        params: { tool_id: id },
        query: { page: pageParam, limit: pageSize, ...(status ? { status } : {}) },
        signal,
      }),
    initialPageParam: 1,
    getNextPageParam: ({ page_info: info }) => (info.has_next ? info.page + 1 : undefined),
    refetchInterval: ({ state }) => everyMs * Math.max(1, state.data?.pages.length ?? 1),
  })

/** The execution that a call was a part of, with its steps; it has ended, or this step of it has. */
export const calledQuery = (id: ExecutionId) =>
  queryOptions({
    queryKey: [...queryKeys.execution(id), "calls"],
    queryFn: ({ signal }) => call(executionsApi.get, { params: { execution_id: id }, signal }),
    staleTime: 10_000,
  })
