import { useDeferredValue, useMemo } from "react"
import { KindTile } from "#web/flow/kind-tile.tsx"
import { factsOf } from "#web/flow/run-facts.ts"
import { splitKey } from "#web/flow/scope-path.ts"
import { sayCounts } from "#web/flow/step-index.ts"
import { useLive } from "#web/flow/use-execution.ts"
import { StepRows } from "../timeline/step-rows.tsx"
import { useWatch } from "../watch.ts"
import { Heading } from "./panels.tsx"

/** A node in all the iterations that reached it: how they stand, and each of them to open. */
export function GroupInspector({ place }: { place: string }) {
  const { live, flow } = useWatch()
  const group = useLive(live, (one) => one.steps.group(place))
  const whole = useLive(live, (one) => one.steps.whole(place))
  const version = useDeferredValue(group)
  const keys = useMemo(
    () => [...live.steps.keysAt(place)],
    // The group is another object with each event that concerns it.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [live, place, version],
  )
  const { node_id: id, scope } = splitKey(place)
  const node = flow.describe(id, scope)
  return (
    <>
      <Heading>
        {node && <KindTile type={node.type} size="sm" />}
        <h2 className="truncate font-semibold">{flow.title(id, scope)}</h2>
        {group && whole && (
          <span className="tabular truncate text-sm text-muted">
            {[sayCounts(group.counts), factsOf(whole)].filter(Boolean).join(" · ")}
          </span>
        )}
      </Heading>
      <p className="border-b px-4 pb-2 text-sm text-muted">
        {keys.length.toLocaleString("en")} {keys.length === 1 ? "iteration" : "iterations"} reached this node.
        Choose one to see what it did.
      </p>
      <StepRows label={`Iterations of ${flow.title(id, scope)}`} keys={keys} />
    </>
  )
}
