import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import type { QueryIn } from "#core/contract/endpoint"
import { tracesApi } from "#core/contract/traces"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"

export type TraceQuery = Omit<NonNullable<QueryIn<typeof tracesApi.search>>, "page" | "limit">

const pageSize = 100
/** New spans come all the time; the further one has scrolled, the dearer it is to look for them. */
const refreshMs = 10_000

export const spanQuery = (id: string) =>
  queryOptions({
    queryKey: [...queryKeys.traceList({}), "span", id],
    queryFn: async ({ signal }) => (await call(tracesApi.get, { params: { span_id: id }, signal })).span,
    staleTime: Infinity,
  })

export const tracesQuery = (query: TraceQuery) =>
  infiniteQueryOptions({
    queryKey: queryKeys.traceList(query),
    queryFn: ({ pageParam, signal }) =>
      call(tracesApi.search, { query: { ...query, page: pageParam, limit: pageSize }, signal }),
    initialPageParam: 1,
    getNextPageParam: ({ page_info: info }) => (info.has_next ? info.page + 1 : undefined),
    refetchInterval: ({ state }) => refreshMs * Math.max(1, state.data?.pages.length ?? 1),
  })
