import { Handle, Position, type NodeProps } from "@xyflow/react"
import { Bot, CircleAlert, Crown, Gavel, LogIn, LogOut, TriangleAlert } from "lucide-react"
import { memo } from "react"
import { StatusEdge } from "#web/flow/node-card.tsx"
import { cn } from "#web/ui/cn.ts"
import { useMemberStatus } from "../../run/run-context.ts"
import { severityAt, useBuilder } from "../builder-context.ts"

/** A member as the drawing shows it: its position, who the agent is, what leads it, what is wrong with it, and whether it works. */
export const MemberCard = memo(function MemberCard({ id, selected }: NodeProps) {
  const { crew, agentOf, findings, mayEdit } = useBuilder()
  const member = crew.agents.find((one) => one.position === id)
  const status = useMemberStatus(id)
  if (!member) return null
  const agent = agentOf(member.agent_id)
  const severity = severityAt(findings, id)
  const tasks = crew.tasks.filter((task) => task.position === id).length
  const { collaboration_pattern: pattern, config } = crew
  const Lead =
    pattern === "hierarchical" && config.manager === id
      ? Crown
      : pattern === "debate" && config.judge === id
        ? Gavel
        : null
  return (
    <>
      <div
        className={cn(
          "relative flex h-full w-full items-center gap-2.5 overflow-hidden rounded-md border bg-surface px-2.5 text-left shadow-near",
          selected ? "border-accent ring-1 ring-accent" : "border-line-strong",
        )}
      >
        {status && <StatusEdge status={status} />}
        <span
          aria-hidden
          className="inline-flex size-7 shrink-0 items-center justify-center rounded-md bg-kind-agent-soft text-kind-agent"
        >
          <Bot className="size-4" />
        </span>
        <span className="min-w-0 flex-1">
          <span className="flex items-center gap-1.5">
            <span className="min-w-0 flex-1 truncate font-medium">{id}</span>
            {Lead && (
              <Lead
                role="img"
                aria-label={Lead === Crown ? "Manager" : "Judge"}
                className="size-3.5 text-kind-person"
              />
            )}
            {severity && <Mark severity={severity} />}
          </span>
          <span className={cn("block truncate text-xs", agent?.isGone ? "text-failed" : "text-muted")}>
            {agent?.isGone ? "Its agent was deleted" : (agent?.name ?? "…")}
            {tasks > 0 && ` · ${tasks} ${tasks === 1 ? "task" : "tasks"}`}
          </span>
        </span>
      </div>
      <Handle type="target" position={Position.Top} isConnectable={mayEdit} data-quiet />
      <Handle
        type="source"
        position={Position.Bottom}
        isConnectable={mayEdit}
        title={`Draw from ${id} to whom it may hand work`}
        className="[--handle:var(--kind-agent)]"
      />
    </>
  )
})

function Mark({ severity }: { severity: "error" | "warning" }) {
  const Icon = severity === "error" ? CircleAlert : TriangleAlert
  return (
    <Icon
      role="img"
      aria-label={severity === "error" ? "Something is missing" : "Something to look at"}
      className={cn("size-3.5", severity === "error" ? "text-failed" : "text-waiting")}
    />
  )
}

/** Where the crew's input comes in, or its result goes out. */
export const EndCard = memo(function EndCard({ type }: NodeProps) {
  const Icon = type === "input" ? LogIn : LogOut
  return (
    <div className="flex h-full w-full items-center justify-center gap-1.5 rounded-md border border-dashed border-line-strong bg-sunken text-sm text-muted">
      <Icon aria-hidden className="size-3.5" />
      {type === "input" ? "Input" : "Result"}
      <Handle type="target" position={Position.Left} isConnectable={false} className="invisible" />
      <Handle type="source" position={Position.Right} isConnectable={false} className="invisible" />
    </div>
  )
})
