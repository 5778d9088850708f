import { useLive } from "#web/flow/use-execution.ts"
import { openPlace, useWatch } from "../watch.ts"
import { GroupInspector } from "./group-inspector.tsx"
import { IterationInspector } from "./iteration-inspector.tsx"
import { StepInspector } from "./step-inspector.tsx"
import { WholeInspector } from "./whole-inspector.tsx"

/** Everything about what is open: a step, a node in all its iterations, one iteration, or the execution as a whole. */
export function Inspector() {
  const watch = useWatch()
  const { live, selection } = watch
  const place = openPlace(watch)
  const isGroup =
    useLive(live, (one) => place !== null && !one.node(place) && one.steps.group(place) !== undefined) ??
    false
  if (place === null) return selection.scope === "" ? <WholeInspector /> : <IterationInspector />
  return isGroup ? <GroupInspector key={place} place={place} /> : <StepInspector key={place} step={place} />
}
