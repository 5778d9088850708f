import type { ReactNode } from "react"
import { useWatched } from "#web/flow/use-execution.ts"
import { useAtom } from "#web/state/jotai.ts"
import { Tabs } from "#web/ui/tabs.tsx"
import { panelTabAtom } from "../atoms.ts"

/** How a thing is set up; while an execution is watched also what it did, on a tab of its own. */
export function SetupAndResult({
  what,
  setup,
  result,
}: {
  what: string
  setup: ReactNode
  result: ReactNode
}) {
  const watched = useWatched() !== null
  const [tab, setTab] = useAtom(panelTabAtom)
  if (!watched) return <div className="min-h-0 flex-1 overflow-y-auto border-t first:border-t-0">{setup}</div>
  return (
    <Tabs
      label={what}
      value={tab}
      onChange={(next) => setTab(next === "result" ? next : "setup")}
      className="flex-1"
      panelClassName="overflow-y-auto"
      tabs={[
        { value: "setup", label: "Set-up", panel: setup },
        { value: "result", label: "Result", panel: result },
      ]}
    />
  )
}
