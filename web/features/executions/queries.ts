import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { approvalsApi } from "#core/contract/approvals"
import { debuggingApi } from "#core/contract/debugging"
import type { QueryIn } from "#core/contract/endpoint"
import { executionsApi } from "#core/contract/executions"
import { isSettled } from "#core/execution/status"
import type { ExecutionId } from "#core/ids"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"

export type ExecutionListQuery = Omit<NonNullable<QueryIn<typeof executionsApi.list>>, "page" | "limit">

const pageSize = 100
/** Rows that are under way are asked for again this often; a list of settled ones only looks for new rows. */
const liveMs = 2_000
const idleMs = 15_000

export const executionListQuery = (query: ExecutionListQuery) =>
  infiniteQueryOptions({
    queryKey: queryKeys.executionList(query),
    queryFn: ({ pageParam, signal }) =>
      call(executionsApi.list, { query: { ...query, page: pageParam, limit: pageSize }, signal }),
    initialPageParam: 1,
    getNextPageParam: ({ page_info: info }) => (info.has_next ? info.page + 1 : undefined),
    refetchInterval: ({ state }) => {
      const rows = state.data?.pages.flatMap((page) => page.executions) ?? []
      // The further one has scrolled, the dearer a refresh of all of it.
      const pages = Math.max(1, state.data?.pages.length ?? 1)
      return (rows.some((row) => !isSettled(row.status)) ? liveMs : idleMs) * pages
    },
  })

export const executionQuery = (id: string) =>
  queryOptions({
    queryKey: queryKeys.execution(id),
    queryFn: ({ signal }) => call(executionsApi.get, { params: { execution_id: id as ExecutionId }, signal }),
    // What changes comes by the stream; the graph and the inputs are frozen.
    staleTime: Infinity,
  })

/** Two executions side by side. */
export const diffQuery = (id: string, other: string) =>
  queryOptions({
    queryKey: queryKeys.executionDiff(id, other),
    queryFn: ({ signal }) =>
      call(debuggingApi.diff, {
        params: { execution_id: id as ExecutionId },
        query: { with: other },
        signal,
      }),
  })

/** The executions of the same flow that one may be compared with: those before it first. */
export const relativesQuery = (flowId: string) =>
  queryOptions({
    queryKey: queryKeys.executionList({ flow_id: flowId, for: "compare" }),
    queryFn: ({ signal }) =>
      call(executionsApi.list, {
        query: { flow_id: flowId, sort: "-created_at", limit: 50 },
        signal,
      }),
    staleTime: 10_000,
  })

/** How many executions stand still until somebody says what became of a step that was cut off. */
export const attentionQuery = queryOptions({
  queryKey: [...queryKeys.executions, "attention"],
  queryFn: ({ signal }) =>
    call(executionsApi.list, { query: { status: "needs_attention", limit: 1 }, signal }),
  refetchInterval: 10_000,
})

/** How many questions executions ask of the person who looks. */
export const askedOfMeQuery = queryOptions({
  queryKey: [...queryKeys.approvals, "count", "mine"],
  queryFn: ({ signal }) =>
    call(approvalsApi.list, { query: { status: "open", mine: "true", limit: 1 }, signal }),
  refetchInterval: 10_000,
})

/** The address that lets a waiting step go on. It stays the same, so it is asked for once. */
export const callbackQuery = (id: ExecutionId, step: string) =>
  queryOptions({
    queryKey: [...queryKeys.execution(id), "callback", step],
    queryFn: ({ signal }) =>
      call(approvalsApi.callbackAddress, { params: { execution_id: id }, query: { step }, signal }),
    staleTime: Infinity,
  })
