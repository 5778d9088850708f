import { Handle, Position } from "@xyflow/react"
import type { FlowNode } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import { nodeHeight, placedHandles } from "./geometry.ts"

/** The places where edges arrive and leave. Several ways out are named while the pointer is near. */
export function NodeHandles({ node, connectable }: { node: FlowNode; connectable: boolean }) {
  const handles = placedHandles(node)
  const named = handles.length > 1
  return (
    <>
      {kindOf(node.type)?.takesInput !== false && (
        <Handle
          type="target"
          position={Position.Left}
          isConnectable={connectable}
          style={{ top: nodeHeight(node) / 2 }}
        />
      )}
      {handles.map((handle) => (
        <Handle
          key={handle.id}
          id={handle.id}
          type="source"
          position={Position.Right}
          isConnectable={connectable}
          style={{ top: handle.y }}
          data-error={handle.id === "error" || undefined}
        >
          {named && (
            <span className="pointer-events-none absolute top-1/2 left-3.5 hidden max-w-32 -translate-y-1/2 truncate rounded-sm bg-raised px-1 text-xs text-soft shadow-float group-hover/node:block group-focus-visible/node:block">
              {handle.label}
            </span>
          )}
        </Handle>
      ))}
    </>
  )
}
