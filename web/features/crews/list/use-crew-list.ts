import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { useCallback, useMemo } from "react"
import { useSettled } from "#web/ui/use-settled.ts"
import { crewListQuery } from "../queries.ts"

/** The list as the URL describes it, and how to describe it otherwise. */
export function useCrewList() {
  const search = useSearch({ from: "/shell/inside/crews" })
  const navigate = useNavigate({ from: "/crews" })
  const sort = search.sort ?? "-updated_at"
  const q = useSettled(search.q)
  const list = useInfiniteQuery({
    ...crewListQuery({ sort, ...(q ? { search: q } : {}) }),
    placeholderData: keepPreviousData,
  })
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  return {
    search,
    sort,
    set: useCallback(
      (change: Partial<typeof search>, replace = true) =>
        void navigate({ search: (before) => ({ ...before, ...change }), replace }),
      [navigate],
    ),
    rows: useMemo(() => list.data?.pages.flatMap((page) => page.crews), [list.data]),
    total: list.data?.pages[0]?.total,
    error: list.error,
    refetch: () => void list.refetch(),
    onEnd: hasNextPage ? more : undefined,
    isNarrowed: Boolean(search.q),
  }
}

export type CrewList = ReturnType<typeof useCrewList>
