import { useState } from "react"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { LogLines, type PrintedLine } from "#web/flow/log-lines.ts"
import { useLive } from "#web/flow/use-execution.ts"
import type { Part } from "../model/journal.ts"

/** The log of a part of an execution, extended as entries come. */
export function useLogLines(live: LiveExecution, part: Part): readonly PrintedLine[] {
  useLive(live, (one) => one.version)
  const [held, setHeld] = useState(() => ({ live, part, log: new LogLines(part.has) }))
  if (held.live === live && held.part === part) return held.log.take(live.events)
  const next = { live, part, log: new LogLines(part.has) }
  setHeld(next)
  return next.log.take(live.events)
}
