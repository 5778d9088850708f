import { useDeferredValue, useMemo } from "react"
import type { NodeStatus } from "#core/execution/status"
import { useLive } from "#web/flow/use-execution.ts"
import { foundSteps } from "../model/step-search.ts"
import { useWatch } from "../watch.ts"
import { StepRows } from "./step-rows.tsx"

type StepListProps = {
  words: string
  statuses: ReadonlySet<NodeStatus>
  under: string
  onOpen: (() => void) | undefined
}

/** The steps that a search finds, wherever they stand. */
export function StepList({ words, statuses, under, onOpen }: StepListProps) {
  const { live, flow } = useWatch()
  const version = useDeferredValue(useLive(live, (one) => one.version))
  const wanted = useDeferredValue(words)
  const keys = useMemo(
    () => foundSteps(live, { words: wanted, statuses, under }, (id, scope) => flow.title(id, scope)),
    // The state changes in place; its version says when.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [live, flow, version, wanted, statuses, under],
  )
  return (
    <>
      <p role="status" className="sr-only">
        {keys.length === 1 ? "1 step" : `${keys.length.toLocaleString("en")} steps`}
      </p>
      {keys.length === 0 ? (
        <p className="px-4 py-3 text-muted">No step matches.</p>
      ) : (
        <StepRows label="Steps found" keys={keys} onOpen={onOpen} />
      )}
    </>
  )
}
