import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { useCallback, useMemo } from "react"
import { useSettled } from "#web/ui/use-settled.ts"
import { toolListQuery } from "../queries.ts"
import { rowsOf } from "./rows.ts"

/** The list as the URL describes it, and how to describe it otherwise. */
export function useToolList() {
  const search = useSearch({ from: "/shell/inside/tools" })
  const navigate = useNavigate({ from: "/tools" })
  const { sort = "name", kind, risk } = search
  const q = useSettled(search.q ?? "")
  const list = useInfiniteQuery({
    ...toolListQuery({
      sort,
      ...(q ? { search: q } : {}),
      ...(kind ? { kind } : {}),
      ...(risk ? { risk } : {}),
    }),
    placeholderData: keepPreviousData,
  })
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  const total = list.data?.pages[0]?.total
  const isNarrowed = Boolean(q || kind || risk)
  return {
    search,
    sort,
    set: useCallback(
      (change: Partial<typeof search>) =>
        void navigate({ search: (before) => ({ ...before, ...change }), replace: true }),
      [navigate],
    ),
    rows: useMemo(
      () => list.data && rowsOf(list.data.pages, { q, kind, risk, isWhole: !hasNextPage }),
      [list.data, q, kind, risk, hasNextPage],
    ),
    /** The tenant's own. */
    total,
    error: list.error,
    refetch: () => void list.refetch(),
    onEnd: hasNextPage ? more : undefined,
    isNarrowed,
    /** The tenant has none of its own yet. */
    isFirst: total === 0 && !isNarrowed,
  }
}

export type ToolList = ReturnType<typeof useToolList>
