import { Link } from "@tanstack/react-router"
import { ArrowUpRight, Pin } from "lucide-react"
import type { FlowNode } from "#core/flow/graph"
import type { NodeState } from "#core/execution/state"
import { factsOf } from "#web/flow/run-facts.ts"
import { ResolvedFields } from "#web/flow/resolved-fields.tsx"
import { NodeStatusMark } from "#web/flow/status.tsx"
import { Quiet, StepErrorNote, StepOutput } from "#web/flow/step-output.tsx"
import { useNodeCounts, useWatched } from "#web/flow/use-execution.ts"
import { Badge } from "#web/ui/badge.tsx"
import { Button } from "#web/ui/button.tsx"
import { useEditor } from "../editor-context.ts"
import { IterationChoice } from "./iteration-choice.tsx"
import { Part } from "./part.tsx"
import { usePin } from "./pin-section.tsx"
import { Question } from "./question.tsx"

/** What the watched execution did with a node. */
export function StepResult({ node, run }: { node: FlowNode; run: NodeState | undefined }) {
  const watched = useWatched()
  const counts = useNodeCounts(node.id)
  const { mayEdit } = useEditor()
  const { pin, value: pinned } = usePin(node.id)
  const logs =
    watched?.state.logs.filter((log) => log.node_id === node.id && (log.scope ?? "") === run?.scope) ?? []
  if (!run) {
    return (
      <div className="flex flex-col gap-4 p-3">
        <IterationChoice node={node} />
        <Quiet>
          {watched?.isSettled ? "The execution did not come here." : "The execution has not come here yet."}
        </Quiet>
      </div>
    )
  }
  return (
    <div className="flex flex-col gap-4 p-3">
      <IterationChoice node={node} />
      <p className="flex items-center gap-2">
        <NodeStatusMark status={run.status} look="soft" />
        {run.pinned && <Badge>pinned</Badge>}
        {run.reused && <Badge>taken over</Badge>}
        <span className="tabular text-muted">{run.status === "skipped" ? "" : factsOf(run)}</span>
      </p>
      {run.error && run.status !== "succeeded" && <StepErrorNote error={run.error} />}
      {run.waiting_for === "approval" && run.approval && <Question run={run} />}
      <Part title="Output">
        {counts === undefined ? (
          <StepOutput run={run} />
        ) : (
          <Quiet>These are many steps. Choose an iteration to see what it gave.</Quiet>
        )}
        {mayEdit &&
          counts === undefined &&
          node.type !== "input" &&
          run.output !== undefined &&
          pinned === undefined && (
            <Button tone="ghost" size="sm" className="self-start" onClick={() => pin(run.output!)}>
              <Pin aria-hidden />
              Pin this output
            </Button>
          )}
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
