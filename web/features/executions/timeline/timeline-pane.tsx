import { useMemo, useState } from "react"
import { nodeKey } from "#core/execution/state"
import type { NodeStatus } from "#core/execution/status"
import type { Span } from "#core/trace/span"
import { isInside, splitKey } from "#web/flow/scope-path.ts"
import { useLive } from "#web/flow/use-execution.ts"
import { useLiveSpans } from "#web/flow/waterfall/use-live-spans.ts"
import { Waterfall } from "#web/flow/waterfall/waterfall.tsx"
import { usePaced } from "#web/ui/use-paced.ts"
import { useRoomKey } from "../room/use-room.ts"
import { openPlace, triedOf, useWatch } from "../watch.ts"
import { StepFilters } from "./step-filters.tsx"
import { StepList } from "./step-list.tsx"

const manySpans = 500
const tabOf: Partial<Record<Span["kind"], string>> = { model: "model", http: "http" }

type TimelinePaneProps = {
  /** Something was opened: a narrow page then shows its details. */
  onOpen?: () => void
}

/** When each step began and how long it took, nested as they stand in each other; or the steps that a search finds. */
export function TimelinePane({ onOpen }: TimelinePaneProps) {
  const watch = useWatch()
  const { selection } = watch
  const { scope, select, choose, show } = selection
  const [words, setWords] = useState("")
  const [statuses, setStatuses] = useState<ReadonlySet<NodeStatus>>(new Set())
  const [chosenOnly, setOnly] = useState<boolean | null>(null)
  const room = useRoomKey()
  // Who looks into a crew or an agent sees what happens there.
  const only = chosenOnly ?? (room !== undefined && room !== triedOf(watch))
  const within = room ?? scope
  const under = only ? within : ""
  const open = (span: Span | null) => {
    if (span === null) return selection.leave()
    if (span.node_id === null) choose("")
    else if (span.kind === "scope") choose(span.scope)
    else {
      select(span.node_id, span.scope)
      const tab = tabOf[span.kind]
      if (tab !== undefined) show(tab)
    }
    return undefined
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <StepFilters
        words={words}
        onWords={setWords}
        statuses={statuses}
        onStatuses={setStatuses}
        within={within}
        only={only}
        onOnly={setOnly}
      />
      {words.trim() !== "" || statuses.size > 0 ? (
        <StepList words={words} statuses={statuses} under={under} onOpen={onOpen} />
      ) : (
        <Spans under={under} onSelect={open} />
      )}
    </div>
  )
}

function Spans({ under, onSelect }: { under: string; onSelect: (span: Span | null) => void }) {
  const watch = useWatch()
  const { live, flow, selection } = watch
  const all = useLiveSpans(live, flow.describe)
  // Thousands of spans take longer than a frame to put in order.
  const paced = usePaced(all, all.length > manySpans && !live.isSettled ? 250 : 0)
  const spans = useMemo(
    () => (under === "" ? paced : paced.filter((span) => isOf(span, under))),
    [paced, under],
  )
  const place = openPlace(watch)
  const selectedId = useMemo(
    () => selectedSpan(spans, place, selection.scope),
    [spans, place, selection.scope],
  )
  const began = useLive(live, ({ state }) => state.created_at)
  if (began === undefined) return <p className="px-4 py-3 text-muted">No step has begun yet.</p>
  return <Waterfall label="Steps" spans={spans} selectedId={selectedId} onSelect={onSelect} />
}

/** Whether a span belongs to an iteration, a crew or an agent. */
const isOf = ({ kind, scope, node_id }: Span, under: string): boolean =>
  isInside(scope, under) || (kind !== "scope" && isInside(nodeKey(node_id ?? "", scope), under))

/** The span of the step that is open, or of the iteration: the last attempt of several. */
function selectedSpan(spans: readonly Span[], place: string | null, scope: string): string | null {
  if (place === null && scope === "") return null
  const step = place === null ? undefined : splitKey(place)
  const found = spans.findLast((span) =>
    step === undefined
      ? span.kind === "scope" && span.scope === scope
      : span.kind === "step" && span.node_id === step.node_id && span.scope === step.scope,
  )
  return found?.id ?? null
}
