import { memo, useCallback, useMemo } from "react"
import { AgentTrail, Fold } from "#web/agent/trail/agent-trail.tsx"
import { agentsIn } from "#web/agent/trail/trail.ts"
import { factsOf } from "#web/flow/run-facts.ts"
import { splitKey } from "#web/flow/scope-path.ts"
import { NodeStatusMark } from "#web/flow/status.tsx"
import { useLive } from "#web/flow/use-execution.ts"
import type { Tab } from "#web/ui/tabs.tsx"
import { useWatch } from "../watch.ts"
import { Pane } from "./pane.tsx"

/** What agents did at a step or within it, turn by turn; null where none has worked. */
export function useWorkTab(place: string): Tab | null {
  const { live } = useWatch()
  const shape = useLive(live, (one) => one.steps.shape)
  // A thought brings agents; how many there are changes seldom, what they do all the time.
  const found = useMemo(
    () => agentsIn(live.state, place).join("\n"),
    // The state changes in place; its shape says when.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [live, place, shape],
  )
  const agents = useMemo(() => (found === "" ? [] : found.split("\n")), [found])
  // One element as long as nobody joins: what stands around it is drawn anew with each word that comes.
  return useMemo(() => {
    if (agents.length === 0) return null
    const label = agents.length === 1 && agents[0] === place ? "Turns" : "Agents"
    return { value: "work", label, panel: <WorkPane agents={agents} place={place} /> }
  }, [agents, place])
}

function WorkPane({ agents, place }: { agents: readonly string[]; place: string }) {
  const { select } = useWatch().selection
  const open = useCallback(
    (key: string) => {
      const { node_id, scope } = splitKey(key)
      select(node_id, scope)
    },
    [select],
  )
  const [only] = agents
  if (agents.length === 1 && only === place) {
    return (
      <Pane>
        <AgentTrail agent={only} onOpen={open} />
      </Pane>
    )
  }
  return (
    <Pane>
      <div className="flex flex-col gap-3">
        {agents.map((agent, i) => (
          // Of a hundred agents nobody reads all at once.
          <Worker key={agent} agent={agent} startsOpen={i < 5} onOpen={open} />
        ))}
      </div>
    </Pane>
  )
}

type WorkerProps = { agent: string; startsOpen: boolean; onOpen: (key: string) => void }

const Worker = memo(function Worker({ agent, startsOpen, onOpen }: WorkerProps) {
  const { live, flow } = useWatch()
  const run = useLive(live, (one) => one.steps.whole(agent))
  const { node_id, scope } = splitKey(agent)
  const title = flow.title(node_id, scope)
  const place = flow.place(scope)
  if (!run) return null
  return (
    <Fold
      label={title}
      startsOpen={startsOpen}
      title={
        <>
          <span className="truncate font-medium">{title}</span>
          {place !== "" && <span className="min-w-0 truncate text-sm text-muted">{place}</span>}
          <span className="ml-auto flex shrink-0 items-center gap-2 text-sm">
            <span className="tabular text-muted max-md:hidden">
              {factsOf({ ...run, progress: undefined })}
            </span>
            <NodeStatusMark status={run.status} />
          </span>
        </>
      }
    >
      <AgentTrail agent={agent} onOpen={onOpen} />
    </Fold>
  )
})
