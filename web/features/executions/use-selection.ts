import { useNavigate, useSearch } from "@tanstack/react-router"
import { useCallback, useMemo } from "react"
import { partsOf, splitKey } from "#web/flow/scope-path.ts"

export type Selection = {
  /** The iteration that is looked at; empty for the whole execution. */
  scope: string
  /** The step that is open in it, or null. */
  node: string | null
  tab: string | null
  /** Opens a step; null leads back to the iteration, or the execution. */
  select: (node: string | null, scope?: string) => void
  /** Looks at an iteration as a whole. */
  choose: (scope: string) => void
  /** One level out: from a step to its iteration, from that to what it stands in. */
  leave: () => void
  show: (tab: string) => void
}

/** What is open, kept in the address: a link leads to the same step of the same iteration. */
export function useSelection(): Selection {
  const search = useSearch({ from: "/shell/inside/executions/$executionId" })
  const { tab } = search
  // Other pages link to a step by its key, which holds both.
  const named = splitKey(search.node ?? "")
  const scope = named.scope || (search.scope ?? "")
  const node = named.node_id || undefined
  const navigate = useNavigate({ from: "/executions/$executionId" })
  const change = useCallback(
    (next: { scope?: string | undefined; node?: string | undefined; tab?: string }) =>
      void navigate({
        search: (before) => ({ ...before, ...next }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  )
  const select = useCallback(
    (next: string | null, under?: string) =>
      change({ node: next ?? undefined, scope: (under ?? scope) || undefined }),
    [change, scope],
  )
  const choose = useCallback(
    (next: string) => change({ scope: next || undefined, node: undefined }),
    [change],
  )
  const leave = useCallback(
    () =>
      change({
        node: undefined,
        scope: node === undefined ? partsOf(scope).at(-2)?.path : scope || undefined,
      }),
    [change, node, scope],
  )
  const show = useCallback((next: string) => change({ tab: next }), [change])
  return useMemo(
    () => ({ scope, node: node ?? null, tab: tab ?? null, select, choose, leave, show }),
    [scope, node, tab, select, choose, leave, show],
  )
}
