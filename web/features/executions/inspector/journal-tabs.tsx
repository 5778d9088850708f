import { useMemo } from "react"
import { isWithin, nodeKey } from "#core/execution/state"
import { useLive } from "#web/flow/use-execution.ts"
import type { Tab } from "#web/ui/tabs.tsx"
import type { Part } from "../model/journal.ts"
import { useWatch } from "../watch.ts"
import { EventsTable } from "./events-table.tsx"
import { LogList } from "./log-list.tsx"
import { useLogLines } from "./use-log-lines.ts"

/**
 * The journal and the log: of everything under a scope, or of one step. A call of a tool may be several steps inside of its node; they
 * are all `within` it.
 */
export function useJournalTabs(
  scope: string,
  step: string | null = null,
  { within = false }: { within?: boolean } = {},
): Tab[] {
  const { live } = useWatch()
  const events = useLive(live, ({ state }) => state.seq) ?? 0
  const part = useMemo<Part>(
    () => ({
      step,
      has: (id, under = "") =>
        step === null
          ? isWithin(under, scope)
          : nodeKey(id, under) === step || (within && isWithin(under, step)),
    }),
    [scope, step, within],
  )
  const lines = useLogLines(live, part)
  const isWhole = scope === "" && step === null
  return [
    {
      value: "events",
      label: "Events",
      ...(isWhole ? { count: events } : {}),
      panel: <EventsTable part={isWhole ? null : part} />,
    },
    {
      value: "logs",
      label: "Logs",
      ...(lines.length > 0 ? { count: lines.length } : {}),
      panel: <LogList part={part} lines={lines} />,
    },
  ]
}
