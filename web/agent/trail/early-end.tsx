import { TriangleAlert } from "lucide-react"
import { useMemo } from "react"
import type { EarlyEnd } from "#core/agent/early-end"
import { isInside, splitKey } from "#web/flow/scope-path.ts"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { useLive } from "#web/flow/use-execution.ts"
import { Button } from "#web/ui/button.tsx"
import { agentOfThought, thoughtOf } from "./trail.ts"

type Early = { agent: string; ended: EarlyEnd }

/** So many are named; of more, it is enough to know that there are. */
const mostNamed = 3

/** What to do about an agent that was asked for its answer before it had come to one by itself. */
export const adviceOn = {
  limit: {
    say: "It had reached a limit and was asked for its answer.",
    advice: "The answer may be unfinished: raise the agent's limits, or give it less to do at once.",
  },
  time: {
    say: "Its time was over and it was asked for its answer.",
    advice: "The answer may be unfinished: give it more seconds for a task, or less to do at once.",
  },
  cost: {
    say: "Its task had cost what it may and it was asked for its answer.",
    advice: "The answer may be unfinished: raise what one task may cost, or choose a cheaper model.",
  },
  stuck: {
    say: "It went in a circle and was asked for its answer.",
    advice:
      "The answer may be unfinished: say in its goal when it is done, or give it tools that lead further.",
  },
} as const satisfies Record<EarlyEnd, { say: string; advice: string }>

/** Agents at or within a place that had to answer early. */
function earlyIn(live: LiveExecution, under: string): Early[] {
  const found: Early[] = []
  for (const key in live.state.nodes) {
    const run = live.state.nodes[key]!
    const agent = agentOfThought(run)
    if (agent === undefined || (under !== "" && !isInside(agent, under))) continue
    const { ended, answer } = thoughtOf(run)
    if (ended && answer !== undefined) found.push({ agent, ended })
  }
  return found
}

type EarlyEndsProps = {
  live: LiveExecution
  /** The step whose agents count; empty for all. */
  under: string
  nameOf: (nodeId: string, scope: string) => string
  onOpen: (agent: string) => void
}

/** Says which agents were asked for their answer early, why, and what to do: an answer does not tell by itself. */
export function EarlyEnds({ live, under, nameOf, onOpen }: EarlyEndsProps) {
  const shape = useLive(live, (one) => one.steps.shape)
  const early = useMemo(
    () => earlyIn(live, under),
    // The state changes in place; its shape says when.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [live, under, shape],
  )
  if (early.length === 0) return null
  return (
    <ul className="mb-3 flex flex-col gap-2">
      {early.slice(0, mostNamed).map(({ agent, ended }) => {
        const { node_id, scope } = splitKey(agent)
        return (
          <li key={agent} className="flex gap-2 rounded-md bg-waiting-soft px-3 py-2.5 text-waiting">
            <TriangleAlert aria-hidden className="mt-0.5 shrink-0" />
            <div className="min-w-0 flex-1 break-words">
              <p className="font-medium">
                {nameOf(node_id, scope)}: {adviceOn[ended].say}
              </p>
              <p className="mt-0.5 text-ink">{adviceOn[ended].advice}</p>
              <Button size="xs" className="mt-2" onClick={() => onOpen(agent)}>
                Show its turns
              </Button>
            </div>
          </li>
        )
      })}
      {early.length > mostNamed && (
        <li className="text-sm text-muted">
          {(early.length - mostNamed).toLocaleString("en")} more ended early.
        </li>
      )}
    </ul>
  )
}
