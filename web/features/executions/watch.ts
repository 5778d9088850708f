import { createContext, use } from "react"
import type { Execution } from "#core/contract/executions"
import { nodeKey } from "#core/execution/state"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { placeIn } from "#web/flow/scope-path.ts"
import type { DrawnFlow } from "./model/drawn-flow.ts"
import type { Selection } from "./use-selection.ts"

/** What every part of the page looks at. */
export type Watch = {
  execution: Execution
  live: LiveExecution
  flow: DrawnFlow
  selection: Selection
}

const WatchContext = createContext<Watch | null>(null)
export const WatchProvider = WatchContext

/** The execution of the page. */
export function useWatch(): Watch {
  const watch = use(WatchContext)
  if (!watch) throw new Error("There is no execution to look at here.")
  return watch
}

/** The crew or agent that is tried by itself: nothing around it is worth to be looked at. */
export const triedOf = ({ execution, flow }: Pick<Watch, "execution" | "flow">): string | undefined =>
  execution.flow_id.startsWith("flow_") ? undefined : flow.only

/** The place of the step that is open: its key, or `each/draft` while all iterations are looked at; null while none is open. */
export const openPlace = ({
  flow,
  selection: { node, scope },
}: Pick<Watch, "flow" | "selection">): string | null => {
  // A crew or an agent that is looked into is what is open as long as nothing in it is.
  if (node === null) return scope !== "" && flow.roomOf(scope) === scope ? scope : null
  return flow.drawnPart(scope) === scope ? placeIn(flow.view(scope), node) : nodeKey(node, scope)
}
