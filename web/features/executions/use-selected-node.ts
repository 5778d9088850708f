import { useNavigate, useSearch } from "@tanstack/react-router"
import { useCallback } from "react"

/** The node and the tab that are open, kept in the address: a link leads to the same step. */
export function useSelection() {
  const { node, tab } = useSearch({ from: "/shell/inside/executions/$executionId" })
  const navigate = useNavigate({ from: "/executions/$executionId" })
  const select = useCallback(
    (next: string | null) =>
      void navigate({
        search: (before) => ({ ...before, node: next ?? undefined }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  )
  const show = useCallback(
    (next: string) =>
      void navigate({ search: (before) => ({ ...before, tab: next }), replace: true, resetScroll: false }),
    [navigate],
  )
  return { node: node ?? null, tab: tab ?? null, select, show }
}
