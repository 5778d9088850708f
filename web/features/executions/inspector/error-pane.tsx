import { Link } from "@tanstack/react-router"
import type { StepError } from "#core/execution/event"
import { adviceFor } from "#web/flow/error-advice.ts"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { StepErrorNote } from "#web/flow/step-output.tsx"
import { Button } from "#web/ui/button.tsx"
import { useLive } from "#web/flow/use-execution.ts"
import { toolTriesOf } from "../model/tool-calls.ts"
import { useWatch } from "../watch.ts"
import { Pane } from "./pane.tsx"

type ErrorPaneProps = {
  error: StepError
  /** Leads to the step that failed, where it is not shown already. */
  onSelect?: ((id: string) => void) | undefined
  /** The key of the step that failed, where one is shown. */
  step?: string | undefined
}

/** What went wrong, what to do about it, and the way there. */
export function ErrorPane({ error, onSelect, step = error.node_id ?? "" }: ErrorPaneProps) {
  const { execution, live, flow } = useWatch()
  const { to } = adviceFor(error.code)
  const { node_id: nodeId } = error
  const tool = useLive(live, () => (to === "tool" ? toolAt(live.events, step) : undefined))
  const agent = to === "agent" ? flow.workerAt(step) : undefined
  return (
    <Pane>
      <StepErrorNote
        error={error}
        action={
          <div className="flex flex-wrap gap-2">
            {to === "models" && (
              <Button asChild size="sm">
                <Link to="/models">Open models</Link>
              </Button>
            )}
            {to === "budgets" && (
              <Button asChild size="sm">
                <Link to="/budgets">Open budgets</Link>
              </Button>
            )}
            {agent && (
              <Button asChild size="sm">
                <Link to="/agents/$agentId" params={{ agentId: agent.id }}>
                  Open the agent
                </Link>
              </Button>
            )}
            {to === "tool" && tool !== undefined && (
              <Button asChild size="sm">
                <Link to="/tools/$toolId" params={{ toolId: tool }}>
                  Open the tool
                </Link>
              </Button>
            )}
            {(to === "node" || (to === "tool" && tool === undefined)) &&
              nodeId !== undefined &&
              execution.flow_id.startsWith("flow_") && (
                <Button asChild size="sm">
                  <Link to="/flows/$flowId" params={{ flowId: execution.flow_id }} search={{ node: nodeId }}>
                    Open the node
                  </Link>
                </Button>
              )}
            {onSelect && nodeId !== undefined && (
              <Button size="sm" onClick={() => onSelect(nodeId)}>
                Show the step
              </Button>
            )}
          </div>
        }
      />
    </Pane>
  )
}

/** The tenant's own tool that a step called; a builtin one has no page. */
const toolAt = (events: LiveExecution["events"], step: string): string | undefined => {
  const id = toolTriesOf(events, step).at(-1)?.tool_id
  return id?.startsWith("tool_") ? id : undefined
}
