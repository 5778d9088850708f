import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery, useQueries } from "@tanstack/react-query"
import { useCallback, useMemo } from "react"
import { toolsApi, type Tool } from "#core/contract/tools"
import type { ReplyOf } from "#core/contract/endpoint"
import type { JsonObject } from "#core/json"
import type { Risk, ToolRef } from "#core/tool/tool"
import { call } from "#web/api/call.ts"
import { toolQuery } from "#web/api/choices.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { useSettled } from "#web/ui/use-settled.ts"

/** A tool that can be granted: one of the tenant, or one that every tenant has. */
export type Offered = {
  id: ToolRef
  name: string
  description: string
  risk: Risk
  input_schema: JsonObject
  own: Tool | null
}

const pageSize = 100

const offersQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: [...queryKeys.tools, "offers", search],
    queryFn: ({ pageParam, signal }) =>
      call(toolsApi.list, {
        query: { page: pageParam, limit: pageSize, sort: "name", ...(search ? { search } : {}) },
        signal,
      }),
    initialPageParam: 1,
    getNextPageParam: ({ page_info: info }) => (info.has_next ? info.page + 1 : undefined),
  })

const offer = (own: Tool): Offered => ({ ...own, own })

function builtinOf(page: ReplyOf<typeof toolsApi.list> | undefined, search: string): Offered[] {
  const wanted = search.toLowerCase()
  return (page?.builtin ?? [])
    .filter((one) => `${one.name} ${one.description}`.toLowerCase().includes(wanted))
    .map((one) => ({ ...one, id: one.id, own: null }))
}

/** The tools that a search finds, page by page, and those that are granted already, wherever they stand in the list. */
export function useOfferedTools(typed: string, granted: readonly ToolRef[]) {
  const search = useSettled(typed.trim())
  const list = useInfiniteQuery({ ...offersQuery(search), placeholderData: keepPreviousData })
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list
  const pages = list.data?.pages
  const found = useMemo(
    () => [
      ...(pages ?? []).flatMap((page) => page.tools.map(offer)),
      ...(hasNextPage ? [] : builtinOf(pages?.[0], search)),
    ],
    [pages, hasNextPage, search],
  )
  const listed = new Set<string>(found.map((one) => one.id))
  const builtin = new Set(pages?.[0]?.builtin.map((one) => one.id))
  const elsewhere = pages ? granted.filter((id) => !listed.has(id)) : []
  const own = elsewhere.filter((id) => !id.startsWith("builtin:"))
  const fetched = useQueries({ queries: own.map((id) => toolQuery(id)) })
  const onEnd = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  return {
    error: pages ? null : list.error,
    isPending: !pages,
    found,
    /** Granted, and not among those that are listed so far. */
    more: [
      ...fetched.flatMap(({ data }) => (data ? [offer(data)] : [])),
      ...builtinOf(pages?.[0], "").filter((one) => elsewhere.includes(one.id)),
    ],
    gone: elsewhere.filter((id) =>
      id.startsWith("builtin:") ? !builtin.has(id) : fetched[own.indexOf(id)]?.data === null,
    ),
    isSearching: search !== "",
    /** Own ones that the search finds. */
    total: pages?.[0]?.total ?? 0,
    onEnd: hasNextPage ? onEnd : undefined,
  }
}
