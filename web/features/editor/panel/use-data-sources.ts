import { useCallback } from "react"
import type { NodeState } from "#core/execution/state"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { placeIn, type ScopeView } from "#web/flow/scope-path.ts"
import { useScopeView, useWatched } from "#web/flow/use-execution.ts"
import { useStore } from "#web/state/jotai.ts"
import { draftAtom } from "../atoms.ts"
import { dataSources, type DataSource } from "../model/data-sources.ts"

/** One step of a node to show what it gives: that of the chosen iteration, else the first that gave something. */
function sampleStep(live: LiveExecution, view: ScopeView, id: string): NodeState | undefined {
  let first: NodeState | undefined
  for (const key of live.steps.keysAt(placeIn(view, id))) {
    const step = live.node(key)
    if (step?.output !== undefined) return step
    first ??= step
  }
  return first
}

/** What a node's expressions may refer to, when it is asked for: with what the watched execution showed. */
export function useDataSources(nodeId: string | null): () => DataSource[] {
  const store = useStore()
  const watched = useWatched()
  const view = useScopeView()
  return useCallback(
    () =>
      dataSources(store.get(draftAtom), nodeId, (id) =>
        watched ? sampleStep(watched, view, id) : undefined,
      ),
    [store, watched, view, nodeId],
  )
}
