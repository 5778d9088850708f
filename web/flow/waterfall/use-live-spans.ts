import { useState } from "react"
import type { Execution } from "#core/contract/executions"
import type { ExecutionId } from "#core/ids"
import { spansAfter } from "#core/trace/fold"
import type { Span } from "#core/trace/span"
import { newTrace, openSpans, type Trace } from "#core/trace/trace"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { useLive } from "#web/flow/use-execution.ts"

/** Grows in place with the journal; asking twice for the same events changes nothing. */
type Fold = { live: LiveExecution; trace: Trace; seen: number; ended: Span[] }
type Held = { fold: Fold; version: number; spans: Span[] }

/** The spans of an execution as it goes on, from the journal that the page follows: those under way included. */
export function useLiveSpans(live: LiveExecution, graph: Execution["graph"]): readonly Span[] {
  const version = useLive(live, (one) => one.version) ?? 0
  const [held, setHeld] = useState<Held>(() => extended(fresh(live, graph), version))
  if (held.fold.live === live && held.version === version) return held.spans
  const next = extended(held.fold.live === live ? held.fold : fresh(live, graph), version)
  setHeld(next)
  return next.spans
}

/** Nodes of the drawn flow are known by name; those of flows that it calls, by their ids. */
function fresh(live: LiveExecution, graph: Execution["graph"]): Fold {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const trace = newTrace(live.id as ExecutionId, (nodeId, scope) =>
    scope.split("/").some((part) => part !== "" && !part.endsWith("]")) ? undefined : nodes.get(nodeId),
  )
  return { live, trace, seen: 0, ended: [] }
}

function extended(fold: Fold, version: number): Held {
  const { events } = fold.live
  for (const span of spansAfter(fold.trace, events.slice(fold.seen))) fold.ended.push(span)
  fold.seen = events.length
  return { fold, version, spans: [...fold.ended, ...openSpans(fold.trace)] }
}
