import { useMemo } from "react"
import { isWithin, nodeKey } from "#core/execution/state"
import { useLive } from "#web/flow/use-execution.ts"
import type { Tab } from "#web/ui/tabs.tsx"
import type { Part } from "../model/journal.ts"
import { useWatch } from "../watch.ts"
import { EventsTable } from "./events-table.tsx"
import { LogList } from "./log-list.tsx"

/** The journal and the log: of everything under a scope, or of one step. */
export function useJournalTabs(scope: string, step: string | null = null): Tab[] {
  const { live } = useWatch()
  const events = useLive(live, ({ state }) => state.seq) ?? 0
  const part = useMemo<Part>(
    () => ({
      step,
      has: (id, under = "") => (step === null ? isWithin(under, scope) : nodeKey(id, under) === step),
    }),
    [scope, step],
  )
  const logs =
    useLive(live, ({ state }) => state.logs.filter((log) => part.has(log.node_id, log.scope)).length) ?? 0
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
      ...(logs > 0 ? { count: logs } : {}),
      panel: <LogList part={part} />,
    },
  ]
}
