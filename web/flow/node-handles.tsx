import { Handle, Position } from "@xyflow/react"
import type { CSSProperties } from "react"
import type { FlowNode } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import type { Family } from "#core/flow/kinds/kind"
import { arrivalY, placedHandles } from "./geometry.ts"

const hues: Record<Family, string> = {
  data: "var(--kind-data)",
  models: "var(--kind-model)",
  agents: "var(--kind-agent)",
  tools: "var(--kind-tool)",
  control: "var(--kind-control)",
  people: "var(--kind-person)",
}

/**
 * The places where edges arrive and leave. Several ways out are named while the pointer is near; the way of errors shows itself
 * only then, unless it is taken.
 */
export function NodeHandles({ node, connectable }: { node: FlowNode; connectable: boolean }) {
  const kind = kindOf(node.type)
  const handles = placedHandles(node)
  const at = (top: number) => ({ top, "--handle": kind && hues[kind.family] }) as CSSProperties
  return (
    <>
      {kind?.takesInput !== false && (
        <Handle
          type="target"
          position={Position.Left}
          isConnectable={connectable}
          style={at(arrivalY(node))}
        />
      )}
      {handles.map((handle) => (
        <Handle
          key={handle.id}
          id={handle.id}
          type="source"
          position={Position.Right}
          isConnectable={connectable}
          style={at(handle.y)}
          data-quiet={(handle.id === "error" && node.data["on_error"] !== "route") || undefined}
        >
          {handles.length > 1 && (
            <span className="pointer-events-none absolute top-1/2 left-3.5 hidden max-w-32 -translate-y-1/2 truncate rounded-sm border border-line bg-raised px-1 text-xs text-soft shadow-near group-hover/node:block group-focus-visible/node:block">
              {handle.label}
            </span>
          )}
        </Handle>
      ))}
    </>
  )
}
