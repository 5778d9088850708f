import { useState } from "react"
import type { ExecutionId } from "#core/ids"
import { spansAfter } from "#core/trace/fold"
import type { Span } from "#core/trace/span"
import { newTrace, openSpans, type Describe, type Trace } from "#core/trace/trace"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { useLive } from "#web/flow/use-execution.ts"

/** Grows in place with the journal; asking twice for the same events changes nothing. */
type Fold = { live: LiveExecution; trace: Trace; seen: number; ended: Span[] }
type Held = { fold: Fold; version: number; spans: Span[] }

/** The spans of an execution as it goes on, from the journal that the page follows: those under way included. */
export function useLiveSpans(live: LiveExecution, describe: Describe): readonly Span[] {
  const version = useLive(live, (one) => one.steps.shape) ?? 0
  const [held, setHeld] = useState<Held>(() => extended(fresh(live, describe), version))
  if (held.fold.live === live && held.version === version) return held.spans
  const next = extended(held.fold.live === live ? held.fold : fresh(live, describe), version)
  setHeld(next)
  return next.spans
}

const fresh = (live: LiveExecution, describe: Describe): Fold => ({
  live,
  trace: newTrace(live.id as ExecutionId, describe),
  seen: 0,
  ended: [],
})

function extended(fold: Fold, version: number): Held {
  const { events } = fold.live
  for (const span of spansAfter(fold.trace, events.slice(fold.seen))) fold.ended.push(span)
  fold.seen = events.length
  return { fold, version, spans: [...fold.ended, ...openSpans(fold.trace)] }
}
