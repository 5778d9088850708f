import { Link } from "@tanstack/react-router"
import { ArrowUpRight } from "lucide-react"
import type { FlowNode } from "#core/flow/graph"
import type { NodeState } from "#core/execution/state"
import { factsOf } from "#web/flow/run-facts.ts"
import { ResolvedFields } from "#web/flow/resolved-fields.tsx"
import { NodeStatusMark } from "#web/flow/status.tsx"
import { Quiet, StepErrorNote, StepOutput } from "#web/flow/step-output.tsx"
import { useWatched } from "#web/flow/use-execution.ts"
import { Button } from "#web/ui/button.tsx"
import { Part } from "./part.tsx"

/** What the watched execution did with a node. */
export function StepResult({ node, run }: { node: FlowNode; run: NodeState | undefined }) {
  const watched = useWatched()
  const logs = watched?.state.logs.filter((log) => log.node_id === node.id) ?? []
  if (!run) {
    return (
      <div className="p-3">
        <Quiet>
          {watched?.isSettled ? "The execution did not come here." : "The execution has not come here yet."}
        </Quiet>
      </div>
    )
  }
  return (
    <div className="flex flex-col gap-4 p-3">
      <p className="flex items-center gap-2">
        <NodeStatusMark status={run.status} look="soft" />
        <span className="tabular text-muted">{run.status === "skipped" ? "" : factsOf(run)}</span>
      </p>
      {run.error && run.status !== "succeeded" && <StepErrorNote error={run.error} />}
      <Part title="Output">
        <StepOutput run={run} />
      </Part>
      {run.input !== undefined && (
        <Part title="Input">
          <ResolvedFields value={run.input} label="Input" />
        </Part>
      )}
      {run.model && (
        <Part title="Model">
          <p className="font-mono text-sm break-all">
            {[run.provider_type, run.model].filter(Boolean).join(" / ")}
          </p>
        </Part>
      )}
      {logs.length > 0 && (
        <Part title="Log">
          <ul className="font-mono text-sm">
            {logs.map((log) => (
              <li key={log.seq} className={log.level === "error" ? "text-failed" : "text-soft"}>
                {log.message}
              </li>
            ))}
          </ul>
        </Part>
      )}
      {watched && (
        <Button asChild tone="ghost" size="sm" className="self-start">
          <Link to="/executions/$executionId" params={{ executionId: watched.id }} search={{ node: node.id }}>
            Open in the execution
            <ArrowUpRight aria-hidden className="size-3.5" />
          </Link>
        </Button>
      )}
    </div>
  )
}
