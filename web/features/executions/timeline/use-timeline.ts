import { useState } from "react"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { useLive } from "#web/flow/use-execution.ts"
import { emptyTimeline, extendTimeline, type Timeline } from "../model/timeline.ts"

/** The waterfall of a live execution, extended as events come. */
export function useTimeline(live: LiveExecution): Timeline {
  const version = useLive(live, (one) => one.version)
  const [held, setHeld] = useState({ live, version, timeline: extendTimeline(emptyTimeline(), live.events) })
  if (held.live !== live || held.version !== version) {
    const before = held.live === live ? held.timeline : emptyTimeline()
    setHeld({ live, version, timeline: extendTimeline(before, live.events) })
  }
  return held.timeline
}
