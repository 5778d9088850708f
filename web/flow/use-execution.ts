import { createContext, use, useSyncExternalStore } from "react"
import type { NodeState } from "#core/execution/state"
import type { LiveExecution } from "./live-execution.ts"
import { placeIn, wholeView, type ScopeView } from "./scope-path.ts"
import type { StepCounts } from "./step-index.ts"

const never = () => () => undefined

/** A part of a live execution; renders again when that part is another. `select` gives primitives or parts of the state. */
export function useLive<T>(live: LiveExecution | null, select: (live: LiveExecution) => T): T | undefined {
  return useSyncExternalStore(live?.subscribe ?? never, () => (live ? select(live) : undefined))
}

/** The execution that the canvas shows, for nodes and edges that stand deep inside. */
const LiveContext = createContext<LiveExecution | null>(null)
export const LiveProvider = LiveContext
export const useWatched = (): LiveExecution | null => use(LiveContext)

/** Which iterations the canvas shows; without a provider, the flow's own level. */
const ScopeContext = createContext<ScopeView>(wholeView)
export const ScopeProvider = ScopeContext
export const useScopeView = (): ScopeView => use(ScopeContext)

/** What a view shows of a node: the step of the iteration that is chosen, or all iterations as one. */
export function runIn(live: LiveExecution, view: ScopeView, nodeId: string): NodeState | undefined {
  return live.steps.whole(placeIn(view, nodeId))
}

/** How far the watched execution has come with a node, in the iterations that the canvas shows. */
export function useNodeRun(nodeId: string): NodeState | undefined {
  const view = useScopeView()
  return useLive(useWatched(), (live) => runIn(live, view, nodeId))
}

/** How many iterations of a node stand where; undefined where the canvas shows one step only. */
export function useNodeCounts(nodeId: string): StepCounts | undefined {
  const place = placeIn(useScopeView(), nodeId)
  return useLive(useWatched(), (live) => {
    const group = live.steps.group(place)
    return group && group.total > 1 ? group.counts : undefined
  })
}
