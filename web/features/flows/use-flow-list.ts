import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { useCallback, useMemo } from "react"
import { useSettled } from "#web/ui/use-settled.ts"
import { flowListQuery } from "./queries.ts"

const ofStatus = {
  published: { published: "true" },
  draft: { published: "false" },
  review: { review: "open" },
} as const

/** The list as the URL describes it, and how to describe it otherwise. */
export function useFlowList() {
  const search = useSearch({ from: "/shell/inside/flows" })
  const navigate = useNavigate({ from: "/flows" })
  const sort = search.sort ?? "-updated_at"
  const q = useSettled(search.q)
  const list = useInfiniteQuery({
    ...flowListQuery({
      sort,
      ...(q ? { search: q } : {}),
      ...(search.status && ofStatus[search.status]),
    }),
    placeholderData: keepPreviousData,
  })
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  return {
    search,
    sort,
    /** Changes the URL; a dialog that opens gets an entry of its own, so that Back closes it. */
    set: useCallback(
      (change: Partial<typeof search>, replace = true) =>
        void navigate({ search: (before) => ({ ...before, ...change }), replace }),
      [navigate],
    ),
    rows: useMemo(() => list.data?.pages.flatMap((page) => page.flows), [list.data]),
    total: list.data?.pages[0]?.total,
    error: list.error,
    refetch: () => void list.refetch(),
    onEnd: hasNextPage ? more : undefined,
    isNarrowed: Boolean(search.q || search.status),
  }
}

export type FlowList = ReturnType<typeof useFlowList>
