import { useNavigate, useSearch } from "@tanstack/react-router"
import { useCallback } from "react"
import { useSettled } from "#web/ui/use-settled.ts"

/** What is looked for, as the URL says it, and how to look for something else. */
export function usePeopleSearch() {
  const search = useSearch({ from: "/shell/inside/settings/members" })
  const navigate = useNavigate({ from: "/settings/members" })
  const q = useSettled(search.q)
  return {
    search,
    q,
    /** A dialog that opens gets an entry of its own, so that Back closes it. */
    set: useCallback(
      (change: Partial<typeof search>, replace = true) =>
        void navigate({ search: (before) => ({ ...before, ...change }), replace }),
      [navigate],
    ),
  }
}
