import type { NodeState } from "#core/execution/state"
import { splitKey } from "#web/flow/scope-path.ts"
import { useLive } from "#web/flow/use-execution.ts"
import { Button } from "#web/ui/button.tsx"
import { useWatch } from "../watch.ts"
import { Pane } from "./pane.tsx"
import { WaitingPart } from "./waiting-step.tsx"

/** So many are shown with all that belongs to them; of more, the steps can be searched by status. */
const mostShown = 20

/** Keys of the steps that wait for a time, a call or a person, or for somebody to say what became of them. */
export function useWaitingKeys(): readonly string[] {
  const { live } = useWatch()
  const keys = useLive(live, ({ state, steps }) => {
    if ((steps.counts.waiting ?? 0) + (steps.counts.interrupted ?? 0) === 0) return ""
    const found: [urgency: number, key: string][] = []
    for (const key in state.nodes) {
      const run = state.nodes[key]!
      if (run.status === "waiting" || run.status === "interrupted") found.push([urgencyOf(run), key])
    }
    return found
      .toSorted(([one], [other]) => one - other)
      .map(([, key]) => key)
      .join("\n")
  })
  return keys ? keys.split("\n") : []
}

/** What needs a person comes first, then what needs somebody outside, then what needs nothing but time. */
const urgencyOf = ({ status, waiting_for }: NodeState): number =>
  status === "interrupted" ? 0 : waiting_for === "approval" ? 1 : waiting_for === "callback" ? 2 : 3

/** Everything that an execution waits for, to be dealt with in place. */
export const WaitingPane = ({ keys }: { keys: readonly string[] }) => (
  <Pane>
    <ul className="flex flex-col gap-6">
      {keys.slice(0, mostShown).map((key) => (
        <Waiting key={key} step={key} />
      ))}
    </ul>
    {keys.length > mostShown && (
      <p className="mt-4 text-muted">
        {(keys.length - mostShown).toLocaleString("en")} more wait; choose the status Waiting above the steps
        to see them.
      </p>
    )}
  </Pane>
)

function Waiting({ step }: { step: string }) {
  const { live, flow, selection } = useWatch()
  const run = useLive(live, (one) => one.node(step))
  if (!run) return null
  const { node_id: id, scope } = splitKey(step)
  return (
    <li className="flex flex-col gap-2 border-b pb-6 last:border-b-0 last:pb-0">
      <h2>
        <Button tone="ghost" size="sm" className="-ml-2 w-fit" onClick={() => selection.select(id, scope)}>
          {[flow.title(id, scope), flow.place(scope)].filter(Boolean).join(" · ")}
        </Button>
      </h2>
      <WaitingPart step={step} run={run} />
    </li>
  )
}
