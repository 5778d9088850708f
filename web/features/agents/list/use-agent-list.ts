import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { useCallback, useMemo } from "react"
import { useSettled } from "#web/ui/use-settled.ts"
import { agentListQuery } from "../queries.ts"

/** The list as the URL describes it, and how to describe it otherwise. */
export function useAgentList() {
  const search = useSearch({ from: "/shell/inside/agents" })
  const navigate = useNavigate({ from: "/agents" })
  const sort = search.sort ?? "-updated_at"
  const q = useSettled(search.q)
  const list = useInfiniteQuery({
    ...agentListQuery({
      sort,
      ...(q ? { search: q } : {}),
      ...(search.status ? { status: search.status } : {}),
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
    rows: useMemo(() => list.data?.pages.flatMap((page) => page.agents), [list.data]),
    total: list.data?.pages[0]?.total,
    error: list.error,
    refetch: () => void list.refetch(),
    onEnd: hasNextPage ? more : undefined,
    isNarrowed: Boolean(search.q || search.status),
  }
}

export type AgentList = ReturnType<typeof useAgentList>
