import { useState } from "react"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { useLive } from "#web/flow/use-execution.ts"
import { emptyJournal, extendJournal, type Journal, type JournalFilter } from "../model/journal.ts"

/** The lines of a live journal, extended as entries come. */
export function useJournal(live: LiveExecution, filter: JournalFilter): Journal {
  useLive(live, (one) => one.version)
  const [held, setHeld] = useState<{ live: LiveExecution; journal: Journal }>()
  const isSame = held?.live === live && held.journal.filter === filter
  const journal = extendJournal(isSame ? held.journal : emptyJournal(filter), live.events)
  if (journal !== held?.journal) setHeld({ live, journal })
  return journal
}
