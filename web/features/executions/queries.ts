import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import type { QueryIn } from "#core/contract/endpoint"
import { executionsApi, type ExecutionSummary } from "#core/contract/executions"
import { Failure } from "#core/errors"
import { isSettled } from "#core/execution/status"
import type { ExecutionId } from "#core/ids"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { toast } from "#web/ui/toast.tsx"

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

/** Cancels and retries, and puts the lists right. */
export function useExecutionActs() {
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: queryKeys.executions })
  const cancel = useMutation({
    mutationFn: (rows: readonly Pick<ExecutionSummary, "id">[]) => cancelAll(rows.map((row) => row.id)),
    onSuccess: ({ cancelled, failed }) => {
      if (failed !== undefined) toast.failed(failed, "Not everything was cancelled")
      else if (cancelled > 1) toast.done(`${cancelled} executions are being cancelled`)
    },
    onError: (error) => toast.failed(error),
    onSettled: settle,
  })
  const retry = useMutation({
    mutationFn: (id: ExecutionId) => call(executionsApi.retry, { params: { execution_id: id }, body: {} }),
    onError: (error) => toast.failed(error, "The execution was not retried"),
    onSettled: settle,
  })
  return { cancel, retry }
}

const atOnce = 5

/** A few at a time. One that has ended meanwhile is as good as cancelled. */
async function cancelAll(ids: readonly ExecutionId[]): Promise<{ cancelled: number; failed: unknown }> {
  const open = [...ids]
  let cancelled = 0
  let failed: unknown
  const work = async () => {
    for (let id = open.shift(); id !== undefined; id = open.shift()) {
      try {
        await call(executionsApi.cancel, { params: { execution_id: id } })
        cancelled++
      } catch (error) {
        if (!(error instanceof Failure && error.code === "execution.settled")) failed = error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, ids.length) }, work))
  return { cancelled, failed }
}
